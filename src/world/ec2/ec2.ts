// The EC2 half of the pretend cloud: a market, the fleets that buy from it, and the instances they get. It knows
// nothing of clusters and tasks; whoever cares listens to the life of instances.
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { Fleet, type FleetChange } from './fleet.ts';
import { completeFleetSpec, type FleetRequest } from './fleet-spec.ts';
import { newFleetId } from './ids.ts';
import type {
  Ec2Instance,
  Ec2InstanceState,
  InstanceLifeListener,
  InterruptionAction,
  TargetState,
} from './instance.ts';
import { Instances } from './instances.ts';
import { LaunchTemplates } from './launch-templates.ts';
import { finishMaintenance, type MaintenanceOrder, scheduleMaintenance } from './maintenance.ts';
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
  readonly launchTemplates = new LaunchTemplates();
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
    const on = {
      ground: this.#ground,
      market: this.market,
      instances: this.#instances,
      launchTemplates: this.launchTemplates,
    };
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
    return this.#instances.launch({ ...launch, fleetId: null, isSpot: false, weightUnits: 1, template: null }).id;
  }

  /**
   * Two minutes (`noticeMs`; before hibernation only `hibernateAfterMs`) before a Spot instance loses its power, EC2 says
   * so. Returns whether a notice was given: an instance that has one, is ending, or is on-demand, gets none.
   */
  sendNotice(instanceId: string, options: { readonly action?: InterruptionAction } = {}): boolean {
    return this.#instances.notice(this.#find(instanceId), 'interruption', options.action);
  }

  /** The notice disappears and the power stays. Returns false where there is no notice, or it has come true. */
  withdrawNotice(instanceId: string): boolean {
    return this.#instances.withdrawNotice(this.#find(instanceId));
  }

  /** EC2 sees an elevated risk of an interruption; a second recommendation takes the place of the first. */
  recommendRebalance(instanceId: string): void {
    this.#find(instanceId).rebalanceRecommendedAt = this.#ground.agenda.now;
  }

  /** Announces maintenance, and does nothing to the instance. Returns the event's id. */
  scheduleMaintenance(instanceId: string, order: MaintenanceOrder): string {
    return scheduleMaintenance(this.#find(instanceId), order, this.#ground.rng);
  }

  /** Moves an event to the history. Returns false where none of this id was still to come. */
  finishMaintenance(instanceId: string, eventId: string, state: 'completed' | 'canceled'): boolean {
    return finishMaintenance(this.#find(instanceId), eventId, state);
  }

  /** As if the instance were in an Auto Scaling group that wants this of it; null is in none. */
  setTargetState(instanceId: string, state: TargetState | null): void {
    this.#find(instanceId).targetState = state;
  }

  /** RebootInstances: the power goes and comes back, and the instance stays `running`. Returns false while it is not up. */
  reboot(instanceId: string): boolean {
    return this.#instances.reboot(this.#find(instanceId));
  }

  /** StopInstances by somebody's call, without a notice. */
  stopInstance(instanceId: string): void {
    this.#instances.stop(this.#find(instanceId), 'terminate-call');
  }

  /** StartInstances. Returns false for an instance that is not `stopped`. */
  startInstance(instanceId: string): boolean {
    return this.#instances.start(this.#find(instanceId));
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

  #find(instanceId: string): Ec2Instance {
    const [instance] = this.findInstances([instanceId]);
    if (instance === undefined) throw notFound(`The instance ID '${instanceId}' does not exist`);
    return instance;
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
