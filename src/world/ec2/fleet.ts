// One Spot fleet request and how it behaves by itself. It is `submitted` until its first review, then `active`; at every
// review it launches what is missing, so it replaces what dies. A modification makes it `modifying` for a while, in which
// everybody still sees the old target; only when it is worked in, and only under the policy `default`, excess is shed.
import type { ExcessCapacityTerminationPolicy, FleetState } from '../../model/fleet.ts';
import { Refusal } from '../refusal.ts';
import { between } from '../seeded-rng.ts';
import { FleetCapacity, type FleetGround, type FleetTemplate } from './fleet-capacity.ts';
import { FleetHistory } from './fleet-history.ts';
import type { FleetSpec, LaunchOverride } from './fleet-spec.ts';
import type { Ec2Instance } from './instance.ts';
import type { EndCause } from './instances.ts';

export interface FleetChange {
  readonly targetUnits?: number | undefined;
  /** The part of the target that is to be On-Demand. */
  readonly onDemandUnits?: number | undefined;
  readonly excessCapacityTerminationPolicy?: ExcessCapacityTerminationPolicy | undefined;
  /** Another version of its launch template, from which it launches from then on. */
  readonly templateVersion?: string | undefined;
}

export type ActivityStatus = 'pending_fulfillment' | 'pending_termination' | 'fulfilled' | 'error';

export class Fleet {
  readonly id: string;
  readonly spec: FleetSpec;
  readonly createdAt: number;
  readonly history: FleetHistory;
  readonly #on: FleetGround;
  readonly #capacity: FleetCapacity;
  #state: FleetState = 'submitted';
  #targetUnits: number;
  #onDemandUnits = 0;
  #policy: ExcessCapacityTerminationPolicy;

  constructor(id: string, spec: FleetSpec, on: FleetGround) {
    const { agenda } = on.ground;
    this.id = id;
    this.spec = spec;
    this.createdAt = agenda.now;
    this.history = new FleetHistory(agenda);
    this.#on = on;
    this.#capacity = new FleetCapacity(id, spec, this.history, on);
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

  /** The part of it that is to be On-Demand. */
  get onDemandTargetUnits(): number {
    return this.#onDemandUnits;
  }

  get excessCapacityTerminationPolicy(): ExcessCapacityTerminationPolicy {
    return this.#policy;
  }

  /** What it launches from now on. */
  get template(): FleetTemplate {
    return this.#capacity.template;
  }

  /** Members that are pending or running, oldest first. */
  get members(): readonly Ec2Instance[] {
    return this.#capacity.members;
  }

  /** Weights of the members; `settings.noticedCountsAsFulfilled` says whether noticed ones are in it. */
  get fulfilledUnits(): number {
    return this.#capacity.fulfilledUnits;
  }

  /** Breaks image and user data, or mends them: what is launched from now on joins its cluster, or never does. */
  letLaunchesJoin(doJoin: boolean): void {
    this.#capacity.doLaunchesJoin = doJoin;
  }

  get onDemandFulfilledUnits(): number {
    return this.#capacity.onDemandFulfilledUnits;
  }

  get activityStatus(): ActivityStatus {
    if (this.#isReviewing && this.#capacity.error !== null) return 'error';
    const surplus = this.fulfilledUnits - this.#targetUnits;
    if (surplus > 0 && this.#policy === 'default' && this.members.some(isNoticed)) return 'pending_termination';
    return surplus >= 0 ? 'fulfilled' : 'pending_fulfillment';
  }

  /** Starts the fleet's life. */
  submit(): void {
    this.history.record('submitted', `Spot Fleet request ${this.id} submitted.`);
    this.#recordTarget();
    this.#reviewLater();
  }

  /**
   * ModifySpotFleetRequest: only a `maintain` fleet that is `active`, else `FleetNotInModifiableState`. Who runs already
   * keeps what it was launched with.
   */
  modify(change: FleetChange): void {
    if (this.spec.type !== 'maintain' || this.#state !== 'active') {
      const why = this.spec.type === 'maintain' ? `state is ${this.#state}` : `type is ${this.spec.type}`;
      throw new Refusal('FleetNotInModifiableState', `Spot Fleet Request ${this.id} cannot be modified: its ${why}.`);
    }
    const [units, part] = [change.targetUnits ?? this.#targetUnits, change.onDemandUnits ?? this.#onDemandUnits];
    if (part > units) {
      throw new Refusal('InvalidSpotFleetRequestConfig', `On-Demand target ${part} is above target capacity ${units}.`);
    }
    const { agenda, rng, settings } = this.#on.ground;
    if (change.templateVersion !== undefined) {
      this.#on.launchTemplates.find(this.template.id, change.templateVersion);
    }
    this.#state = 'modifying';
    this.history.record('modify_in_progress', `Modifying to target capacity ${units}.`);
    agenda.after(between(rng, settings.fleetModifyMs), () => this.#workIn(change));
  }

  /** CancelSpotFleetRequests: the fleet launches no more, and its instances run on or are ended. */
  cancel(options: { terminateInstances: boolean }): void {
    if (this.#state.startsWith('cancelled')) return;
    this.#enter(options.terminateInstances ? 'cancelled_terminating' : 'cancelled_running');
    if (options.terminateInstances) this.#capacity.endAll();
    this.#cancelledWhenEmpty();
  }

  /** Launches so many instances of one of its pools, as if its strategy had chosen so. */
  launch(override: LaunchOverride, count: number): void {
    for (let left = count; left > 0; left -= 1) this.#capacity.launch(override);
  }

  /** One of its members is on its way out, by whatever cause. The next review launches what is missing. */
  lost(instance: Ec2Instance, cause: EndCause): void {
    if (this.#capacity.lost(instance, cause)) this.#cancelledWhenEmpty();
  }

  get #isReviewing(): boolean {
    return this.#state === 'active' || this.#state === 'modifying';
  }

  #reviewLater(): void {
    this.#on.ground.agenda.after(this.#on.ground.settings.fleetReviewMs, () => {
      if (this.#state === 'submitted') this.#enter('active');
      if (!this.#isReviewing) return;
      this.#launchMissing();
      this.#reviewLater();
    });
  }

  #workIn(change: FleetChange): void {
    if (this.#state !== 'modifying') return;
    this.#targetUnits = change.targetUnits ?? this.#targetUnits;
    this.#onDemandUnits = change.onDemandUnits ?? this.#onDemandUnits;
    this.#policy = change.excessCapacityTerminationPolicy ?? this.#policy;
    this.#capacity.template = { ...this.template, version: change.templateVersion ?? this.template.version };
    this.#state = 'active';
    this.history.record('modify_succeeded', `Target capacity is ${this.#targetUnits}, ${this.#policy}.`);
    this.#recordTarget();
    if (this.#policy === 'default') this.#capacity.shedExcess(this.#targetUnits);
    this.#launchMissing();
  }

  #launchMissing(): void {
    this.#capacity.launchMissing({ units: this.#targetUnits, onDemandUnits: this.#onDemandUnits });
  }

  #cancelledWhenEmpty(): void {
    const isEnding = this.#state === 'cancelled_running' || this.#state === 'cancelled_terminating';
    if (isEnding && this.members.length === 0) this.#enter('cancelled');
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
