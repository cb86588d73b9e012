// The life of instances: pending, running, booted, perhaps noticed, shutting-down, terminated, and an hour later
// forgotten. Every step checks where the instance is by then, so endings may cross in any order and stay harmless.

import type { Ground } from '../ground.ts';
import { between } from '../seeded-rng.ts';
import { newInstanceId, newSpotInstanceRequestId } from './ids.ts';
import type { Ec2Instance, InstanceLifeListener } from './instance.ts';
import type { Network } from './network.ts';

export interface Launch {
  readonly instanceType: string;
  readonly zone: string;
  readonly fleetId: string | null;
  readonly clusterName: string | null;
  readonly weightUnits: number;
}

export type EndCause = 'interruption' | 'terminate-call' | 'fleet-scale-in';

/** AWS shows a terminated instance for about an hour. */
const REMEMBERED_MS = 3_600_000;

export class Instances {
  readonly #ground: Ground;
  readonly #network: Network;
  readonly #byId = new Map<string, Ec2Instance>();
  readonly #listeners: InstanceLifeListener[] = [];
  readonly #onEnding: (instance: Ec2Instance, cause: EndCause) => void;

  /** @param onEnding told when an instance stops counting for anyone, before the listeners hear of the power-off */
  constructor(ground: Ground, network: Network, onEnding: (instance: Ec2Instance, cause: EndCause) => void) {
    this.#ground = ground;
    this.#network = network;
    this.#onEnding = onEnding;
  }

  get all(): ReadonlyMap<string, Ec2Instance> {
    return this.#byId;
  }

  listen(listener: InstanceLifeListener): void {
    this.#listeners.push(listener);
  }

  launch(launch: Launch): Ec2Instance {
    const { agenda, history, rng, settings } = this.#ground;
    const instance: Ec2Instance = {
      id: newInstanceId(rng),
      instanceType: launch.instanceType,
      zone: launch.zone,
      subnetId: this.#network.subnetOf(launch.zone),
      fleetId: launch.fleetId,
      spotInstanceRequestId: launch.fleetId === null ? null : newSpotInstanceRequestId(rng),
      clusterName: launch.clusterName,
      weightUnits: launch.weightUnits,
      launchedAt: agenda.now,
      privateIp: this.#network.takeAddress(launch.zone),
      state: 'pending',
      isUp: false,
      notice: null,
      terminatedAt: null,
      stateReason: null,
    };
    this.#byId.set(instance.id, instance);
    const { id: instanceId, instanceType, zone, fleetId, weightUnits } = instance;
    history.record({ at: agenda.now, kind: 'instance-launched', instanceId, instanceType, zone, fleetId, weightUnits });
    agenda.after(between(rng, settings.launchMs), () => this.#run(instance));
    return instance;
  }

  /**
   * Gives the two-minute warning; the power goes at its deadline unless the instance ends before. Returns false, and
   * does nothing, for one that has a notice already, is ending, or is not a Spot instance.
   */
  notice(instance: Ec2Instance, cause: 'interruption' | 'fleet-scale-in'): boolean {
    if (instance.notice !== null || instance.spotInstanceRequestId === null || !isLive(instance)) return false;
    const { agenda, history, settings } = this.#ground;
    const deadlineAt = agenda.now + settings.noticeMs;
    instance.notice = { action: 'terminate', noticedAt: agenda.now, deadlineAt };
    history.record({ at: agenda.now, kind: 'notice', instanceId: instance.id, deadlineAt });
    agenda.at(deadlineAt, () => this.end(instance, cause));
    return true;
  }

  /** Cuts the power. Does nothing to an instance that is ending already. */
  end(instance: Ec2Instance, cause: EndCause): void {
    if (!isLive(instance)) return;
    const { agenda, history, rng, settings } = this.#ground;
    const wasUp = instance.isUp;
    instance.state = 'shutting-down';
    instance.isUp = false;
    instance.stateReason =
      cause === 'terminate-call' ? 'Client.UserInitiatedShutdown' : 'Server.SpotInstanceTermination';
    history.record({ at: agenda.now, kind: 'instance-ending', instanceId: instance.id, cause });
    this.#onEnding(instance, cause);
    if (wasUp) for (const listener of this.#listeners) listener.onPowerOff(instance);
    agenda.after(between(rng, settings.terminateMs), () => this.#terminated(instance));
  }

  #run(instance: Ec2Instance): void {
    if (instance.state !== 'pending') return;
    instance.state = 'running';
    const { agenda, rng, settings } = this.#ground;
    agenda.after(between(rng, settings.bootMs), () => this.#booted(instance));
  }

  #booted(instance: Ec2Instance): void {
    if (instance.state !== 'running') return;
    instance.isUp = true;
    this.#ground.history.record({ at: this.#ground.agenda.now, kind: 'instance-booted', instanceId: instance.id });
    for (const listener of this.#listeners) listener.onBooted(instance);
  }

  #terminated(instance: Ec2Instance): void {
    const { agenda, history } = this.#ground;
    instance.state = 'terminated';
    instance.terminatedAt = agenda.now;
    this.#network.giveBack(instance.zone, instance.privateIp);
    history.record({ at: agenda.now, kind: 'instance-terminated', instanceId: instance.id });
    for (const listener of this.#listeners) listener.onTerminated(instance);
    agenda.after(REMEMBERED_MS, () => this.#byId.delete(instance.id));
  }
}

/** Pending or running: it counts for its fleet and can be noticed or ended. */
export function isLive(instance: Ec2Instance): boolean {
  return instance.state === 'pending' || instance.state === 'running';
}
