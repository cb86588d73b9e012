// What ECS wants running and has no lasting place for. Without a capacity provider such a task never exists as an
// object, so demand is read off the services' counts; tasks on instances that are leaving count as unplaced, and the
// replacements that ECS has already started for them count as placed.
import type { PlacementStrategy, Service } from '../model/service.ts';
import type { ClusterSnapshot, Intent } from '../model/snapshot.ts';
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { lastingCount, rememberMissing } from './learn/missing-since.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
import { groupOf, type Shapes, shapeOfGroup } from './shapes.ts';

/** So many tasks of one shape. */
export interface Demand {
  readonly shape: TaskShape;
  readonly count: number;
}

/** Somebody who wants tasks of one shape: a REPLICA service with work, a family that runs or will run standalone. */
export interface User {
  /** `service:web`, `family:report`. */
  readonly group: string;
  /** As people know it: `web`, `family:report`. */
  readonly name: string;
  readonly shape: TaskShape;
  readonly strategies: readonly PlacementStrategy[];
  /** Tasks without a lasting place. */
  readonly unplacedCount: number;
  /** Tasks a running deployment may start beside what runs, those without a place included. */
  readonly surgeCount: number;
  /** Tasks wanted in all. */
  readonly wantedCount: number;
}

export interface Wants {
  /** In the order of their groups. */
  readonly users: readonly User[];
  readonly missingSince: Memory['missingSince'];
}

export interface WantsInput {
  readonly snapshot: ClusterSnapshot;
  readonly holdings: readonly Holding[];
  readonly shapes: Shapes;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
}

/** Standings of instances on which a task has no lasting place. */
const NOT_LASTING: ReadonlySet<Standing> = new Set<Standing>(['in-storm', 'noticed', 'retiring', 'draining', 'gone']);

export function wantsOf(input: WantsInput): Wants {
  const missingSince: [string, ReturnType<typeof rememberMissing>][] = [];
  // A service may be called `constructor`.
  const before = new Map(Object.entries(input.memory.missingSince));
  const losing = losingByGroup(input.holdings, input.snapshot.services);
  const users = input.snapshot.services.flatMap((service): User[] => {
    const group = groupOf(service);
    const shape = input.shapes.byGroup.get(group);
    if (service.schedulingStrategy === 'DAEMON' || service.desiredCount === 0 || shape === undefined) return [];
    const missing = rememberMissing(before.get(service.name) ?? [], missingOf(service), input.now);
    if (missing.length > 0) missingSince.push([service.name, missing]);
    // What leaves is known to leave, and ECS has said when it cannot place: neither has to last first.
    const isSure = service.placementFailure !== null;
    const lasting = isSure ? missingOf(service) : lastingCount(missing, input.now, input.policy.pendingDebounceMs);
    const unplacedCount = unplacedOf(service, losing.get(group) ?? 0, missingOf(service) - lasting);
    const surgeCount = Math.max(unplacedCount, surgeOf(service));
    const { placementStrategy: strategies, name, desiredCount: wantedCount } = service;
    return [{ group, name, shape, strategies, unplacedCount, surgeCount, wantedCount }];
  });
  return {
    users: [...users, ...standalone(input)].sort((a, b) => (a.group < b.group ? -1 : 1)),
    missingSince: Object.fromEntries(missingSince),
  };
}

/** The demands of several lists together, one entry a shape. */
export function joined(...lists: readonly (readonly Demand[])[]): Demand[] {
  const byShape = new Map<string, Demand>();
  for (const { shape, count } of lists.flat()) {
    const key = shapeKey(shape);
    byShape.set(key, { shape, count: count + (byShape.get(key)?.count ?? 0) });
  }
  return [...byShape.values()].filter(({ count }) => count > 0);
}

/** @param flickering tasks that are missing, and perhaps only for a moment */
function unplacedOf(
  { desiredCount, runningCount, pendingCount }: Service,
  leaving: number,
  flickering: number,
): number {
  return Math.max(0, desiredCount - Math.max(0, runningCount + pendingCount - leaving) - flickering);
}

function missingOf({ desiredCount, runningCount, pendingCount }: Service): number {
  return Math.max(0, desiredCount - runningCount - pendingCount);
}

/**
 * What a rolling deployment may start before it stops anything: up to the upper bound, as ECS rounds it, and no more than
 * its new definition still lacks.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
function surgeOf({ isDeploying, deployments, desiredCount, maximumPercent, runningCount, pendingCount }: Service) {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (!isDeploying || primary === undefined) return 0;
  const highest = Math.floor((desiredCount * maximumPercent) / 100);
  const lacking = primary.desiredCount - primary.runningCount - primary.pendingCount;
  return Math.max(0, Math.min(lacking, highest - runningCount - pendingCount));
}

/**
 * Tasks on instances that are leaving, by group. Of instances whose tasks nobody could look at in time, as when hundreds
 * are noticed at once, each service loses its share.
 */
function losingByGroup(holdings: readonly Holding[], services: readonly Service[]): Map<string, number> {
  const counts = new Map<string, number>();
  let unknown = 0;
  for (const { standing, tally, containerInstance } of holdings) {
    if (!NOT_LASTING.has(standing)) continue;
    if (tally === null) unknown += containerInstance?.runningTaskCount ?? 0;
    else for (const [group, count] of tally.groups) counts.set(group, (counts.get(group) ?? 0) + count);
  }
  if (unknown === 0) return counts;
  const all = services.reduce((sum, { runningCount }) => sum + runningCount, 0);
  for (const service of services) {
    const share = Math.ceil((unknown * service.runningCount) / Math.max(1, all));
    counts.set(groupOf(service), (counts.get(groupOf(service)) ?? 0) + share);
  }
  return counts;
}

/**
 * Definitions whose tasks run standalone, and those for which somebody has said that they will: each by itself, because
 * two revisions of a family may need very different room. Intents of one definition add up, and what runs counts.
 */
function standalone({ snapshot, holdings, shapes, now }: WantsInput): User[] {
  const running = new Map<Intent['taskDefinition'], { group: string; count: number }>();
  for (const { tally } of holdings) {
    for (const { group, taskDefinition, wanted } of tally?.standalone ?? []) {
      running.set(taskDefinition, { group, count: (running.get(taskDefinition)?.count ?? 0) + wanted });
    }
  }
  const intended = new Map<Intent['taskDefinition'], number>();
  for (const { taskDefinition, count, until } of snapshot.intents) {
    if (until > now) intended.set(taskDefinition, (intended.get(taskDefinition) ?? 0) + count);
  }
  return [...new Set([...running.keys(), ...intended.keys()])].sort().flatMap((arn): User[] => {
    const definition = shapes.definitions.get(arn);
    if (definition === undefined) return [];
    const group = running.get(arn)?.group ?? `family:${definition.family}`;
    const shape = shapeOfGroup(definition, group);
    if (shape === null) return [];
    const wantedCount = running.get(arn)?.count ?? 0;
    const unplacedCount = Math.max(0, (intended.get(arn) ?? 0) - wantedCount);
    const counts = { unplacedCount, surgeCount: unplacedCount, wantedCount };
    return [{ group, name: group, shape, strategies: [{ type: 'random' }], ...counts }];
  });
}
