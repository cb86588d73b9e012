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
import { weightOf } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { Instance } from '../model/instance.ts';
import type { Task } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { daemonNames, isDaemonTask } from './daemons.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';

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
  /** What stands on it and is not stopped yet, without daemon tasks. */
  readonly tasks: readonly Task[];
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

// ECS's names for type and zone among a container instance's attributes.
const TYPE_ATTRIBUTE = 'ecs.instance-type';
const ZONE_ATTRIBUTE = 'ecs.availability-zone';

/** Every holding, ordered by instance id so that the input's order never matters. */
export function ledger(input: LedgerInput): Holding[] {
  const { snapshot } = input;
  const instances = new Map(snapshot.instances.map((instance) => [instance.id, instance]));
  const members = new Map(snapshot.fleet?.members.map((member) => [member.instanceId, member]) ?? []);
  const joined = newestByInstance(snapshot.containerInstances);
  const tasks = ordinaryTasks(snapshot);
  return [...new Set([...members.keys(), ...joined.keys()])].sort().map((id): Holding => {
    const instance = instances.get(id) ?? null;
    const containerInstance = joined.get(id) ?? null;
    const member = members.get(id);
    const instanceType =
      member?.instanceType || instance?.instanceType || containerInstance?.attributes[TYPE_ATTRIBUTE] || '';
    return {
      instanceId: id,
      instanceType,
      zone: instance?.zone ?? containerInstance?.attributes[ZONE_ATTRIBUTE] ?? null,
      weightUnits: snapshot.fleet !== null && member !== undefined ? weightOf(snapshot.fleet, instanceType) : 0,
      launchedAt: instance?.launchedAt ?? null,
      containerInstance,
      notice: parseNotice(containerInstance?.attributes[ATTRIBUTE.notice]),
      retiring: parseRetirementReason(containerInstance?.attributes[ATTRIBUTE.retiring]),
      tasks: tasks.get(containerInstance?.arn ?? '') ?? [],
      standing: standingOf(input, { instance, containerInstance, isMember: member !== undefined }),
    };
  });
}

interface Seen {
  readonly instance: Instance | null;
  readonly containerInstance: ContainerInstance | null;
  readonly isMember: boolean;
}

function standingOf(input: LedgerInput, { instance, containerInstance, isMember }: Seen): Standing {
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  // A record that outlived its instance: ECS keeps it for ever when the ECS agent was disconnected as the end came.
  const canTell = input.snapshot.gaps.every(({ part }) => part !== 'instances');
  if (instance === null && !isMember && canTell) return 'gone';
  if (containerInstance === null) return isPastJoinGrace(input, instance?.launchedAt) ? 'orphan' : 'launching';
  const notice = parseNotice(containerInstance.attributes[ATTRIBUTE.notice]);
  if (notice !== null) return notice.deadlineAt - NOTICE_LEAD_MS <= input.now ? 'gone' : 'noticed';
  const isMarked = parseRetirementReason(containerInstance.attributes[ATTRIBUTE.retiring]) !== null;
  return isMarked ? 'retiring' : standingInEcs(input, containerInstance);
}

/** The standing by what ECS says alone: no notice, no mark of ours. */
export function standingInEcs(
  input: LedgerInput,
  { status, agentConnected, registeredAt }: ContainerInstance,
): Standing {
  switch (status) {
    case 'REGISTERING':
      return isPastJoinGrace(input, registeredAt) ? 'orphan' : 'joining';
    case 'ACTIVE':
      if (agentConnected) return 'serving';
      return isPastJoinGrace(input, registeredAt) ? 'disconnected' : 'joining';
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
  const order = [...all].sort(
    (a, b) =>
      Number(a.agentConnected) - Number(b.agentConnected) ||
      a.registeredAt - b.registeredAt ||
      (a.arn < b.arn ? -1 : 1),
  );
  return new Map(order.map((containerInstance) => [containerInstance.instanceId, containerInstance]));
}

function ordinaryTasks(snapshot: ClusterSnapshot): Map<string, Task[]> {
  const daemons = daemonNames(snapshot.services);
  const groups = new Map<string, Task[]>();
  for (const task of snapshot.tasks) {
    if (isDaemonTask(task, daemons)) continue;
    const arn = task.containerInstanceArn ?? '';
    const group = groups.get(arn);
    if (group === undefined) groups.set(arn, [task]);
    else group.push(task);
  }
  return groups;
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
