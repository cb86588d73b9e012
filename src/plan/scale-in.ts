// Whether an instance leaves in this pass: first everything that forbids choosing anybody, then who it would be, then
// whether the surplus has lasted long enough.
import type { Assessment } from './assess.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { ScaleInVerdict } from './report.ts';
import { fleetUnits } from './target.ts';
import { type Selection, selectVictim } from './victims.ts';

export interface ScaleInInput {
  readonly seen: Assessment;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
  /** Instances we were retiring are being called back in this same plan. */
  readonly isComingBack: boolean;
}

export interface ScaleInDecision extends Selection {
  readonly verdict: ScaleInVerdict;
  readonly surplusSince: number | null;
}

export function decideScaleIn({ seen, policy, memory, now, isComingBack }: ScaleInInput): ScaleInDecision {
  const veto = scaleInVeto(seen, policy, isComingBack);
  if (veto !== null) {
    // Waiting for a retirement under way to end does not make the surplus younger; a real need does.
    const surplusSince = veto === 'one-at-a-time' || veto === 'fleet-modifying' ? memory.surplusSince : null;
    return { verdict: veto, victim: null, unremovable: [], surplusSince };
  }
  const { snapshot, fleet, holdings, scenarios } = seen;
  const selection = selectVictim({ snapshot, fleet, holdings, policy, rooms: seen.rooms.now, scenarios });
  if (selection.victim === null) {
    const isRoom = selection.unremovable.some(({ reason }) => reason === 'room-needed');
    return { ...selection, verdict: isRoom ? 'no-surplus' : 'no-candidate', surplusSince: null };
  }
  const surplusSince = memory.surplusSince ?? now;
  if (now - surplusSince < policy.scaleIn.idleMs) {
    return { ...selection, victim: null, verdict: 'surplus-too-young', surplusSince };
  }
  return { ...selection, verdict: 'retire', surplusSince };
}

/** What forbids choosing anybody, whoever it might be. */
function scaleInVeto(
  { snapshot, fleet, holdings, shortage }: Assessment,
  policy: Policy,
  isComingBack: boolean,
): ScaleInVerdict | null {
  if (snapshot.gaps.length > 0) return 'blind';
  if (shortage !== null || isComingBack) return 'shortage';
  // A notice counts until its instance is gone from every list, not only until it offers nothing any more.
  if (holdings.some(({ standing, notice }) => standing === 'retiring' || notice !== null)) return 'one-at-a-time';
  if (fleet.state !== 'active') return 'fleet-modifying';
  const { staying } = fleetUnits(fleet, holdings);
  return staying <= policy.fleet.minUnits ? 'at-minimum' : null;
}
