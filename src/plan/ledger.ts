// Gives every unit of the fleet exactly one standing, joined on the EC2 instance id. Everything else in `plan` reads
// this and never looks at two sources for one instance again.
import {
  ATTRIBUTE,
  type Notice,
  parseNotice,
  parseRetirementReason,
  type RetirementReason,
} from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { FleetOption } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { Instance } from '../model/instance.ts';
import type { TasksOnInstance } from '../model/service.ts';
import type { ClusterSnapshot, Gap } from '../model/snapshot.ts';
import { ATTRIBUTES } from './capacity/ground.ts';
import { daemonGroups } from './daemons.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { LedgerLine, Standing } from './report.ts';
import type { Room } from './room.ts';
import { tellById } from './sources.ts';
import { NO_TASKS, type Tally, tallyOf } from './tally.ts';

/** One instance of the fleet (or one that serves the cluster without being in it). */
export interface Holding {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly zone: string | null;
  /** 0 for an instance that serves the cluster but belongs to no fleet of ours. */
  readonly weightUnits: number;
  /** Epoch milliseconds; null while EC2 has not told us. */
  readonly launchedAt: number | null;
  readonly standing: Standing;
  readonly containerInstance: ContainerInstance | null;
  readonly notice: Notice | null;
  readonly retiring: RetirementReason | null;
  readonly isSpot: boolean;
  /** What stands on it and is not stopped yet; null when it was not looked at. */
  readonly tally: Tally | null;
  /** How many of these are not daemons'; null when not looked at. */
  readonly ordinaryCount: number | null;
  /** Its room and what that was worked out for, and its line in the report: once for a holding, not at every pass. */
  readonly worked: { context: number; room: Room | null; line: LedgerLine | null };
}

export interface LedgerInput {
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
}

/**
 * A noticed instance counts as gone this long before its deadline: AWS gives the time as approximate, and the target
 * must have followed by then, or the fleet launches a second replacement when the first one dies.
 */
export const NOTICE_LEAD_MS = 10_000;

/** Every holding, ordered by instance id so that the input's order never matters. */
export function ledger(input: LedgerInput): Holding[] {
  const { fleet, gaps } = input.snapshot;
  const context = contextOf(daemonGroups(input.snapshot), new Map(fleet?.options.map(typeAndWeight)), gaps);
  const before = recollection(context);
  const lines: Line[] = [];
  tellById(input.snapshot, (instanceId, instance, containerInstance, member, entry) => {
    const known = before(instanceId);
    const isSame =
      known !== null &&
      known.containerInstance === containerInstance &&
      known.instance === instance &&
      known.entry === entry &&
      known.memberType === (member?.instanceType ?? null) &&
      // Of an instance that serves, no standing depends on the time: what it was made from says it all.
      known.holding.standing === 'serving';
    if (isSame) {
      lines.push(known);
      return;
    }
    const seen = { instanceId, instance, containerInstance, entry, memberType: member?.instanceType ?? null };
    lines.push({ ...seen, holding: holdingOf(input, seen, context) });
  });
  newest = { context, lines };
  return lines.map(({ holding }) => holding);
}

/** What the sources say of one instance. */
interface Seen {
  readonly instanceId: InstanceId;
  readonly instance: Instance | null;
  readonly containerInstance: ContainerInstance | null;
  /** undefined when its tasks were not looked at. */
  readonly entry: TasksOnInstance | undefined;
  /** null for an instance that is not in the fleet; possibly empty in the fleet's list. */
  readonly memberType: string | null;
}

/** A holding, and what it was made from. */
interface Line extends Seen {
  readonly holding: Holding;
}

/** What the sources say of the whole cluster and every holding depends on. */
interface Context {
  readonly daemons: ReadonlySet<string>;
  /** By type. */
  readonly weights: ReadonlyMap<string, number>;
  /** Whether EC2 could be asked: otherwise an instance it does not name may well be there. */
  readonly canTell: boolean;
}

/**
 * The lines of the newest ledger. In a cluster of thousands a pass finds nearly all of them as they were, and then nothing
 * has to be worked out anew: neither the holding, nor anything that was found out about it since.
 */
let newest: { readonly context: Context; readonly lines: readonly Line[] } | null = null;

/** The same object while nothing in it changes. */
function contextOf(daemons: ReadonlySet<string>, weights: ReadonlyMap<string, number>, gaps: readonly Gap[]): Context {
  const canTell = gaps.every(({ part }) => part !== 'instances');
  const before = newest?.context;
  const isSame =
    before?.canTell === canTell &&
    before.daemons === daemons &&
    before.weights.size === weights.size &&
    [...weights].every(([type, units]) => before.weights.get(type) === units);
  return isSame ? before : { daemons, weights, canTell };
}

/** Finds the earlier line of an instance. Must be asked in the order of the ids: both lists are walked once. */
function recollection(context: Context): (id: InstanceId) => Line | null {
  const lines = newest?.context === context ? newest.lines : [];
  let at = 0;
  return (id) => {
    for (let line = lines[at]; line !== undefined && line.instanceId < id; line = lines[at]) at += 1;
    const line = lines[at];
    return line?.instanceId === id ? line : null;
  };
}

function typeAndWeight({ instanceType, weightUnits }: FleetOption): [string, number] {
  return [instanceType, weightUnits];
}

function holdingOf(input: LedgerInput, seen: Seen, context: Context): Holding {
  const { instanceId, instance, containerInstance, memberType, entry } = seen;
  const { daemons, weights } = context;
  const attributes = containerInstance?.attributes;
  const instanceType = memberType || instance?.instanceType || attributes?.[ATTRIBUTES.type] || '';
  // AWS's own default for a type the request does not name is 1.
  const weightUnits = memberType === null ? 0 : (weights.get(instanceType) ?? 1);
  const tally = containerInstance === null ? NO_TASKS : entry === undefined ? null : tallyOf(entry);
  const notice = parseNotice(attributes?.[ATTRIBUTE.notice]);
  return {
    instanceId,
    instanceType,
    zone: instance?.zone ?? attributes?.[ATTRIBUTES.zone] ?? null,
    weightUnits,
    launchedAt: instance?.launchedAt ?? null,
    // An instance nobody has described yet may be lost like any other.
    isSpot: instance?.isSpot ?? true,
    containerInstance,
    notice,
    retiring: parseRetirementReason(attributes?.[ATTRIBUTE.retiring]),
    tally,
    ordinaryCount: tally === null ? null : ordinaryIn(tally, daemons),
    standing: standingOf(input, seen, { notice, canTell: context.canTell }),
    worked: { context: -1, room: null, line: null },
  };
}

function ordinaryIn({ runs, count }: Tally, daemons: ReadonlySet<string>): number {
  if (daemons.size === 0) return count;
  return runs.reduce((sum, run) => sum + (daemons.has(run.group) ? 0 : run.count), 0);
}

function standingOf(
  input: LedgerInput,
  { instance, containerInstance, memberType }: Seen,
  { notice, canTell }: { notice: Notice | null; canTell: boolean },
): Standing {
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  // A record that outlived its instance: ECS keeps it for ever when the ECS agent was disconnected as the end came.
  if (instance === null && memberType === null && canTell) return 'gone';
  if (containerInstance === null) return isPastJoinGrace(input, instance?.launchedAt) ? 'orphan' : 'launching';
  if (notice !== null) return notice.deadlineAt - NOTICE_LEAD_MS <= input.now ? 'gone' : 'noticed';
  const isMarked = parseRetirementReason(containerInstance.attributes[ATTRIBUTE.retiring]) !== null;
  return isMarked ? 'retiring' : standingInEcs(input, containerInstance);
}

/** The standing by what ECS says alone: no notice, no mark of ours. */
export function standingInEcs(
  input: LedgerInput,
  { status, agentConnected, registeredAt, attributes }: ContainerInstance,
): Standing {
  switch (status) {
    case 'REGISTERING':
      return isPastJoinGrace(input, registeredAt) ? 'orphan' : 'joining';
    case 'ACTIVE':
      if (!agentConnected) return isPastJoinGrace(input, registeredAt) ? 'disconnected' : 'joining';
      if (attributes[ATTRIBUTE.ready] === 'no') return isPastJoinGrace(input, registeredAt) ? 'not-ready' : 'joining';
      return attributes[ATTRIBUTE.cordoned] === undefined ? 'serving' : 'cordoned';
    case 'DRAINING':
      return 'draining';
    case 'REGISTRATION_FAILED':
      return 'orphan';
    case 'DEREGISTERING':
    case 'INACTIVE':
      return 'gone';
    default:
      return status satisfies never;
  }
}

/** An instance EC2 has not described yet is as young as can be. */
function isPastJoinGrace({ policy, now }: LedgerInput, since: number | undefined): boolean {
  return since !== undefined && now - since > policy.joinGraceMs;
}

/** What to remember of disconnected instances: since when, as long as they are. */
export function disconnectedSince(
  holdings: readonly Holding[],
  memory: Memory,
  now: number,
): Memory['disconnectedSince'] {
  const since: Record<InstanceId, number> = {};
  for (const { standing, instanceId } of holdings) {
    if (standing === 'disconnected') since[instanceId] = memory.disconnectedSince[instanceId] ?? now;
  }
  return since;
}
