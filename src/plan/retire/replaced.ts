// Whether those who are replaced first have been: everything must hold without them on instances that take tasks now. What
// is still launching replaces nobody yet.
import type { Assessment } from '../assess.ts';
import { total } from '../capacity/pack.ts';
import { close, copyOf } from '../capacity/table.ts';
import { curable, outcomeOf } from '../scenario.ts';

/** Each who waits asks it, and it takes as long as half a plan. */
const known = new WeakMap<Assessment, boolean>();

/** Whether something would be missing if everyone on the way out were gone now. */
export function isShortNow(seen: Assessment): boolean {
  const isShort = known.get(seen) ?? wouldBeShort(seen);
  known.set(seen, isShort);
  return isShort;
}

function wouldBeShort({ capacity, lossless, losses, units, policy }: Assessment): boolean {
  if (units.staying < policy.fleet.minUnits) return true;
  const free = copyOf(capacity.table.free);
  for (let row = capacity.nowRows; row < capacity.table.rows; row += 1) close(free, row);
  return [...lossless, ...losses.scenarios].some((scenario) => total(curable(outcomeOf(capacity, scenario, free))) > 0);
}
