// The changes of the fleet's target that were asked for, with what it was asked to be before.
import { doneRequests, type Evidence, eventsOf } from './evidence.ts';

export interface TargetAsk {
  /** When the API accepted it, epoch milliseconds. */
  readonly at: number;
  readonly caller: string;
  readonly fromUnits: number;
  readonly toUnits: number;
}

/** Every accepted ModifySpotFleetRequest that names a target, oldest first. */
export function targetAsks(evidence: Evidence): TargetAsk[] {
  let before = eventsOf(evidence, 'fleet-target')[0]?.targetUnits ?? 0;
  return doneRequests(evidence, 'ModifySpotFleetRequest')
    .filter(({ input }) => input.TargetCapacity !== undefined)
    .map(({ answeredAt, caller, input }) => {
      const ask = {
        at: answeredAt,
        caller: caller?.name ?? '?',
        fromUnits: before,
        toUnits: Number(input.TargetCapacity),
      };
      before = ask.toUnits;
      return ask;
    });
}

/** The first raise at or after the instant; null when there was none. */
export function raiseAfter(asks: readonly TargetAsk[], at: number): TargetAsk | null {
  return asks.find((ask) => ask.at >= at && ask.toUnits > ask.fromUnits) ?? null;
}
