// Whether an instance leaves in this pass: first everything that forbids choosing anybody, then who it would be, then
// whether the surplus has lasted long enough.
import { isEnded } from '../../model/fleet.ts';
import type { Assessment } from '../assess.ts';
import type { Memory } from '../memory.ts';
import type { Policy } from '../policy.ts';
import type { ScaleInReason } from '../report.ts';
import { type Selection, selectVictim, servicesByGroup, taskRefusal } from './victims.ts';

export interface ScaleInInput {
  readonly seen: Assessment;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
  readonly mayShrink: boolean;
  /** Instances we were retiring are being called back in this same plan. */
  readonly isCallingBack: boolean;
}

export interface ScaleIn extends Selection {
  readonly reason: ScaleInReason;
  readonly surplusSince: number | null;
}

// EC2 may fail to end an instance at its deadline; a notice that old no longer says that anybody is about to leave.
const NOTICE_LAPSES_AFTER_MS = 300_000;

// Not seeing for a pass, or waiting for somebody to leave, makes a surplus no younger; a real need does.
const KEEPS_AGE: ReadonlySet<ScaleInReason> = new Set<ScaleInReason>(['blind', 'one-at-a-time', 'fleet-modifying']);

export function decideScaleIn(input: ScaleInInput): ScaleIn {
  const { seen, policy, memory, now } = input;
  const veto = vetoOf(input);
  if (veto !== null) {
    const surplusSince = KEEPS_AGE.has(veto) ? memory.surplusSince : null;
    return { reason: veto, victim: null, unremovable: heldUp(seen), surplusSince };
  }
  const selection = selectVictim(seen, policy, now);
  if (selection.victim === null) {
    const isRoom = selection.unremovable.some(({ reason }) => reason === 'room-needed');
    return { ...selection, reason: isRoom ? 'no-surplus' : 'no-candidate', surplusSince: null };
  }
  // A clock that was put back makes it no older, and does not hold it up for as long as it was put back.
  const surplusSince = Math.min(memory.surplusSince ?? now, now);
  if (now - surplusSince < idleMs(policy, memory)) {
    return { ...selection, victim: null, reason: 'surplus-too-young', surplusSince };
  }
  return { ...selection, reason: 'retire', surplusSince };
}

/**
 * Each call-back of the last hours doubles the idle time: whatever undid a scale-in, a cluster that turns back and forth
 * costs its tasks a move every time.
 */
function idleMs({ scaleIn }: Policy, { undoneAt }: Memory): number {
  return undoneAt.length === 0 ? scaleIn.idleMs : Math.max(SHORTEST_PAUSE_MS, scaleIn.idleMs) * 2 ** undoneAt.length;
}

// Where no idle time is wanted at all.
const SHORTEST_PAUSE_MS = 1_000;

/** What forbids choosing anybody, whoever it might be. */
function vetoOf({ seen, policy, mayShrink, isCallingBack, now }: ScaleInInput): ScaleInReason | null {
  const { fleet, holdings, shortage, askUnits, units } = seen;
  if (!mayShrink) return 'blind';
  if (isEnded(fleet)) return 'fleet-ended';
  // What came in vain, or comes to no good, is short as well; but nothing is gained by keeping everybody for it.
  const isComing = shortage !== null && units.unlisted > 0;
  if (askUnits > 0 || isComing || isCallingBack) return 'shortage';
  // A notice counts until its instance is gone from every list, not only until it offers nothing any more.
  const isNoticed = (deadlineAt: number | undefined) =>
    deadlineAt !== undefined && now < deadlineAt + NOTICE_LAPSES_AFTER_MS;
  if (holdings.some(({ standing, notice }) => standing === 'retiring' || isNoticed(notice?.deadlineAt))) {
    return 'one-at-a-time';
  }
  if (fleet.state !== 'active') return 'fleet-modifying';
  return units.staying <= policy.fleet.minUnits ? 'at-minimum' : null;
}

/** Who is retiring and cannot go on, because of what started or changed after it was chosen. */
function heldUp({ holdings, snapshot }: Assessment): Selection['unremovable'] {
  const services = servicesByGroup(snapshot.services);
  return holdings.flatMap((holding) => {
    const reason = holding.standing === 'retiring' ? taskRefusal(services, holding.tally) : null;
    return reason === null ? [] : [{ holding, reason }];
  });
}
