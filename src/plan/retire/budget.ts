// How many more may be chosen to leave. Whoever leaves already, by our decision or by an interruption, takes part of what is
// allowed at once. What somebody else drains does so only at first: it may stay so for ever.
import type { Assessment } from '../assess.ts';
import { isForeignDrain } from '../conflicts/foreign-drain.ts';
import type { Holding } from '../ledger.ts';
import type { Memory } from '../memory.ts';
import type { Budget } from '../policy.ts';
import type { Standing } from '../report.ts';

// EC2 may fail to end an instance at its deadline; a notice that old no longer says that anybody is about to leave.
const NOTICE_LAPSES_AFTER_MS = 300_000;

// An agent sets DRAINING first and writes why after it, at once or as soon as ECS lets it.
const UNEXPLAINED_COUNTS_MS = 60_000;

const LEAVING: ReadonlySet<Standing> = new Set<Standing>(['retiring', 'noticed']);

type Past = Pick<Memory, 'retirements' | 'retirementsSince' | 'foreignDrains'>;

export interface Allowance {
  /** Whether somebody may leave at all. */
  readonly isAny: boolean;
  /** Whether somebody of this zone may. */
  isFor(zone: string | null): boolean;
}

/**
 * What all budgets together allow now.
 * @param holdings with whoever was chosen earlier in this pass as retiring
 */
export function allowanceOf(
  { policy, holdings }: Pick<Assessment, 'policy' | 'holdings'>,
  memory: Past,
  now: number,
): Allowance {
  const zones = [...new Set(holdings.map(({ zone }) => zone))];
  const zonesLeft = (zone: string | null) =>
    policy.retirement.budgets.every((budget) => left(budget, { holdings, memory, now, zone }) > 0);
  return { isAny: zones.some(zonesLeft), isFor: zonesLeft };
}

interface Situation {
  readonly holdings: readonly Holding[];
  readonly memory: Past;
  readonly now: number;
  readonly zone: string | null;
}

function left(budget: Budget, { holdings, memory, now, zone }: Situation): number {
  const isMeant = (each: { zone: string | null }) => !budget.isPerZone || each.zone === zone;
  const among = holdings.filter((holding) => isMeant(holding) && holding.standing !== 'gone');
  const most = 'count' in budget.most ? budget.most.count : Math.ceil(among.length * budget.most.share);
  const { withinMs } = budget;
  if (withinMs === null) return most - holdings.filter((each) => isMeant(each) && isLeaving(each, memory, now)).length;
  // What happened before this controller began to lead is not known, so it waits as if that had used the budget up.
  if (now - (memory.retirementsSince ?? now) < withinMs) return 0;
  return most - memory.retirements.filter((each) => isMeant(each) && Math.abs(now - each.at) < withinMs).length;
}

/** A notice counts until its instance is gone from every list, not only until it offers nothing any more. */
function isLeaving(holding: Holding, { foreignDrains }: Past, now: number): boolean {
  const { standing, notice, instanceId } = holding;
  if (LEAVING.has(standing)) return true;
  if (isForeignDrain(holding)) return now - (foreignDrains[instanceId] ?? now) < UNEXPLAINED_COUNTS_MS;
  return notice !== null && now < notice.deadlineAt + NOTICE_LAPSES_AFTER_MS;
}
