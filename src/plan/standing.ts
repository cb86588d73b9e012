// The standing of one instance, from what EC2, ECS and our own marks say of it.
import { ATTRIBUTE, type Notice, parseRetirement } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import { isOver, isWarning } from './interruptions/notices.ts';
import type { PlanInput } from './plan-input.ts';
import type { Standing } from './report.ts';
import type { Source } from './sources.ts';
import type { Tally } from './tally.ts';

interface Circumstances {
  /** What its agent says. */
  readonly said: Notice | null;
  /** The same, where it says that the instance leaves. */
  readonly notice: Notice | null;
  /** What stands there; null when it was not looked at. */
  readonly tally: Tally | null;
  /** Whether EC2 could be asked: otherwise an instance it does not name may well be there. */
  readonly canTell: boolean;
  /** Whether some service goes only where an agent has said that the instance is ready. */
  readonly isReadinessAsked: boolean;
}

export function standingOf(
  input: PlanInput,
  { instance, containerInstance, memberType }: Source,
  { said, notice, tally, canTell, isReadinessAsked }: Circumstances,
): Standing {
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  // A record that outlived its instance: ECS keeps it for ever when the ECS agent was disconnected as the end came.
  if (instance === null && memberType === null && canTell) return 'gone';
  if (containerInstance === null) return isPastJoinGrace(input, instance?.launchedAt) ? 'orphan' : 'launching';
  if (notice !== null) return isOver(notice, input.now) ? 'gone' : 'noticed';
  const { attributes } = containerInstance;
  if (parseRetirement(attributes[ATTRIBUTE.retiring]) !== null) return 'retiring';
  const standing = standingInEcs(input, containerInstance, isReadinessAsked);
  if (standing === 'disconnected' && isLost(input, containerInstance, tally)) return 'orphan';
  // The cordon of an agent is part of its warning: it goes with it. An operator's says more.
  const isOpen = standing === 'serving' || (standing === 'cordoned' && attributes[ATTRIBUTE.cordoned] === said?.kind);
  return isOpen && isWarning(said, input.policy, input.now) ? 'at-risk' : standing;
}

/** Its ECS agent has been away for so long that it will not come back, and nothing runs there that could be hurt. */
function isLost({ policy, memory, now }: PlanInput, on: ContainerInstance, tally: Tally | null): boolean {
  if (on.runningTaskCount + on.pendingTaskCount > 0 || tally?.count !== 0) return false;
  return now - (memory.disconnectedSince[on.instanceId] ?? now) > policy.orphans.disconnectedMs;
}

/** The standing by what ECS says alone: no notice, no mark of ours. */
export function standingInEcs(
  input: PlanInput,
  { status, agentConnected, registeredAt, attributes }: ContainerInstance,
  isReadinessAsked: boolean,
): Standing {
  switch (status) {
    case 'REGISTERING':
      return isPastJoinGrace(input, registeredAt) ? 'orphan' : 'joining';
    case 'ACTIVE':
      // Before everything that may pass: when it has, there is still no room for anybody.
      if (attributes[ATTRIBUTE.cordoned] !== undefined) return 'cordoned';
      if (!agentConnected) return isPastJoinGrace(input, registeredAt) ? 'disconnected' : 'joining';
      if (isReady(attributes[ATTRIBUTE.ready], isReadinessAsked)) return 'serving';
      return isPastJoinGrace(input, registeredAt) ? 'not-ready' : 'joining';
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

/** Where nobody asks, an agent that never said anything is none that could have: the instance serves as ever. */
function isReady(said: string | undefined, isReadinessAsked: boolean): boolean {
  return isReadinessAsked ? said === 'yes' : said !== 'no';
}

/** An instance EC2 has not described yet is as young as can be. */
function isPastJoinGrace({ policy, now }: PlanInput, since: number | undefined): boolean {
  return since !== undefined && now - since > policy.joinGraceMs;
}
