// The operator's floors: in some hours of the week, room for more of the largest tasks than otherwise. Ready-by: a floor
// counts a lead time before it begins, so that its room is there when it does. It says how many, not where they fit.
import type { Floor } from '../policy.ts';
import { isOpenWithin } from './windows.ts';

/**
 * The most largest tasks that any floor asks for between now and `leadMs` from now; 0 for none.
 * @throws RangeError for a time zone the runtime does not know; the configuration lets none through
 */
export function floorAt(floors: readonly Floor[], now: number, leadMs: number): number {
  let most = 0;
  for (const floor of floors) {
    if (floor.largestTasks > most && isOpenWithin(floor, now, now + leadMs)) most = floor.largestTasks;
  }
  return most;
}
