// Scale-in that was undone: whatever the cause, a cluster that turns back and forth costs its tasks a move every time, so
// each undoing makes the next retirement wait longer.
import type { Memory } from '../memory.ts';
import type { MoveReason, Plan } from '../plan.ts';
import type { Policy } from '../policy.ts';
import { givesAway } from '../restraint.ts';
import { isReplacedFirst } from './steps.ts';

// Four doublings of five minutes are more than an hour: a scale-in that is undone again and again is tried a few times a day.
const MOST_UNDONE = 4;
const UNDONE_COUNTS_MS = 6 * 3_600_000;

/** A replacement, and what keeps the parts of the target as they are to be. */
const TAKES_NOTHING_BACK: ReadonlySet<MoveReason> = new Set<MoveReason>([
  'replacement',
  'on-demand-base',
  'on-demand-follows',
]);

interface Then {
  readonly memory: Memory;
  readonly policy: Policy;
  readonly now: number;
}

/** What to remember after `done`: when something was undone, and until then when somebody was last told to leave. */
export function undoing(done: Plan, { memory, policy, now }: Then): Pick<Memory, 'undoneAt' | 'retiredAt'> {
  const lately = memory.undoneAt.filter((at) => Math.abs(now - at) < UNDONE_COUNTS_MS);
  if (isUndone(done, { memory, policy, now })) {
    return { undoneAt: [...lately, now].slice(-MOST_UNDONE), retiredAt: null };
  }
  const isRetired = done.some((action) => action.kind === 'mark-retiring' && !isReplacedFirst(action.reason));
  return { undoneAt: lately, retiredAt: isRetired ? now : memory.retiredAt };
}

/** Whether this takes back what a retirement of the last minutes gave away: by calling back, or by asking anew. */
function isUndone(done: Plan, { memory, policy, now }: Then): boolean {
  const isSoon = memory.retiredAt !== null && Math.abs(now - memory.retiredAt) <= policy.joinGraceMs;
  return done.some((action) => {
    if (action.kind === 'reactivate') return action.reason === 'need-returned';
    return isSoon && action.kind === 'set-target' && !TAKES_NOTHING_BACK.has(action.reason) && !givesAway(action);
  });
}
