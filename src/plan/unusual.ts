// Whether the cluster is in such a state that the next pass will hardly find it as this one did.
import type { PlanReport, Standing } from './report.ts';

/** Those who will soon be somewhere else by themselves. A cordon, an orphan or a lost ECS agent may last for days. */
const UNDER_WAY: ReadonlySet<Standing> = new Set(['launching', 'joining', 'noticed', 'retiring', 'draining']);

/** Something comes, goes, is short or is being changed. */
export function isUnusual({ ledger, target }: PlanReport): boolean {
  return (
    target.shortUnits > 0 ||
    target.reason === 'fleet-modifying' ||
    ledger.some(({ standing }) => UNDER_WAY.has(standing))
  );
}
