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
import type { ClusterSnapshot } from '../model/snapshot.ts';
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
  readonly standing: Standing;
  readonly containerInstance: ContainerInstance | null;
  readonly notice: Notice | null;
  readonly retiring: RetirementReason | null;
  /** Disconnected, but not for so long that it should be given up. */
  readonly isExpectedBack: boolean;
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

// ECS's name for the instance type among a container instance's attributes.
const TYPE_ATTRIBUTE = 'ecs.instance-type';
const ZONE_ATTRIBUTE = 'ecs.availability-zone';

/** Every holding, ordered by instance id so that the input's order never matters. */
export function standings(input: LedgerInput): Holding[] {
  const { snapshot } = input;
  const instances = new Map(snapshot.instances.map((instance) => [instance.id, instance]));
  const members = new Map(snapshot.fleet?.members.map((member) => [member.instanceId, member]) ?? []);
  const joined = new Map(snapshot.containerInstances.map((ci) => [ci.instanceId, ci]));
  return [...new Set([...members.keys(), ...joined.keys()])].sort().map((id) => {
    const instance = instances.get(id) ?? null;
    const containerInstance = joined.get(id) ?? null;
    const instanceType =
      members.get(id)?.instanceType || instance?.instanceType || containerInstance?.attributes[TYPE_ATTRIBUTE] || '';
    return {
      instanceId: id,
      instanceType,
      zone: instance?.zone ?? containerInstance?.attributes[ZONE_ATTRIBUTE] ?? null,
      weightUnits: snapshot.fleet !== null && members.has(id) ? weightOf(snapshot.fleet, instanceType) : 0,
      containerInstance,
      notice: parseNotice(containerInstance?.attributes[ATTRIBUTE.notice]),
      retiring: parseRetirementReason(containerInstance?.attributes[ATTRIBUTE.retiring]),
      isExpectedBack: isExpectedBack(input, id),
      standing: standingOf(input, instance, containerInstance),
    };
  });
}

function standingOf(input: LedgerInput, instance: Instance | null, ci: ContainerInstance | null): Standing {
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  if (ci === null) return isPastJoinGrace(input, instance?.launchedAt) ? 'orphan' : 'launching';
  const notice = parseNotice(ci.attributes[ATTRIBUTE.notice]);
  if (notice !== null) return notice.deadlineAt - NOTICE_LEAD_MS <= input.now ? 'gone' : 'noticed';
  if (parseRetirementReason(ci.attributes[ATTRIBUTE.retiring]) !== null) return 'retiring';
  switch (ci.status) {
    case 'REGISTERING':
      return isPastJoinGrace(input, ci.registeredAt) ? 'orphan' : 'joining';
    case 'ACTIVE':
      if (ci.agentConnected) return 'serving';
      return isPastJoinGrace(input, ci.registeredAt) ? 'disconnected' : 'joining';
    case 'DRAINING':
      return 'draining';
    case 'REGISTRATION_FAILED':
      return 'orphan';
    case 'DEREGISTERING':
    case 'INACTIVE':
      return 'gone';
    default:
      return ci.status satisfies never;
  }
}

/** An instance EC2 has not described yet is as young as can be. */
function isPastJoinGrace({ policy, now }: LedgerInput, since: number | undefined): boolean {
  return since !== undefined && now - since > policy.joinGraceMs;
}

function isExpectedBack({ memory, policy, now }: LedgerInput, id: InstanceId): boolean {
  return now - (memory.disconnectedSince[id] ?? now) <= policy.disconnectGraceMs;
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
