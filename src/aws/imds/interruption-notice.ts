// The notice that EC2 takes a Spot instance back: `{"action":"terminate","time":"2017-09-18T08:22:00Z"}`
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
import type { InterruptionAction, InterruptionNotice } from '../../ports/metadata.ts';
import { parseIsoInstant, readObject, senseless } from './answer-text.ts';

export const INTERRUPTION_NOTICE_PATH = 'spot/instance-action';

const ACTIONS: readonly InterruptionAction[] = ['terminate', 'stop', 'hibernate'];

/**
 * One that says when, but nothing that we know of what, is taken for the most serious: the instance is lost all the same.
 * @throws Failure `refused` for anything that is not a notice
 */
export function readInterruptionNotice(text: string, doing: string): InterruptionNotice {
  const { action, time } = readObject(text, doing);
  const known = ACTIONS.find((name) => name === action);
  const deadlineAt = parseIsoInstant(time);
  if (deadlineAt === null) throw senseless(text, doing);
  return { action: known ?? 'terminate', deadlineAt };
}
