// What must be true before a controller may start: the cluster exists, and the fleet is one whose size can be set
// without it choosing victims. What is wrong is an operator's to mend, so each error offers the mending.
import { type Fleet, isEnded } from '../model/fleet.ts';
import type { OnDemandPolicy } from '../plan/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import type { Logger } from '../ports/logger.ts';
import type { Rng } from '../ports/rng.ts';
import { type Backoff, backoffDelayMs } from '../runtime/backoff.ts';

export interface Verification {
  readonly cluster: Cluster;
  readonly fleet: SpotFleet;
  readonly onDemand: OnDemandPolicy;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** Called before every look: waiting is not hanging. */
  readonly onAttempt: () => void;
  /** Makes the lease table when there is none; null where the operator has not asked for that. */
  readonly ensureLeaseTable: ((signal: AbortSignal) => Promise<void>) | null;
}

// Throttled or unreachable at start is no mistake of anybody: keep asking, ever more slowly, rather than crash-loop.
const PATIENCE: Backoff = { baseMs: 500, capMs: 15_000 };

/** Returns once all has been looked at and is fit, or the signal aborts. @throws Failure of the operator's class */
export async function verify(verification: Verification, signal: AbortSignal): Promise<void> {
  const { cluster, fleet, onDemand, clock, rng, logger, onAttempt, ensureLeaseTable } = verification;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    onAttempt();
    try {
      await cluster.verify(signal);
      assertUsable(await fleet.describe(signal), onDemand);
      await ensureLeaseTable?.(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure) || error.kind !== 'world') throw error;
      if (attempt === 0) logger.warn({ err: error }, 'cannot start yet, and will try again');
      await clock.sleep(backoffDelayMs(attempt, PATIENCE, rng), signal);
    }
  }
}

/** @throws Failure `fleet-not-usable` with what to do about it */
export function assertUsable(fleet: Fleet, { baseUnits, fallback }: OnDemandPolicy): void {
  if (fleet.type !== 'maintain') {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} is of type ${fleet.type}, and only a request of type maintain can be resized; request a new one with Type=maintain and put its id into the fleet file`,
    );
  }
  if (isEnded(fleet)) {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} is ${fleet.state}; put the id of a running request into the fleet file`,
    );
  }
  if (fleet.options.length === 0) {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} names no instance types in its overrides or launch specifications, so what a unit holds cannot be known; name them there`,
    );
  }
  const isOnDemandWanted = baseUnits > 0 || fallback.maximumUnits > 0;
  if (fleet.onDemandTargetUnits > 0 && !isOnDemandWanted) {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} keeps ${fleet.onDemandTargetUnits} units On-Demand, and its file says nothing of them; put onDemand.base: ${fleet.onDemandTargetUnits} into the fleet file to keep them, or onDemand.fallback.maximumUnits to have them replaced by Spot`,
    );
  }
  if (isOnDemandWanted && fleet.launchSpecs.some(({ template }) => template === null)) {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} is made of launch specifications, and only one with launch templates can have On-Demand capacity; take onDemand out of the fleet file, or use a request with a launch template`,
    );
  }
  if (fleet.excessCapacityTerminationPolicy !== 'noTermination') {
    throw new Failure(
      'fleet-not-usable',
      `Spot Fleet request ${fleet.id} would choose its own victims when its target is lowered; forbid that with: aws ec2 modify-spot-fleet-request --spot-fleet-request-id ${fleet.id} --target-capacity ${fleet.targetUnits} --excess-capacity-termination-policy noTermination`,
    );
  }
}
