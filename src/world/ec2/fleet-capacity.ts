// The instances of one Spot fleet: what they count for, launching what is missing and shedding what is too much. When to
// do either is the fleet's decision. It knows nothing of ECS: it would end a full instance and keep an empty one.
import type { Ground } from '../ground.ts';
import { choosePool, choosePoolToShrink } from './allocation.ts';
import type { FleetHistory } from './fleet-history.ts';
import { cheapestOnDemand, heldUnitsByPool, launchablePools, memberPools, poolKey } from './fleet-pools.ts';
import type { FleetSpec, LaunchOverride } from './fleet-spec.ts';
import { type Ec2Instance, IMAGE_ID } from './instance.ts';
import type { EndCause, Instances } from './instances.ts';
import type { LaunchTemplates } from './launch-templates.ts';
import type { Market } from './market.ts';

export type FleetError = 'allLaunchSpecsTemporarilyBlacklisted' | 'spotInstanceCountLimitExceeded';

/** What a fleet acts on. */
export interface FleetGround {
  readonly ground: Ground;
  readonly market: Market;
  readonly instances: Instances;
  readonly launchTemplates: LaunchTemplates;
}

/** What a fleet is to hold. */
export interface FleetTarget {
  /** In all. */
  readonly units: number;
  /** The part of it that is to be On-Demand. */
  readonly onDemandUnits: number;
}

/** The version of the launch template from which a fleet launches, as its request names it. */
export interface FleetTemplate {
  readonly id: string;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string;
}

export class FleetCapacity {
  readonly #fleetId: string;
  readonly #spec: FleetSpec;
  readonly #history: FleetHistory;
  readonly #on: FleetGround;
  readonly #members = new Map<string, Ec2Instance>();
  /** Units a `request` fleet has launched so far; it never launches them twice. */
  #launchedUnits = 0;
  #error: FleetError | null = null;
  template: FleetTemplate;

  constructor(fleetId: string, spec: FleetSpec, history: FleetHistory, on: FleetGround) {
    // Its id follows from the fleet's, so that the world's randomness is left for what is random.
    const id = `lt-0${fleetId.replaceAll('-', '').slice('sfr'.length, 'sfr'.length + 16)}`;
    on.launchTemplates.addVersion(id, IMAGE_ID);
    this.template = { id, version: '1' };
    this.#fleetId = fleetId;
    this.#spec = spec;
    this.#history = history;
    this.#on = on;
  }

  /** false while image or user data are broken: what is launched runs, and never joins its cluster. */
  doLaunchesJoin = true;

  /** Pending or running, oldest first. */
  get members(): readonly Ec2Instance[] {
    return [...this.#members.values()];
  }

  get fulfilledUnits(): number {
    const counts = this.#on.ground.settings.noticedCountsAsFulfilled;
    let sum = 0;
    for (const member of this.#members.values()) if (counts || member.notice === null) sum += member.weightUnits;
    return sum;
  }

  /** What of it is On-Demand. */
  get onDemandFulfilledUnits(): number {
    let sum = 0;
    for (const member of this.#members.values()) if (!isSpot(member)) sum += member.weightUnits;
    return sum;
  }

  /** Why the last attempt to launch stopped short; null when it did not. */
  get error(): FleetError | null {
    return this.#error;
  }

  /**
   * One instance at a time until nothing is missing, so it overshoots by less than the last one's weight. The two parts
   * are counted apart: too much On-Demand does not make up for Spot that is missing.
   */
  launchMissing({ units, onDemandUnits }: FleetTarget): void {
    this.#launchOnDemand(onDemandUnits);
    this.#launchSpot(units - onDemandUnits);
  }

  /** On-Demand capacity is always to be had here. */
  #launchOnDemand(targetUnits: number): void {
    for (let missing = targetUnits - this.onDemandFulfilledUnits; missing > 0; ) {
      const override = cheapestOnDemand(this.#spec);
      this.launch(override, { isSpot: false });
      missing -= override.weightUnits;
    }
  }

  #launchSpot(targetUnits: number): void {
    const { type } = this.#spec;
    const has = type === 'request' ? this.#launchedUnits : this.fulfilledUnits - this.onDemandFulfilledUnits;
    // Counted once and kept up to date: most reviews launch nothing, and a big launch asks for it at every instance.
    const held = has < targetUnits ? heldUnitsByPool(this.members) : new Map<string, number>();
    for (let missing = targetUnits - has; missing > 0; ) {
      const pool = this.#choosePool(held);
      if (typeof pool === 'string') {
        this.#stuck(pool, `${missing} units of Spot target capacity ${targetUnits} cannot be launched.`);
        return;
      }
      this.launch(pool);
      held.set(poolKey(pool), (held.get(poolKey(pool)) ?? 0) + pool.weightUnits);
      missing -= pool.weightUnits;
    }
    this.#error = null;
  }

  /** Ends members, with their notice first, while what stays is enough; it never goes below the target. */
  shedExcess(targetUnits: number): void {
    const { market, ground, instances } = this.#on;
    for (;;) {
      const members = this.members.filter((member) => member.notice === null);
      const excess = sumOfWeights(members) - targetUnits;
      const staying = members.filter(isSpot);
      const views = memberPools(staying, market).filter((view) => view.weightUnits <= excess);
      const victim = choosePoolToShrink(this.#spec.allocationStrategy, views, ground.rng)?.oldest;
      if (victim === undefined || !instances.notice(victim, 'fleet-scale-in')) return;
      this.#history.record('termination_notified', describeMember(victim), victim.id);
    }
  }

  /** Cuts the power of every member. */
  endAll(): void {
    for (const member of this.members) this.#on.instances.end(member, 'terminate-call');
  }

  /** A member is on its way out, by whatever cause. Returns false for an instance that is none. */
  lost(instance: Ec2Instance, cause: EndCause): boolean {
    if (!this.#members.delete(instance.id)) return false;
    this.#history.record('terminated', describeMember(instance), instance.id);
    if (!isSpot(instance)) return true;
    this.#on.market.release(
      instance.instanceType,
      instance.zone,
      cause === 'interruption' ? 'interrupted' : 'given-up',
    );
    return true;
  }

  #choosePool(held: ReadonlyMap<string, number>): LaunchOverride | FleetError {
    const { market, ground } = this.#on;
    if (market.isAtInstanceLimit) return 'spotInstanceCountLimitExceeded';
    const view = choosePool(this.#spec.allocationStrategy, launchablePools(this.#spec, held, market), ground.rng);
    if (view === null) return 'allLaunchSpecsTemporarilyBlacklisted';
    return { instanceType: view.pool.instanceType, zone: view.pool.zone, weightUnits: view.weightUnits };
  }

  /** One more member, of this pool, whatever the strategy would say. */
  launch({ instanceType, zone, weightUnits }: LaunchOverride, { isSpot } = { isSpot: true }): void {
    // Without its user data an instance starts no ECS agent.
    const clusterName = this.doLaunchesJoin ? this.#spec.clusterName : null;
    if (isSpot) this.#on.market.take(instanceType, zone);
    const template = this.#on.launchTemplates.find(this.template.id, this.template.version);
    const launch = { instanceType, zone, fleetId: this.#fleetId, isSpot, clusterName, weightUnits, template };
    const instance = this.#on.instances.launch(launch);
    this.#members.set(instance.id, instance);
    this.#launchedUnits += weightUnits;
    this.#history.record('launched', describeMember(instance), instance.id);
  }

  /** Says an error when it begins or changes, not at every review. */
  #stuck(error: FleetError, description: string): void {
    if (this.#error === error) return;
    this.#error = error;
    this.#history.record(error, description);
  }
}

function isSpot({ spotInstanceRequestId }: Ec2Instance): boolean {
  return spotInstanceRequestId !== null;
}

function sumOfWeights(members: readonly Ec2Instance[]): number {
  return members.reduce((sum, member) => sum + member.weightUnits, 0);
}

/** The JSON text AWS puts in the description of an instance change. */
function describeMember({ instanceType, zone }: Ec2Instance): string {
  return JSON.stringify({ instanceType, availabilityZone: zone, productDescription: 'Linux/UNIX' });
}
