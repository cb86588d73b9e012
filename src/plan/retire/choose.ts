// Who leaves in this pass: first everything that forbids choosing anybody, then who is to be replaced, then what is plenty:
// who it would be and why, one after the other, each with those before it on their way out, and whether the surplus has
// lasted long enough.
import type { RetirementReason } from '../../model/attributes.ts';
import { isEnded } from '../../model/fleet.ts';
import { type Assessment, assess } from '../assess.ts';
import type { Frozen } from '../freeze.ts';
import { isStormy } from '../interruptions/storms.ts';
import type { Holding } from '../ledger.ts';
import type { Memory } from '../memory.ts';
import { isOpenWithin } from '../needs/windows.ts';
import type { Outlook } from '../outlook.ts';
import type { PlanInput } from '../plan-input.ts';
import type { Policy } from '../policy.ts';
import { chooseAboveMaximum } from './above-maximum.ts';
import { allowanceOf } from './budget.ts';
import { withChosen } from './past.ts';
import type { ScaleInReason } from './reasons.ts';
import { withRetiring } from './steps.ts';
import { type Refused, type Selection, selectVictim, servicesByGroup, taskRefusal } from './victims.ts';
import { chooseReplaced } from './wishes.ts';

export interface ScaleInInput {
  readonly input: PlanInput;
  readonly seen: Assessment;
  readonly frozen: Frozen | null;
  readonly outlook: Pick<Outlook, 'storms' | 'launches'>;
  /** Instances we were retiring are being called back in this same plan. */
  readonly isCallingBack: boolean;
}

export interface Victim {
  readonly holding: Holding;
  readonly reason: RetirementReason;
}

export interface ScaleIn {
  readonly reason: ScaleInReason;
  readonly victims: readonly Victim[];
  /** Everyone looked at who may not leave. */
  readonly unremovable: readonly Refused[];
  readonly surplusSince: number | null;
}

/** A pass of thousands of instances must not take longer than its lease; the next one is a few seconds away. */
export const MOST_CHOSEN = 10;

// Not seeing for a pass, or waiting for somebody to leave, makes a surplus no younger; a real need does.
const KEEPS_AGE: ReadonlySet<ScaleInReason> = new Set<ScaleInReason>([
  'blind',
  'frozen',
  'over-budget',
  'quiet-hours',
  'fleet-modifying',
]);

export function decideScaleIn(asked: ScaleInInput): ScaleIn {
  const { input, seen, outlook } = asked;
  const { policy, memory } = input;
  const [grave, veto] = [graveVeto(asked), vetoOf(asked)];
  const above = (grave ?? passingVeto(asked)) === null ? chooseAboveMaximum(seen, input, MOST_CHOSEN) : NOBODY;
  if (above.victims.length > 0) return { ...above, reason: 'above-maximum', surplusSince: memory.surplusSince };
  if (veto !== null) {
    const surplusSince = KEEPS_AGE.has(veto) ? memory.surplusSince : null;
    return { reason: veto, victims: [], unremovable: [...heldUp(seen, policy), ...above.unremovable], surplusSince };
  }
  // While launches fail nobody's replacement would come.
  const replaced = chooseReplaced(seen, input, outlook.launches.stopped === null ? MOST_CHOSEN : 0);
  if (replaced.victims.length > 0) return { ...replaced, reason: 'replace', surplusSince: memory.surplusSince };
  const surplus = seen.units.staying <= policy.fleet.minUnits ? AT_MINIMUM : decideSurplus(asked);
  const toReplace = new Set(replaced.unremovable.map(({ holding }) => holding));
  const others = surplus.unremovable.filter(({ holding }) => !toReplace.has(holding));
  return { ...surplus, unremovable: [...replaced.unremovable, ...others] };
}

const NOBODY = { victims: [], unremovable: [] } as const;

const AT_MINIMUM: ScaleIn = { reason: 'at-minimum', victims: [], unremovable: [], surplusSince: null };

function decideSurplus(asked: ScaleInInput): ScaleIn {
  const { input, seen } = asked;
  const { policy, memory, now } = input;
  const first = selectVictim(seen, input);
  if (first.victim === null) {
    const isRoom = first.unremovable.some(({ reason }) => reason === 'room-needed');
    const { unremovable } = first;
    return { reason: isRoom ? 'no-surplus' : 'no-candidate', victims: [], unremovable, surplusSince: null };
  }
  // A clock that was put back makes it no older, and does not hold it up for as long as it was put back.
  const surplusSince = Math.min(memory.surplusSince ?? now, now);
  if (now - surplusSince < idleMs(policy, memory)) {
    return { reason: 'surplus-too-young', victims: [], unremovable: first.unremovable, surplusSince };
  }
  const { victims, unremovable } = chosen(asked, { ...first, victim: first.victim });
  return { reason: victims.length === 0 ? 'no-candidate' : 'retire', victims, unremovable, surplusSince };
}

/**
 * As many as may leave. The last that could, and has tasks to move, is not plenty but just so: taking it is a
 * consolidation, and those have a pace of their own.
 */
function chosen(
  { input, seen }: ScaleInInput,
  first: Selection & { readonly victim: Holding },
): Pick<ScaleIn, 'victims' | 'unremovable'> {
  const victims: Victim[] = [];
  let { victim, unremovable }: Selection = first;
  let [present, sofar] = [seen, input];
  while (victim !== null && victims.length < MOST_CHOSEN) {
    const without = withRetiring(present.holdings, [victim]);
    present = assess(input, seen.fleet, without);
    const after = selectVictim(present, withChosen(sofar, { holding: victim, reason: 'excess' }));
    const reason = victim.ordinaryCount !== 0 && after.victim === null ? 'consolidation' : 'excess';
    if (reason === 'consolidation' && isConsolidatedLately(input)) {
      return { victims, unremovable: [...unremovable, { holding: victim, reason: 'consolidated-lately' }] };
    }
    victims.push({ holding: victim, reason });
    sofar = withChosen(sofar, { holding: victim, reason });
    if (!allowanceOf(present, sofar.memory, input.now).isAny) break;
    ({ victim, unremovable } = after);
  }
  return { victims, unremovable };
}

function isConsolidatedLately({ policy, memory, now }: PlanInput): boolean {
  const { consolidateEveryMs } = policy.retirement;
  return memory.retirements.some(({ reason, at }) => reason === 'consolidation' && now - at < consolidateEveryMs);
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

/** What forbids choosing anybody for a surplus or for a replacement. */
function vetoOf(asked: ScaleInInput): ScaleInReason | null {
  const { shortage, askUnits, units } = asked.seen;
  const grave = graveVeto(asked);
  if (grave !== null) return grave;
  // What came in vain, or comes to no good, is short as well; but nothing is gained by keeping everybody for it.
  const isComing = shortage !== null && units.unlisted > 0;
  if (askUnits > 0 || isComing || asked.isCallingBack) return 'shortage';
  return passingVeto(asked);
}

/** What forbids choosing anybody, whoever it might be. */
function graveVeto({ seen, frozen, outlook }: ScaleInInput): ScaleInReason | null {
  if (frozen !== null) return frozen;
  if (isEnded(seen.fleet)) return 'fleet-ended';
  return isStormy(outlook.storms) ? 'storm' : null;
}

/** The same, in the course of things. */
function passingVeto({ input: { policy, memory, now }, seen }: ScaleInInput): ScaleInReason | null {
  if (!allowanceOf(seen, memory, now).isAny) return 'over-budget';
  if (policy.retirement.quiet.some((window) => isOpenWithin(window, now, now))) return 'quiet-hours';
  return seen.fleet.state === 'active' ? null : 'fleet-modifying';
}

/** Who is retiring and cannot go on, because of what started or changed after it was chosen. */
function heldUp({ holdings, snapshot }: Assessment, policy: Policy): Refused[] {
  const services = servicesByGroup(snapshot.services);
  return holdings.flatMap((holding) => {
    const reason = holding.standing === 'retiring' ? taskRefusal(services, holding.tally, policy) : null;
    return reason === null ? [] : [{ holding, reason }];
  });
}
