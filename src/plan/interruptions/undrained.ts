// Interrupted instances that go on taking tasks: their agent says that they end, and could not set DRAINING, as when that
// permission is missing. Whoever leads does it for them.
import type { Holding } from '../ledger.ts';
import type { Action } from '../plan.ts';
import type { Storms } from './storms.ts';

/** The agent itself tries again for as long; after that it is not this moment that stands in its way. */
const AGENTS_TURN_MS = 5_000;

/** A call each, and a pass must end within the lease; the next one is a few seconds away. */
const MOST_A_PASS = 10;

/** @param storms with whom was noticed when */
export function drainUndrained(holdings: readonly Holding[], { noticed }: Storms, now: number): Action[] {
  return holdings
    .flatMap(({ standing, instanceId, containerInstance, notice }): Action[] => {
      const at = noticed[instanceId]?.at;
      if (standing !== 'noticed' || containerInstance?.status !== 'ACTIVE' || at === undefined) return [];
      // What else it may have been told since does not end it for good.
      if (notice?.kind !== 'interruption') return [];
      if (Math.abs(now - at) < AGENTS_TURN_MS) return [];
      return [{ kind: 'drain', reason: 'interruption', instanceId, containerInstanceArn: containerInstance.arn }];
    })
    .slice(0, MOST_A_PASS);
}
