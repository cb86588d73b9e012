// Who leaves because the operator allows the fleet less than it has. Whether they are needed is not asked: the maximum is
// the bound of what the fleet may cost. All else that keeps an instance from leaving holds as ever: budgets, and tasks
// that may not be moved.
//
// As the fleet itself would, it never goes below the target: an instance whose weight reaches below the maximum stays.
// Sent home, it would be launched again as soon as anything is short.
import type { Assessment } from '../assess.ts';
import type { Holding } from '../ledger.ts';
import type { PlanInput } from '../plan-input.ts';
import { allowanceOf } from './budget.ts';
import type { ScaleIn } from './choose.ts';
import { withChosen } from './past.ts';
import type { Unremovable } from './reasons.ts';
import { withRetiring } from './steps.ts';
import {
  emptiestFirst,
  isGivenUp,
  isOfBase,
  isYoung,
  movingRefusal,
  type Refused,
  servicesByGroup,
} from './victims.ts';

type Chosen = Pick<ScaleIn, 'unremovable'> & {
  readonly victims: readonly { readonly holding: Holding; readonly reason: 'excess' }[];
};

/**
 * Emptiest first; nobody while the fleet is within its maximum.
 * @param most how many a pass may choose
 */
export function chooseAboveMaximum(seen: Assessment, input: PlanInput, most: number): Chosen {
  const { maxUnits } = input.policy.fleet;
  const victims: Chosen['victims'][number][] = [];
  const unremovable: Refused[] = [];
  const services = servicesByGroup(seen.snapshot.services);
  let [sofar, leaving]: [PlanInput, readonly Holding[]] = [input, seen.holdings];
  let overUnits = seen.units.staying - maxUnits;
  for (const holding of emptiestFirst(seen.holdings)) {
    if (victims.length === most || overUnits <= 0) break;
    if (holding.weightUnits > overUnits) continue;
    const allowance = allowanceOf({ policy: input.policy, holdings: leaving }, sofar.memory, input.now);
    const reason = refusalOf(seen, holding, input) ?? (allowance.isFor(holding.zone) ? null : 'over-budget');
    const refused = reason ?? movingRefusal(seen, input, services, holding);
    if (refused !== null) {
      unremovable.push({ holding, reason: refused });
      continue;
    }
    const victim = { holding, reason: 'excess' } as const;
    victims.push(victim);
    sofar = withChosen(sofar, victim);
    leaving = withRetiring(leaving, [holding]);
    overUnits -= holding.weightUnits;
  }
  return { victims, unremovable };
}

function refusalOf(seen: Assessment, holding: Holding, input: PlanInput): Unremovable | null {
  if (holding.standing !== 'serving') return 'not-serving';
  if (isYoung(holding, input)) return 'too-young';
  if (isOfBase(seen, holding)) return 'would-break-minimum';
  return isGivenUp(holding, input) ? 'given-up' : null;
}
