// Does what the plan says, in its order, and makes no choices. The first failure ends the pass: what comes after may
// rest on what failed (a drain on the lower target), and the next pass plans afresh from what is then true.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { Action, Plan } from '../plan/plan.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import type { Instances } from '../ports/instances.ts';
import type { Logger } from '../ports/logger.ts';
import { deadline } from '../runtime/deadline.ts';
import type { Leadership } from './leadership.ts';

export interface Hands {
  readonly cluster: Cluster;
  readonly fleet: SpotFleet;
  readonly instances: Instances;
  readonly leadership: Leadership;
  readonly logger: Logger;
}

/** @throws Failure of the first action that fails, `lease-lost` among them */
export async function act(plan: Plan, hands: Hands, signal?: AbortSignal): Promise<void> {
  for (const action of plan) {
    hands.leadership.assertMayWrite();
    // The write ends inside the lease, whatever AWS and the SDK's retries make of it.
    await perform(action, hands, deadline(hands.leadership.writableMs(), signal));
    hands.logger.info({ ...action }, 'done');
  }
}

async function perform(action: Action, { cluster, fleet, instances }: Hands, until: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'set-target':
      return fleet.setTargetCapacity(action.targetUnits, until);
    case 'mark-retiring':
      return cluster.setAttribute(action.containerInstanceArn, ATTRIBUTE.retiring, action.reason, until);
    case 'drain':
      return cluster.drain(action.containerInstanceArn, until);
    case 'reactivate':
      // The mark goes last: a crash in between leaves it ACTIVE and marked, which the next pass knows how to read; the
      // other way round it would be DRAINING with nobody's name on it, for ever.
      await cluster.reactivate(action.containerInstanceArn, until);
      return cluster.removeAttribute(action.containerInstanceArn, ATTRIBUTE.retiring, until);
    case 'terminate':
      return instances.terminate([action.instanceId], until);
    default:
      return action satisfies never;
  }
}
