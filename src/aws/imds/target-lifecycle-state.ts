// What an Auto Scaling group wants of this instance: one word.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
import { TARGET_LIFECYCLE_STATES, type TargetLifecycleState } from '../../ports/metadata.ts';
import { senseless } from './answer-text.ts';

export const TARGET_LIFECYCLE_STATE_PATH = 'autoscaling/target-lifecycle-state';

/** @throws Failure `refused` for a word that is no such state */
export function readTargetLifecycleState(text: string, doing: string): TargetLifecycleState {
  const word = text.trim();
  const state = TARGET_LIFECYCLE_STATES.find((known) => known === word);
  if (state === undefined) throw senseless(text, doing);
  return state;
}
