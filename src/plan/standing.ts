// The standing of one instance, from what EC2, ECS and our own marks say of it.
import { ATTRIBUTE, type Notice, parseRetirement } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { PlanInput } from './plan-input.ts';
import type { Standing } from './report.ts';
import type { Source } from './sources.ts';

/**
 * A noticed instance counts as gone this long before its deadline: AWS gives the time as approximate, and the target
 * must have followed by then, or the fleet launches a second replacement when the first one dies.
 */
export const NOTICE_LEAD_MS = 10_000;

interface Circumstances {
  readonly notice: Notice | null;
  /** Whether EC2 could be asked: otherwise an instance it does not name may well be there. */
  readonly canTell: boolean;
  /** Whether some service goes only where an agent has said that the instance is ready. */
  readonly isReadinessAsked: boolean;
}

export function standingOf(
  input: PlanInput,
  { instance, containerInstance, memberType }: Source,
  { notice, canTell, isReadinessAsked }: Circumstances,
): Standing {
  if (instance !== null && instance.state !== 'pending' && instance.state !== 'running') return 'gone';
  // A record that outlived its instance: ECS keeps it for ever when the ECS agent was disconnected as the end came.
  if (instance === null && memberType === null && canTell) return 'gone';
  if (containerInstance === null) return isPastJoinGrace(input, instance?.launchedAt) ? 'orphan' : 'launching';
  if (notice !== null) return notice.deadlineAt - NOTICE_LEAD_MS <= input.now ? 'gone' : 'noticed';
  const isMarked = parseRetirement(containerInstance.attributes[ATTRIBUTE.retiring]) !== null;
  return isMarked ? 'retiring' : standingInEcs(input, containerInstance, isReadinessAsked);
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
