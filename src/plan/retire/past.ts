// What is remembered of retirements: who was chosen when, for the budgets, and whose drain was given up.
import type { InstanceId } from '../../model/ids.ts';
import type { Memory } from '../memory.ts';
import type { Plan } from '../plan.ts';
import type { PlanInput } from '../plan-input.ts';
import type { Policy } from '../policy.ts';
import type { Victim } from './choose.ts';

const LEAST_KEPT_MS = 3_600_000;
// Of one instance in each pass, a day; more would only make a recording large.
const MOST_KEPT = 5_000;

/** What a pass would remember if this one were chosen. */
export function withChosen(input: PlanInput, { holding: { zone }, reason }: Victim): PlanInput {
  const { memory, now } = input;
  return { ...input, memory: { ...memory, retirements: [...memory.retirements, { at: now, zone, reason }] } };
}

export function rememberRetirements(
  memory: Memory,
  pass: {
    readonly victims: readonly Victim[];
    readonly done: Plan;
    readonly policy: Policy;
    readonly now: number;
  },
): Pick<Memory, 'retirements' | 'retirementsSince' | 'givenUp'> {
  const { victims, done, policy, now } = pass;
  const { budgets, consolidateEveryMs } = policy.retirement;
  const keptMs = Math.max(LEAST_KEPT_MS, consolidateEveryMs, ...budgets.map(({ withinMs }) => withinMs ?? 0));
  const isKept = (at: number) => Math.abs(now - at) < keptMs;
  const told = new Set(done.flatMap((action) => (action.kind === 'mark-retiring' ? [action.instanceId] : [])));
  const chosen = victims
    .filter(({ holding }) => told.has(holding.instanceId))
    .map(({ holding, reason }) => ({ at: now, zone: holding.zone, reason }));
  const givenUp = done.flatMap((action): [InstanceId, number][] =>
    action.kind === 'reactivate' && action.reason === 'drain-given-up' ? [[action.instanceId, now]] : [],
  );
  const earlier = Object.entries(memory.givenUp).filter(([, at]) => isKept(at));
  return {
    retirements: [...memory.retirements.filter(({ at }) => isKept(at)), ...chosen].slice(-MOST_KEPT),
    retirementsSince: Math.min(memory.retirementsSince ?? now, now),
    givenUp: Object.fromEntries([...earlier, ...givenUp]),
  };
}
