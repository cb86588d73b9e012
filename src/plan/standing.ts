// The standing of one instance, from what EC2, ECS and our own marks say of it.
import { ATTRIBUTE, type Notice, parseRetirementReason } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { PlanInput } from './plan-input.ts';
import type { Standing } from './report.ts';
import type { Source } from './sources.ts';

/**
 * A noticed instance counts as gone this long before its deadline: AWS gives the time as approximate, and the target
 * must have followed by then, or the fleet launches a second replacement when the first one dies.
 */
export const NOTICE_LEAD_MS = 10_000;

export function standingOf(
  input: PlanInput,
  { instance, containerInstance, memberType }: Source,
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
  input: PlanInput,
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
function isPastJoinGrace({ policy, now }: PlanInput, since: number | undefined): boolean {
  return since !== undefined && now - since > policy.joinGraceMs;
}
