// Who is to be replaced whatever the surplus, and who of them begins now. The replacement comes first, so whether there is
// room without them is not asked; whether there may be a replacement is. They go in batches: while somebody still waits
// for a replacement nobody else is chosen, and how many make a batch is what the budgets say.
import { ATTRIBUTE, type RetirementReason } from '../../model/attributes.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { Service } from '../../model/service.ts';
import { type Assessment, assess } from '../assess.ts';
import { slowAtRisk } from '../interruptions/slow.ts';
import type { Holding } from '../ledger.ts';
import { onDemandUnits } from '../on-demand/on-demand-part.ts';
import { isReturnDue, returnable } from '../on-demand/return.ts';
import type { PlanInput } from '../plan-input.ts';
import type { Standing } from '../report.ts';
import { unitsToAsk } from '../target.ts';
import { type Allowance, allowanceOf } from './budget.ts';
import { driftedIn } from './drift.ts';
import { withChosen } from './past.ts';
import type { Unremovable } from './reasons.ts';
import { isAwaitingReplacement, withRetiring } from './steps.ts';
import { isGivenUp, isYoung, movingRefusal, type Refused, servicesByGroup } from './victims.ts';
import { tasksOn } from './worth.ts';

export interface Wish {
  readonly holding: Holding;
  readonly reason: RetirementReason;
}

/** Everyone who is to be replaced and is not on the way out yet: by reason, and of a reason fewest tasks to move first. */
export function wishesIn(
  seen: Pick<Assessment, 'holdings' | 'snapshot' | 'policy' | 'fleet' | 'memory'>,
  now: number,
): Wish[] {
  const { holdings, snapshot, policy } = seen;
  const drifted = policy.retirement.drift === 'replace' ? driftedIn(snapshot) : new Set<InstanceId>();
  const operators = holdings.filter(isOperatorsWish).map((holding): Wish => ({ holding, reason: 'operator' }));
  const others = holdings
    .filter((holding) => holding.standing === 'serving' && drifted.has(holding.instanceId) && !isOperatorsWish(holding))
    .map((holding): Wish => ({ holding, reason: 'drift' }));
  const slow = slowAtRisk(holdings, snapshot)
    .filter((holding) => !isOperatorsWish(holding))
    .map((holding): Wish => ({ holding, reason: 'rebalance' }));
  const earlier = new Set([...operators, ...slow, ...others].map(({ holding }) => holding));
  const returns = returnsIn(seen, now).filter(({ holding }) => !earlier.has(holding));
  return [operators, slow, others, returns].flatMap((wishes) => wishes.sort(fewestTasksFirst));
}

function returnsIn(
  { fleet, holdings, memory, policy }: Pick<Assessment, 'fleet' | 'holdings' | 'memory' | 'policy'>,
  now: number,
): Wish[] {
  if (!isReturnDue(memory.onDemand.returns, policy.onDemand, now)) return [];
  const { staying } = onDemandUnits(fleet, holdings);
  const fewestFirst = holdings.map((holding): Wish => ({ holding, reason: 'on-demand-return' })).sort(fewestTasksFirst);
  const among = fewestFirst.map(({ holding }) => holding);
  const chosen = returnable(among, { staying, baseUnits: policy.onDemand.baseUnits });
  return fewestFirst.filter(({ holding }) => chosen.has(holding.instanceId));
}

const LEAVING: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'gone']);

function isOperatorsWish({ standing, containerInstance }: Holding): boolean {
  return !LEAVING.has(standing) && containerInstance?.attributes[ATTRIBUTE.replace] !== undefined;
}

function fewestTasksFirst(a: Wish, b: Wish): number {
  return tasksOn(a.holding) - tasksOn(b.holding) || (a.holding.instanceId < b.holding.instanceId ? -1 : 1);
}

export interface Replacements {
  readonly victims: readonly Wish[];
  /** Everyone who is to be replaced and is not chosen now. */
  readonly unremovable: readonly Refused[];
}

/** @param most how many a pass may choose */
export function chooseReplaced(seen: Assessment, input: PlanInput, most: number): Replacements {
  const wishes = wishesIn(seen, input.now);
  const victims: Wish[] = [];
  const unremovable: Refused[] = [];
  const services = servicesByGroup(seen.snapshot.services);
  // Whatever is short would go on being short with everyone chosen, and each would wait for it.
  let isOver = seen.shortage !== null || seen.holdings.some(isAwaitingReplacement);
  let [present, sofar] = [seen, input];
  let allowance = allowanceOf(present, sofar.memory, sofar.now);
  for (const wish of wishes) {
    const { holding } = wish;
    const refusal =
      isOver || victims.length === most ? 'not-its-turn' : refusalOf({ seen, input: sofar, services, allowance }, wish);
    if (refusal !== null) {
      unremovable.push({ holding, reason: refusal });
      continue;
    }
    const without = assess(input, seen.fleet, withRetiring(present.holdings, [holding]));
    if (without.units.counted + unitsToAsk(without) > input.policy.fleet.maxUnits) {
      unremovable.push({ holding, reason: victims.length === 0 ? 'at-maximum' : 'not-its-turn' });
      // The next one has as many tasks or more.
      isOver = true;
      continue;
    }
    victims.push(wish);
    [present, sofar] = [without, withChosen(sofar, wish)];
    allowance = allowanceOf(present, sofar.memory, sofar.now);
  }
  return { victims, unremovable };
}

interface Asked {
  readonly seen: Assessment;
  readonly input: PlanInput;
  readonly services: ReadonlyMap<string, Service>;
  readonly allowance: Allowance;
}

// Who cordoned an instance may want it replaced. One that does not drain, or drains already, is carried through nothing here.
const REPLACEABLE: ReadonlySet<Standing> = new Set<Standing>(['serving', 'at-risk', 'cordoned', 'not-ready']);

function refusalOf({ seen, input, services, allowance }: Asked, { holding, reason }: Wish): Unremovable | null {
  if (!REPLACEABLE.has(holding.standing)) return 'not-serving';
  if (holding.weightUnits === 0) return 'not-in-fleet';
  if (reason !== 'operator' && isYoung(holding, input)) return 'too-young';
  if (isGivenUp(holding, input)) return 'given-up';
  if (!allowance.isFor(holding.zone)) return 'over-budget';
  return movingRefusal(seen, input, services, holding);
}
