// The fleet's units by what becomes of them.
//
// AWS does not say whether a noticed instance still counts as fulfilled, and its member list may lag behind its figures.
// So what stays is taken from the members, plus whatever the fleet counts and does not list.
import type { Fleet } from '../model/fleet.ts';
import type { Holding } from './ledger.ts';
import type { Standing } from './report.ts';

export interface FleetUnits {
  /** What the fleet reports. */
  readonly fulfilled: number;
  /** On their way out, and still counted by the fleet. */
  readonly leaving: number;
  /** What remains when those have left: the whole of what we build on. */
  readonly staying: number;
  /** Fulfilled, but by instances the fleet does not list yet: they are launching. */
  readonly unlisted: number;
  /** What the fleet compares its target with: all it reports, but for what is as good as gone and about to be uncounted. */
  readonly counted: number;
  /** What takes tasks now. */
  readonly usable: number;
}

const OUTBOUND: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'gone']);

/**
 * The most whole units that `staying` covers: what a target may be without the fleet launching anything. Weights may be
 * fractions, and their sums then miss whole numbers by a hair.
 */
export function wholeUnits({ staying }: Pick<FleetUnits, 'staying'>): number {
  return Math.floor(staying + 1e-9);
}

export function fleetUnits({ fulfilledUnits }: Fleet, holdings: readonly Holding[]): FleetUnits {
  const sums = { staying: 0, outbound: 0, gone: 0, usable: 0 };
  for (const { standing: stands, isCondemned, weightUnits } of holdings) {
    const standing = isCondemned ? 'gone' : stands;
    sums[OUTBOUND.has(standing) ? 'outbound' : 'staying'] += weightUnits;
    if (standing === 'gone') sums.gone += weightUnits;
    if (standing === 'serving') sums.usable += weightUnits;
  }
  const unlisted = Math.max(0, fulfilledUnits - sums.staying - sums.outbound);
  const staying = sums.staying + unlisted;
  return {
    fulfilled: fulfilledUnits,
    leaving: Math.max(0, fulfilledUnits - staying),
    staying,
    unlisted,
    counted: Math.max(staying, fulfilledUnits - sums.gone),
    usable: sums.usable,
  };
}
