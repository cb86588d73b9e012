// How much of what was asked of the fleet has not come, and for how long: what is missing all along, not what is missing
// again and again. A fleet that grows is always short of something for a moment; that is no drought.
import type { Fleet } from '../../model/fleet.ts';

/** Since `at` (epoch milliseconds) at least `units` have been missing all along. */
export interface MissingUnits {
  readonly at: number;
  readonly units: number;
}

/** What is missing of what the fleet was asked for; while it takes in a change, what was before. */
export function missingIn(
  { state, targetUnits, fulfilledUnits }: Fleet,
  before: readonly MissingUnits[],
  now: number,
): readonly MissingUnits[] {
  return state === 'modifying' ? before : missingAfter(before, targetUnits - fulfilledUnits, now);
}

/**
 * What is missing with what was missing before: longest first, and each entry more units than the one before it. Whatever
 * came is no longer missing, however long it had been.
 */
export function missingAfter(before: readonly MissingUnits[], units: number, now: number): MissingUnits[] {
  const fewer = before.filter((each) => each.units < units);
  if (units <= 0) return [];
  const since = before[fewer.length]?.at ?? now;
  // A clock that was put back makes nothing older.
  return [...fewer, { at: since, units }].map((each) => ({ ...each, at: Math.min(each.at, now) }));
}

/** Units that have been missing for at least so long. */
export function missingFor(missing: readonly MissingUnits[], lastsMs: number, now: number): number {
  return missing.reduce((most, { at, units }) => (now - at >= lastsMs ? Math.max(most, units) : most), 0);
}
