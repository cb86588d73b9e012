// The life of instances: pending, running, booted, perhaps noticed, perhaps stopped and started again, shutting-down,
// terminated, and an hour later forgotten. Every step checks where the instance is by then, so endings may cross in any
// order and stay harmless.
import type { Cancel } from '../agenda.ts';
import type { Ground } from '../ground.ts';
import { between } from '../seeded-rng.ts';
import { newInstanceId, newSpotInstanceRequestId } from './ids.ts';
import { type Ec2Instance, IMAGE_ID, type InstanceLifeListener, type InterruptionAction } from './instance.ts';
import type { TemplateVersion } from './launch-templates.ts';
import type { Network } from './network.ts';

export interface Launch {
  readonly instanceType: string;
  readonly zone: string;
  readonly fleetId: string | null;
  readonly isSpot: boolean;
  readonly clusterName: string | null;
  readonly weightUnits: number;
  /** null launches the image that is launched where nobody says. */
  readonly template: TemplateVersion | null;
}

export type EndCause = 'interruption' | 'terminate-call' | 'fleet-scale-in';

/** AWS shows a terminated instance for about an hour. */
const REMEMBERED_MS = 3_600_000;

export class Instances {
  readonly #ground: Ground;
  readonly #network: Network;
  readonly #byId = new Map<string, Ec2Instance>();
  readonly #listeners: InstanceLifeListener[] = [];
  /** By instance id: its way up, which a loss of power breaks off, and the deadline of its notice. */
  readonly #rising = new Map<string, Cancel>();
  readonly #deadlines = new Map<string, Cancel>();
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
    const { agenda, history, rng } = this.#ground;
    const instance: Ec2Instance = {
      id: newInstanceId(rng),
      instanceType: launch.instanceType,
      zone: launch.zone,
      subnetId: this.#network.subnetOf(launch.zone),
      fleetId: launch.fleetId,
      spotInstanceRequestId: launch.isSpot ? newSpotInstanceRequestId(rng) : null,
      clusterName: launch.clusterName,
      weightUnits: launch.weightUnits,
      imageId: launch.template?.imageId ?? IMAGE_ID,
      template: launch.template,
      launchedAt: agenda.now,
      privateIp: this.#network.takeAddress(launch.zone),
      state: 'pending',
      isUp: false,
      bootCount: 0,
      notice: null,
      rebalanceRecommendedAt: null,
      maintenance: [],
      targetState: null,
      terminatedAt: null,
      stateReason: null,
    };
    this.#byId.set(instance.id, instance);
    const { id: instanceId, instanceType, zone, fleetId, weightUnits } = instance;
    history.record({ at: agenda.now, kind: 'instance-launched', instanceId, instanceType, zone, fleetId, weightUnits });
    this.#rise(instance);
    return instance;
  }

  /**
   * Gives the warning; the power goes at its deadline unless the instance ends before or the notice is withdrawn. Returns
   * false, and does nothing, for one that has a notice already, is ending, or is not a Spot instance.
   */
  notice(
    instance: Ec2Instance,
    cause: 'interruption' | 'fleet-scale-in',
    action: InterruptionAction = 'terminate',
  ): boolean {
    if (instance.notice !== null || instance.spotInstanceRequestId === null || !isLive(instance)) return false;
    const { agenda, history, settings } = this.#ground;
    const deadlineAt = agenda.now + (action === 'hibernate' ? settings.hibernateAfterMs : settings.noticeMs);
    instance.notice = { action, noticedAt: agenda.now, deadlineAt };
    history.record({ at: agenda.now, kind: 'notice', instanceId: instance.id, deadlineAt });
    const interrupt = () => (action === 'terminate' ? this.end(instance, cause) : this.stop(instance, cause));
    this.#deadlines.set(instance.id, agenda.at(deadlineAt, interrupt));
    return true;
  }

  /** The notice disappears and nothing follows it. Returns false where there is none, or it has come true already. */
  withdrawNotice(instance: Ec2Instance): boolean {
    if (instance.notice === null || !isLive(instance)) return false;
    const { agenda, history } = this.#ground;
    this.#dropNotice(instance);
    history.record({ at: agenda.now, kind: 'notice-withdrawn', instanceId: instance.id });
    return true;
  }

  /** Cuts the power for good. Does nothing to an instance that is ending already. */
  end(instance: Ec2Instance, cause: EndCause): void {
    if (instance.state === 'shutting-down' || instance.state === 'terminated') return;
    const { agenda, history, rng, settings } = this.#ground;
    instance.state = 'shutting-down';
    instance.stateReason =
      cause === 'terminate-call' ? 'Client.UserInitiatedShutdown' : 'Server.SpotInstanceTermination';
    history.record({ at: agenda.now, kind: 'instance-ending', instanceId: instance.id, cause });
    this.#onEnding(instance, cause);
    this.#cutPower(instance);
    agenda.after(between(rng, settings.terminateMs), () => this.#terminated(instance));
  }

  /** Cuts the power of an instance that keeps its disks and can be started again. Does nothing to one that is not live. */
  stop(instance: Ec2Instance, cause: EndCause): void {
    if (!isLive(instance)) return;
    const { agenda, history, rng, settings } = this.#ground;
    instance.state = 'stopping';
    instance.stateReason = cause === 'terminate-call' ? 'Client.UserInitiatedShutdown' : 'Server.SpotInstanceShutdown';
    history.record({ at: agenda.now, kind: 'instance-stopping', instanceId: instance.id, cause });
    this.#onEnding(instance, cause);
    this.#cutPower(instance);
    agenda.after(between(rng, settings.terminateMs), () => {
      if (instance.state === 'stopping') instance.state = 'stopped';
    });
  }

  /** A stopped instance comes up again, without the notice it was stopped by. Returns false for one that is not stopped. */
  start(instance: Ec2Instance): boolean {
    if (instance.state !== 'stopped') return false;
    this.#dropNotice(instance);
    instance.rebalanceRecommendedAt = null;
    instance.stateReason = null;
    instance.launchedAt = this.#ground.agenda.now;
    instance.state = 'pending';
    this.#rise(instance);
    return true;
  }

  /** Power off and on again in place. Returns false, and does nothing, for an instance that is not up. */
  reboot(instance: Ec2Instance): boolean {
    if (!instance.isUp) return false;
    const { agenda, history } = this.#ground;
    history.record({ at: agenda.now, kind: 'instance-rebooting', instanceId: instance.id });
    this.#cutPower(instance);
    this.#bootLater(instance);
    return true;
  }

  #rise(instance: Ec2Instance): void {
    const { agenda, rng, settings } = this.#ground;
    const run = () => {
      instance.state = 'running';
      this.#bootLater(instance);
    };
    this.#rising.set(instance.id, agenda.after(between(rng, settings.launchMs), run));
  }

  #bootLater(instance: Ec2Instance): void {
    const { agenda, rng, settings } = this.#ground;
    this.#rising.set(
      instance.id,
      agenda.after(between(rng, settings.bootMs), () => this.#booted(instance)),
    );
  }

  #booted(instance: Ec2Instance): void {
    instance.isUp = true;
    instance.bootCount += 1;
    this.#ground.history.record({ at: this.#ground.agenda.now, kind: 'instance-booted', instanceId: instance.id });
    for (const listener of this.#listeners) listener.onBooted(instance);
  }

  #cutPower(instance: Ec2Instance): void {
    this.#rising.get(instance.id)?.();
    if (!instance.isUp) return;
    instance.isUp = false;
    for (const listener of this.#listeners) listener.onPowerOff(instance);
  }

  #dropNotice(instance: Ec2Instance): void {
    this.#deadlines.get(instance.id)?.();
    this.#deadlines.delete(instance.id);
    instance.notice = null;
  }

  #terminated(instance: Ec2Instance): void {
    const { agenda, history } = this.#ground;
    instance.state = 'terminated';
    instance.terminatedAt = agenda.now;
    this.#network.giveBack(instance.zone, instance.privateIp);
    history.record({ at: agenda.now, kind: 'instance-terminated', instanceId: instance.id });
    for (const listener of this.#listeners) listener.onTerminated(instance);
    this.#rising.delete(instance.id);
    this.#deadlines.delete(instance.id);
    agenda.after(REMEMBERED_MS, () => this.#byId.delete(instance.id));
  }
}

/** Pending or running: it counts for its fleet and can be noticed or ended. */
export function isLive(instance: Ec2Instance): boolean {
  return instance.state === 'pending' || instance.state === 'running';
}
