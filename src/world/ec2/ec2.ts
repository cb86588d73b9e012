// The EC2 half of the pretend cloud: a market, the fleets that buy from it, and the instances they get. It knows
// nothing of clusters and tasks; whoever cares listens to the life of instances.
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { Fleet, type FleetChange } from './fleet.ts';
import { completeFleetSpec, type FleetRequest } from './fleet-spec.ts';
import { newFleetId } from './ids.ts';
import type { Ec2Instance, Ec2InstanceState, InstanceLifeListener } from './instance.ts';
import { Instances } from './instances.ts';
import { Market } from './market.ts';
import { Network } from './network.ts';

export interface Termination {
  readonly instanceId: string;
  readonly previousState: Ec2InstanceState;
  readonly currentState: Ec2InstanceState;
}

export interface OnDemandLaunch {
  readonly instanceType: string;
  readonly zone: string;
  readonly clusterName: string | null;
}

export class Ec2 {
  readonly market: Market;
  readonly #ground: Ground;
  readonly #instances: Instances;
  readonly #fleets = new Map<string, Fleet>();

  constructor(ground: Ground) {
    this.#ground = ground;
    this.market = new Market(ground.rng);
    this.#instances = new Instances(ground, new Network(ground.rng), (instance, cause) => {
      if (instance.fleetId !== null) this.#fleets.get(instance.fleetId)?.lost(instance, cause);
    });
  }

  /** Every fleet, by id, oldest first. */
  get fleets(): ReadonlyMap<string, Fleet> {
    return this.#fleets;
  }

  /** Every instance, by id, oldest first; terminated ones for another hour. */
  get instances(): ReadonlyMap<string, Ec2Instance> {
    return this.#instances.all;
  }

  /** Hears of every instance from now on. */
  listen(listener: InstanceLifeListener): void {
    this.#instances.listen(listener);
  }

  /** RequestSpotFleet. Returns the fleet's id; throws `InvalidSpotFleetRequestConfig`. */
  addFleet(request: FleetRequest): string {
    const spec = completeFleetSpec(request);
    for (const { instanceType, zone } of spec.overrides) this.market.pool(instanceType, zone);
    const on = { ground: this.#ground, market: this.market, instances: this.#instances };
    const fleet = new Fleet(newFleetId(this.#ground.rng), spec, on);
    this.#fleets.set(fleet.id, fleet);
    fleet.submit();
    return fleet.id;
  }

  /** ModifySpotFleetRequest. Throws `InvalidSpotFleetRequestId.NotFound` and `FleetNotInModifiableState`. */
  modifyFleet(fleetId: string, change: FleetChange): void {
    this.findFleet(fleetId).modify(change);
  }

  /** CancelSpotFleetRequests for one fleet. Throws `InvalidSpotFleetRequestId.NotFound`; cancelling twice is harmless. */
  cancelFleet(fleetId: string, options: { terminateInstances: boolean }): void {
    this.findFleet(fleetId).cancel(options);
  }

  /** RunInstances for one on-demand instance: it belongs to no fleet and counts for none. */
  launchOnDemand(launch: OnDemandLaunch): string {
    return this.#instances.launch({ ...launch, fleetId: null, weightUnits: 1 }).id;
  }

  /**
   * Two minutes (`noticeMs`) before a Spot instance loses its power, EC2 says so. Returns whether a notice was given: an
   * instance that has one, is ending, or is on-demand, gets none. Throws `InvalidInstanceID.NotFound`.
   */
  sendNotice(instanceId: string): boolean {
    const [instance] = this.findInstances([instanceId]);
    return instance !== undefined && this.#instances.notice(instance, 'interruption');
  }

  /** TerminateInstances: one unknown id and nothing is terminated; a terminated instance is no error. */
  terminate(instanceIds: readonly string[]): Termination[] {
    return this.findInstances(instanceIds).map((instance) => {
      const previousState = instance.state;
      this.#instances.end(instance, 'terminate-call');
      return { instanceId: instance.id, previousState, currentState: instance.state };
    });
  }

  /** All of these instances, in this order, or `InvalidInstanceID.NotFound` naming the unknown ones. */
  findInstances(instanceIds: readonly string[]): Ec2Instance[] {
    const unknown = instanceIds.filter((id) => !this.instances.has(id));
    if (unknown.length === 1) throw notFound(`The instance ID '${unknown[0]}' does not exist`);
    if (unknown.length > 1) throw notFound(`The instance IDs '${unknown.join(', ')}' do not exist`);
    return instanceIds.flatMap((id) => this.instances.get(id) ?? []);
  }

  /** The fleet, or `InvalidSpotFleetRequestId.NotFound`. */
  findFleet(fleetId: string): Fleet {
    const fleet = this.#fleets.get(fleetId);
    if (fleet !== undefined) return fleet;
    throw new Refusal('InvalidSpotFleetRequestId.NotFound', `The spot fleet request ID '${fleetId}' does not exist`);
  }
}

function notFound(message: string): Refusal {
  return new Refusal('InvalidInstanceID.NotFound', message);
}
