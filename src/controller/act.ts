// Does what the plan says, in its order, and makes no choices. The first failure ends the pass: what comes after may
// rest on what failed (a drain on the lower target), and the next pass plans afresh from what is then true. Only on a
// termination nothing rests: one that cannot be done must not keep all others from leaving.
import { ATTRIBUTE, formatRetirement } from '../model/attributes.ts';
import type { Action } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import type { Instances } from '../ports/instances.ts';
import type { Logger } from '../ports/logger.ts';
import { withinTime } from '../ports/time-limit.ts';
import type { Leadership } from './leadership.ts';
import { assertStillSo, type PlannedOn } from './still-so.ts';

export interface Hands {
  readonly cluster: Cluster;
  readonly fleet: SpotFleet;
  readonly instances: Instances;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** @throws Failure of the first action that fails, at once or for a termination at the end; `lease-lost` and `changed-meanwhile` among them */
export async function act(planned: PlannedOn, hands: Hands, signal?: AbortSignal): Promise<void> {
  let first: Failure | null = null;
  for (const action of planned.plan) {
    hands.leadership.assertMayWrite();
    // The write ends inside the lease, whatever AWS and the SDK's retries make of it.
    const limit = { clock: hands.clock, limitMs: hands.leadership.writableMs(), signal };
    try {
      await withinTime(limit, async (within) => {
        await assertStillSo(action, planned, hands, within);
        await perform(action, hands, within);
      });
      hands.logger.info({ ...action }, 'done');
    } catch (error) {
      if (action.kind !== 'terminate' || !(error instanceof Failure) || signal?.aborted) throw error;
      first ??= error;
    }
  }
  if (first !== null) throw first;
}

async function perform(action: Action, { cluster, fleet, instances }: Hands, within: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'set-target':
      return fleet.setTargetCapacity(action, within);
    case 'mark-retiring':
      return cluster.setAttribute(
        action.containerInstanceArn,
        ATTRIBUTE.retiring,
        formatRetirement(action.reason, action.since),
        within,
      );
    case 'drain':
      return cluster.drain(action.containerInstanceArn, within);
    case 'reactivate':
      // The mark goes last: a crash in between leaves it ACTIVE and marked, which the next pass knows how to read; the
      // other way round it would be DRAINING with nobody's name on it, for ever.
      await cluster.reactivate(action.containerInstanceArn, within);
      return cluster.removeAttribute(action.containerInstanceArn, ATTRIBUTE.retiring, within);
    case 'stop-task':
      return cluster.stopTask(action.taskArn, `spotkeeper: the drain for ${action.reason} took too long`, within);
    case 'terminate':
      return instances.terminate([action.instanceId], within);
    default:
      return action satisfies never;
  }
}
