// One Spot fleet request and how it behaves by itself: it reviews what it has against its target, launches what is
// missing (so it replaces what dies), and sheds excess only when a change of its target says so and its policy allows.
// It knows nothing of ECS: it would end a full instance and keep an empty one.
import type { ExcessCapacityTerminationPolicy, FleetState } from '../../model/fleet.ts';
import { between } from '../seeded-rng.ts';
import type { Ground } from '../world.ts';
import { choosePool, choosePoolToShrink } from './allocation.ts';
import { FleetHistory } from './fleet-history.ts';
import { heldUnitsByPool, launchablePools, memberPools, poolKey } from './fleet-pools.ts';
import type { FleetSpec, LaunchOverride } from './fleet-spec.ts';
import type { Ec2Instance } from './instance.ts';
import type { EndCause, Instances } from './instances.ts';
import type { Market } from './market.ts';
import { Ec2Refusal } from './refusal.ts';

export interface FleetChange {
  readonly targetUnits?: number | undefined;
  readonly excessCapacityTerminationPolicy?: ExcessCapacityTerminationPolicy | undefined;
}

type FleetError = 'allLaunchSpecsTemporarilyBlacklisted' | 'spotInstanceCountLimitExceeded';
export type ActivityStatus = 'pending_fulfillment' | 'pending_termination' | 'fulfilled' | 'error';

/** What a fleet acts on. */
export interface FleetGround {
  readonly ground: Ground;
  readonly market: Market;
  readonly instances: Instances;
}

export class Fleet {
  readonly id: string;
  readonly spec: FleetSpec;
  readonly createdAt: number;
  readonly history: FleetHistory;
  readonly #on: FleetGround;
  readonly #members = new Map<string, Ec2Instance>();
  #state: FleetState = 'submitted';
  #targetUnits: number;
  #policy: ExcessCapacityTerminationPolicy;
  /** Units a `request` fleet has launched so far; it never launches them twice. */
  #launchedUnits = 0;
  #error: FleetError | null = null;

  constructor(id: string, spec: FleetSpec, on: FleetGround) {
    const { agenda } = on.ground;
    this.id = id;
    this.spec = spec;
    this.createdAt = agenda.now;
    this.history = new FleetHistory(agenda);
    this.#on = on;
    this.#targetUnits = spec.targetUnits;
    this.#policy = spec.excessCapacityTerminationPolicy;
  }

  get state(): FleetState {
    return this.#state;
  }

  /** The old value while a change is worked in. */
  get targetUnits(): number {
    return this.#targetUnits;
  }

  get excessCapacityTerminationPolicy(): ExcessCapacityTerminationPolicy {
    return this.#policy;
  }

  /** Members that are pending or running, oldest first. */
  get members(): readonly Ec2Instance[] {
    return [...this.#members.values()];
  }

  get fulfilledUnits(): number {
    const counts = this.#on.ground.settings.noticedCountsAsFulfilled;
    return sumOfWeights(this.members.filter((member) => counts || member.notice === null));
  }

  get activityStatus(): ActivityStatus {
    if (this.#error !== null) return 'error';
    if (this.#state === 'cancelled_terminating' || this.members.some(isNoticed)) return 'pending_termination';
    return this.fulfilledUnits >= this.#targetUnits ? 'fulfilled' : 'pending_fulfillment';
  }

  /** Starts the fleet's life: `submitted` until its first review. */
  submit(): void {
    this.history.record('submitted', `Spot Fleet request ${this.id} submitted.`);
    this.#recordTarget();
    this.#reviewLater();
  }

  /** ModifySpotFleetRequest: only a `maintain` fleet that is `active`, else `FleetNotInModifiableState`. */
  modify(change: FleetChange): void {
    if (this.spec.type !== 'maintain' || this.#state !== 'active') {
      const why = this.spec.type === 'maintain' ? `state is ${this.#state}` : `type is ${this.spec.type}`;
      throw new Ec2Refusal(
        'FleetNotInModifiableState',
        `Spot Fleet Request ${this.id} cannot be modified: its ${why}.`,
      );
    }
    const { agenda, rng, settings } = this.#on.ground;
    this.#state = 'modifying';
    this.history.record(
      'modify_in_progress',
      `Modifying to target capacity ${change.targetUnits ?? this.#targetUnits}.`,
    );
    agenda.after(between(rng, settings.fleetModifyMs), () => this.#workIn(change));
  }

  /** CancelSpotFleetRequests: the fleet launches no more, and its instances run on or are ended. */
  cancel(options: { terminateInstances: boolean }): void {
    if (this.#state.startsWith('cancelled')) return;
    this.#enter(options.terminateInstances ? 'cancelled_terminating' : 'cancelled_running');
    this.#error = null;
    if (options.terminateInstances) {
      for (const member of this.members) this.#on.instances.end(member, 'terminate-call');
    }
    this.#endIfEmpty();
  }

  /** One of its members is on its way out, by whatever cause. The next review launches what is missing. */
  lost(instance: Ec2Instance, cause: EndCause): void {
    if (!this.#members.delete(instance.id)) return;
    this.history.record('terminated', describeMember(instance), instance.id);
    this.#on.market.release(
      instance.instanceType,
      instance.zone,
      cause === 'interruption' ? 'interrupted' : 'given-up',
    );
    this.#endIfEmpty();
  }

  #reviewLater(): void {
    this.#on.ground.agenda.after(this.#on.ground.settings.fleetReviewMs, () => {
      if (this.#state === 'submitted') this.#enter('active');
      if (this.#state !== 'active' && this.#state !== 'modifying') return;
      this.#launchMissing();
      this.#reviewLater();
    });
  }

  #workIn(change: FleetChange): void {
    if (this.#state !== 'modifying') return;
    this.#targetUnits = change.targetUnits ?? this.#targetUnits;
    this.#policy = change.excessCapacityTerminationPolicy ?? this.#policy;
    this.#state = 'active';
    this.history.record('modify_succeeded', `Target capacity is ${this.#targetUnits}, ${this.#policy}.`);
    this.#recordTarget();
    if (this.#policy === 'default') this.#shedExcess();
    this.#launchMissing();
  }

  /** One instance at a time until nothing is missing, so it overshoots by less than the last one's weight. */
  #launchMissing(): void {
    const held = heldUnitsByPool(this.members);
    for (let missing = this.#missingUnits(); missing > 0; ) {
      const pool = this.#choosePool(held);
      if (typeof pool === 'string') {
        this.#stuck(pool, missing);
        return;
      }
      this.#launch(pool);
      held.set(poolKey(pool), (held.get(poolKey(pool)) ?? 0) + pool.weightUnits);
      missing -= pool.weightUnits;
    }
    this.#error = null;
  }

  #missingUnits(): number {
    return this.#targetUnits - (this.spec.type === 'request' ? this.#launchedUnits : this.fulfilledUnits);
  }

  #choosePool(held: ReadonlyMap<string, number>): LaunchOverride | FleetError {
    const { market, ground } = this.#on;
    if (market.isAtInstanceLimit) return 'spotInstanceCountLimitExceeded';
    const view = choosePool(this.spec.allocationStrategy, launchablePools(this.spec, held, market), ground.rng);
    return view === null ? 'allLaunchSpecsTemporarilyBlacklisted' : { ...view.pool, weightUnits: view.weightUnits };
  }

  #launch({ instanceType, zone, weightUnits }: LaunchOverride): void {
    const { clusterName } = this.spec;
    this.#on.market.take(instanceType, zone);
    const instance = this.#on.instances.launch({ instanceType, zone, fleetId: this.id, clusterName, weightUnits });
    this.#members.set(instance.id, instance);
    this.#launchedUnits += weightUnits;
    this.history.record('launched', describeMember(instance), instance.id);
  }

  /** Says an error when it begins or changes, not at every review. */
  #stuck(error: FleetError, missingUnits: number): void {
    if (this.#error === error) return;
    this.#error = error;
    this.history.record(error, `${missingUnits} units of target capacity ${this.#targetUnits} cannot be launched.`);
  }

  /** Ends members, with their notice first, while what stays is enough; it never goes below the target. */
  #shedExcess(): void {
    const { market, ground, instances } = this.#on;
    for (;;) {
      const staying = this.members.filter((member) => !isNoticed(member));
      const excess = sumOfWeights(staying) - this.#targetUnits;
      const views = memberPools(staying, market).filter((view) => view.weightUnits <= excess);
      const victim = choosePoolToShrink(this.spec.allocationStrategy, views, ground.rng)?.oldest;
      if (victim === undefined || !instances.notice(victim, 'fleet-scale-in')) return;
      this.history.record('termination_notified', describeMember(victim), victim.id);
    }
  }

  #endIfEmpty(): void {
    const isEnding = this.#state === 'cancelled_running' || this.#state === 'cancelled_terminating';
    if (isEnding && this.#members.size === 0) this.#enter('cancelled');
  }

  #enter(state: 'active' | 'cancelled_running' | 'cancelled_terminating' | 'cancelled'): void {
    this.#state = state;
    this.history.record(state, `Spot Fleet request ${this.id} is ${state}.`);
  }

  #recordTarget(): void {
    const { agenda, history } = this.#on.ground;
    history.record({ at: agenda.now, kind: 'fleet-target', fleetId: this.id, targetUnits: this.#targetUnits });
  }
}

function isNoticed(member: Ec2Instance): boolean {
  return member.notice !== null;
}

function sumOfWeights(members: readonly Ec2Instance[]): number {
  return members.reduce((sum, member) => sum + member.weightUnits, 0);
}

/** The JSON text AWS puts in the description of an instance change. */
function describeMember({ instanceType, zone }: Ec2Instance): string {
  return JSON.stringify({ instanceType, availabilityZone: zone, productDescription: 'Linux/UNIX' });
}
