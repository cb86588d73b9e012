// Scale-in that was undone: whatever the cause, a cluster that turns back and forth costs its tasks a move every time, so
// each undoing makes the next retirement wait longer.
import type { Assessment } from '../assess.ts';
import type { Memory } from '../memory.ts';
import type { Policy } from '../policy.ts';
import { isMove, type Target } from '../target.ts';

// Four doublings of five minutes are more than an hour: a scale-in that is undone again and again is tried a few times a day.
const MOST_UNDONE = 4;
const UNDONE_COUNTS_MS = 6 * 3_600_000;

/** Whether this pass takes back what a retirement of the last minutes gave away: by calling back, or by asking anew. */
export function isUndone(
  { fleet }: Assessment,
  { targetUnits, reason }: Target,
  { memory, policy, now, isCallingBack }: { memory: Memory; policy: Policy; now: number; isCallingBack: boolean },
): boolean {
  const isRaise = isMove(reason) && targetUnits > fleet.targetUnits;
  const isSoon = memory.retiredAt !== null && Math.abs(now - memory.retiredAt) <= policy.joinGraceMs;
  return isCallingBack || (isRaise && isSoon);
}

/** What to remember: when something was undone, and until then when somebody was last chosen to leave. */
export function undoing(
  { undoneAt, retiredAt }: Memory,
  { isUndone: isBack, hasChosen, now }: { isUndone: boolean; hasChosen: boolean; now: number },
): Pick<Memory, 'undoneAt' | 'retiredAt'> {
  const lately = undoneAt.filter((at) => Math.abs(now - at) < UNDONE_COUNTS_MS);
  if (isBack) return { undoneAt: [...lately, now].slice(-MOST_UNDONE), retiredAt: null };
  return { undoneAt: lately, retiredAt: hasChosen ? now : retiredAt };
}
