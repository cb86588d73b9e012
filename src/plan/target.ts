// The target capacity, level-triggered: a function of what the fleet reports and what is short, never of what we asked
// for earlier, so planning again with nothing changed plans nothing.
import type { Fleet } from '../model/fleet.ts';
import type { Holding } from './ledger.ts';
import type { TargetReason } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
import type { Shortage } from './shortage.ts';

/** The fleet's units by what becomes of them. */
export interface FleetUnits {
  /** What the fleet reports. */
  readonly fulfilled: number;
  /** Units on their way out that the fleet still counts. */
  readonly leaving: number;
  /** Units that remain when those have left: the whole of what we build on. */
  readonly staying: number;
  /** Units that take tasks now. */
  readonly usable: number;
}

const OUTBOUND: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'gone']);

/**
 * Reads the fleet's units. AWS does not say whether a noticed instance still counts as fulfilled, and its member list
 * may lag behind its figures, so `staying` is taken from the members, plus whatever the fleet counts and does not list.
 */
export function fleetUnits(fleet: Fleet, holdings: readonly Holding[]): FleetUnits {
  const sum = (counts: (standing: Standing) => boolean) =>
    holdings.reduce((units, holding) => units + (counts(holding.standing) ? holding.weightUnits : 0), 0);
  const listedStaying = sum((standing) => !OUTBOUND.has(standing));
  const outbound = sum((standing) => OUTBOUND.has(standing));
  const unlisted = Math.max(0, fleet.fulfilledUnits - listedStaying - outbound);
  const staying = listedStaying + unlisted;
  return {
    fulfilled: fleet.fulfilledUnits,
    leaving: Math.max(0, fleet.fulfilledUnits - staying),
    staying,
    usable: sum((standing) => standing === 'serving'),
  };
}

/** Units that are fulfilled but whose instances the fleet does not list yet: they are launching, and not short. */
export function unlistedUnits(units: FleetUnits, holdings: readonly Holding[]): number {
  const listed = holdings.reduce(
    (sum, { standing, weightUnits }) => sum + (OUTBOUND.has(standing) ? 0 : weightUnits),
    0,
  );
  return units.staying - listed;
}

export interface TargetDecision {
  readonly targetUnits: number;
  /** null when the present target is right. */
  readonly reason: TargetReason | null;
  /** More is needed than the policy's maximum allows. */
  readonly isAtMaximum: boolean;
  /** More is needed, and the fleet has answered with types that cannot host it. */
  readonly isInVain: boolean;
}

/**
 * target = short > 0 ? counted + short : min(present, staying), clamped to the policy. `counted` is what the fleet will
 * compare its target with: everything it reports except what is as good as gone, which it is about to stop counting.
 */
export function targetFor(options: {
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly shortage: Shortage | null;
  readonly inVainUnits: number;
  readonly policy: Policy;
}): TargetDecision {
  const { fleet, holdings, shortage, inVainUnits, policy } = options;
  const units = fleetUnits(fleet, holdings);
  const missing = Math.max(0, (shortage?.units ?? 0) - unlistedUnits(units, holdings));
  const short = Math.max(0, missing - inVainUnits);
  const gone = holdings.reduce((sum, holding) => sum + (holding.standing === 'gone' ? holding.weightUnits : 0), 0);
  const counted = Math.max(units.staying, fleet.fulfilledUnits - gone);
  const wanted = short > 0 ? Math.ceil(counted + short) : Math.min(fleet.targetUnits, Math.ceil(units.staying));
  const targetUnits = Math.min(policy.fleet.maxUnits, Math.max(policy.fleet.minUnits, wanted));
  return {
    targetUnits,
    reason: targetUnits === fleet.targetUnits ? null : reasonFor({ ...options, units, short, wanted, targetUnits }),
    isAtMaximum: wanted > policy.fleet.maxUnits,
    isInVain: missing > 0 && short === 0,
  };
}

function reasonFor(options: {
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly shortage: Shortage | null;
  readonly units: FleetUnits;
  readonly short: number;
  readonly wanted: number;
  readonly targetUnits: number;
}): TargetReason {
  const { fleet, holdings, shortage, units, short, wanted, targetUnits } = options;
  if (wanted < targetUnits && targetUnits > fleet.targetUnits) return 'below-minimum';
  if (wanted > targetUnits && targetUnits < fleet.targetUnits) return 'above-maximum';
  if (targetUnits > fleet.targetUnits) return shortage?.scenario === 'now' ? 'pending-tasks' : 'promised-room';
  if (short > 0) return 'withdraw-ask';
  if (holdings.some(({ standing }) => standing === 'retiring')) return 'retire-excess';
  return units.leaving > 0 ? 'follow-leaving' : 'withdraw-ask';
}
