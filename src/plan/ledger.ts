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
import type { InstanceId } from '../model/ids.ts';
import type { Instance } from '../model/instance.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { ATTRIBUTES } from './capacity/ground.ts';
import { daemonGroups } from './daemons.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
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
  const { snapshot } = input;
  const instances = new Map(snapshot.instances.map((instance) => [instance.id, instance]));
  const members = new Map(snapshot.fleet?.members.map((member) => [member.instanceId, member]) ?? []);
  const weights = new Map(snapshot.fleet?.options.map((option) => [option.instanceType, option.weightUnits]) ?? []);
  const joined = newestByInstance(snapshot.containerInstances);
  const entries = new Map(snapshot.tasks.map((entry) => [entry.containerInstanceArn, entry]));
  const daemons = daemonGroups(snapshot);
  const ordinary = (tally: Tally) =>
    daemons.size === 0 ? tally.count : tally.runs.reduce((sum, run) => sum + (daemons.has(run.group) ? 0 : run.count), 0);
  const canTell = snapshot.gaps.every(({ part }) => part !== 'instances');
  return [...new Set([...members.keys(), ...joined.keys()])].sort().map((id): Holding => {
    const instance = instances.get(id) ?? null;
    const containerInstance = joined.get(id) ?? null;
    const member = members.get(id);
    const entry = containerInstance === null ? undefined : entries.get(containerInstance.arn);
    const tally = containerInstance === null ? NO_TASKS : entry === undefined ? null : tallyOf(entry);
    const instanceType =
      member?.instanceType || instance?.instanceType || containerInstance?.attributes[ATTRIBUTES.type] || '';
    const notice = parseNotice(containerInstance?.attributes[ATTRIBUTE.notice]);
    return {
      instanceId: id,
      instanceType,
      zone: instance?.zone ?? containerInstance?.attributes[ATTRIBUTES.zone] ?? null,
      // AWS's own default for a type the request does not name is 1.
      weightUnits: member === undefined ? 0 : (weights.get(instanceType) ?? 1),
      launchedAt: instance?.launchedAt ?? null,
      // An instance nobody has described yet may be lost like any other.
      isSpot: instance?.isSpot ?? true,
      containerInstance,
      notice,
      retiring: parseRetirementReason(containerInstance?.attributes[ATTRIBUTE.retiring]),
      tally,
      ordinaryCount: tally === null ? null : ordinary(tally),
      standing: standingOf(input, { instance, containerInstance, notice, isMember: member !== undefined, canTell }),
    };
  });
}

interface Seen {
  readonly instance: Instance | null;
  readonly containerInstance: ContainerInstance | null;
  readonly notice: Notice | null;
  readonly isMember: boolean;
  /** Whether EC2 could be asked: otherwise an instance it does not name may well be there. */
  readonly canTell: boolean;
}

function standingOf(input: LedgerInput, seen: Seen): Standing {
  const { instance, containerInstance, notice, isMember, canTell } = seen;
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  // A record that outlived its instance: ECS keeps it for ever when the ECS agent was disconnected as the end came.
  if (instance === null && !isMember && canTell) return 'gone';
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

/** An ECS agent that registered anew leaves its old record behind, disconnected: the connected, newest one stands. */
function newestByInstance(all: readonly ContainerInstance[]): Map<InstanceId, ContainerInstance> {
  const newest = new Map<InstanceId, ContainerInstance>();
  for (const each of all) {
    const other = newest.get(each.instanceId);
    if (other === undefined || isNewer(each, other)) newest.set(each.instanceId, each);
  }
  return newest;
}

function isNewer(a: ContainerInstance, b: ContainerInstance): boolean {
  if (a.agentConnected !== b.agentConnected) return a.agentConnected;
  return a.registeredAt === b.registeredAt ? a.arn > b.arn : a.registeredAt > b.registeredAt;
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
