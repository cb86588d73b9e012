// What the word of an instance's agent means for the room there: that it leaves, that it may have to, or nothing any more.
import type { Notice } from '../../model/attributes.ts';
import type { Policy } from '../policy.ts';

/**
 * A notice counts as the end this long before its deadline: AWS gives the time as approximate, and the target must have
 * followed by then, or the fleet launches a second replacement when the first one dies.
 */
const LEAD_MS = 10_000;

/**
 * A host that was shut down may be stopped, ended or only rebooted, and nobody says which. One that is heard of as
 * little as the agent waits after a deadline (ten minutes) has been through with it, whatever it was: then ECS and EC2 tell.
 */
const SHUTDOWN_LAPSES_AFTER_MS = 600_000;

/** The notice, where it says that the instance leaves: for good, or for as long as its host is down. */
export function leavingNotice(said: Notice | null, now: number): Notice | null {
  switch (said?.kind) {
    case 'interruption':
    case 'target-state':
      return said;
    case 'host-shutdown':
      return now < said.deadlineAt + SHUTDOWN_LAPSES_AFTER_MS ? said : null;
    default:
      return null;
  }
}

/**
 * Whether a leaving instance is as good as ended. A host that shuts down never is by the time alone: the fleet goes on
 * counting one that reboots.
 */
export function isOver({ kind, deadlineAt }: Notice, now: number): boolean {
  return kind !== 'host-shutdown' && deadlineAt - LEAD_MS <= now;
}

/**
 * Whether the instance stays for now and is not to be built on: AWS recommends to leave it, for as long as the policy
 * believes that, or it is about to be worked on. Its agent takes the word back itself when it comes to nothing.
 */
export function isWarning(said: Notice | null, { interruptions }: Pick<Policy, 'interruptions'>, now: number): boolean {
  if (said?.kind === 'maintenance') return true;
  return said?.kind === 'rebalance' && now - said.deadlineAt < interruptions.atRiskMs;
}
