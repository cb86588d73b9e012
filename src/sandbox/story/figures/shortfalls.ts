// How soon the target was raised once ECS had said that it cannot place a task.
import { type Evidence, eventsOf } from './evidence.ts';
import { raiseAfter, targetAsks } from './fleet-targets.ts';

export interface ShortfallFigure {
  readonly act: number;
  readonly service: string;
  /** First placement failure of the act. */
  readonly shortAt: number;
  readonly raisedAfterMs: number | null;
}

/** The first placement failure of each act that had one. */
export function shortfallFigures(evidence: Evidence): ShortfallFigure[] {
  const asks = targetAsks(evidence);
  const failures = eventsOf(evidence, 'placement-failed');
  return evidence.marks.acts.flatMap((act, index) => {
    const until = evidence.marks.acts[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const first = failures.find(({ at }) => at >= act.at && at < until);
    if (first === undefined) return [];
    const raise = raiseAfter(asks, first.at);
    return [
      {
        act: act.number,
        service: first.service,
        shortAt: first.at,
        raisedAfterMs: raise === null || raise.at >= until ? null : raise.at - first.at,
      },
    ];
  });
}
