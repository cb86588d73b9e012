// How soon the target was raised once more was wanted than could be placed.
import { type Evidence, eventsOf } from './evidence.ts';
import { raiseAfter, targetAsks } from './fleet-targets.ts';

export interface ShortfallFigure {
  readonly act: number;
  readonly service: string;
  /** When more was wanted. ECS says only at its next look that it cannot place it, and a controller may see it before. */
  readonly shortAt: number;
  readonly raisedAfterMs: number | null;
}

/** Every demand that ECS could not place at once, with the raise that answered it within the same act. */
export function shortfallFigures(evidence: Evidence): ShortfallFigure[] {
  const { acts, demands } = evidence.marks;
  const asks = targetAsks(evidence);
  const failures = eventsOf(evidence, 'placement-failed');
  return demands.flatMap(({ service, at }) => {
    const index = acts.findLastIndex((act) => act.at <= at);
    const until = acts[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const failed = failures.some((event) => event.service === service && event.at >= at && event.at < until);
    if (!failed) return [];
    const raise = raiseAfter(asks, at);
    const raisedAfterMs = raise === null || raise.at >= until ? null : raise.at - at;
    return [{ act: acts[index]?.number ?? 0, service, shortAt: at, raisedAfterMs }];
  });
}
