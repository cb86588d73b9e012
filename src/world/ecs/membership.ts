// How instances become container instances and stop being ones: registration after boot, the ECS agent's connection,
// DRAINING, deregistration after termination.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterContainerInstance.html (when it happens by itself)
import type { Ec2Instance } from '../ec2/instance.ts';
import type { Ground } from '../ground.ts';
import { between } from '../seeded-rng.ts';
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { newContainerInstance } from './new-container-instance.ts';
import { recountWants } from './service.ts';
import { recount } from './tally.ts';
import type { TaskLife } from './task-life.ts';

export interface MembershipHooks {
  findCluster(name: string): EcsCluster | undefined;
  /** Whether the account setting `awsvpcTrunking` is on now. */
  hasTrunking(): boolean;
  /** A container instance has just registered, and nothing has been placed on it. */
  joined(instance: EcsContainerInstance): void;
  changed(cluster: EcsCluster): void;
}

export class Membership {
  readonly #ground: Ground;
  readonly #life: TaskLife;
  readonly #hooks: MembershipHooks;
  /** By EC2 instance id. */
  readonly #members = new Map<string, EcsContainerInstance>();
  readonly #connectedAtPowerOff = new Set<EcsContainerInstance>();

  constructor(ground: Ground, life: TaskLife, hooks: MembershipHooks) {
    this.#ground = ground;
    this.#life = life;
    this.#hooks = hooks;
  }

  /** The container instance this EC2 instance registered as; undefined before that and after deregistration. */
  of(ec2InstanceId: string): EcsContainerInstance | undefined {
    return this.#members.get(ec2InstanceId);
  }

  onBooted(ec2: Ec2Instance): void {
    const { agenda, rng, settings } = this.#ground;
    if (ec2.clusterName === null) return;
    const boot = ec2.bootCount;
    agenda.after(between(rng, settings.registerMs), () => {
      if (ec2.bootCount === boot) this.#register(ec2);
    });
  }

  onPowerOff(ec2: Ec2Instance): void {
    const instance = this.of(ec2.id);
    if (instance === undefined) return;
    if (instance.agentConnected && ec2.state !== 'stopping') this.#connectedAtPowerOff.add(instance);
    this.setAgentConnected(instance, false);
    this.#life.powerOff(instance);
  }

  /**
   * A record whose ECS agent was not connected at the end, as that of an instance that had been stopped, stays as it is:
   * ACTIVE or DRAINING, and disconnected.
   */
  onTerminated(ec2: Ec2Instance): void {
    const { agenda, rng, settings } = this.#ground;
    const instance = this.of(ec2.id);
    if (instance === undefined || !this.#connectedAtPowerOff.has(instance)) return;
    agenda.after(between(rng, settings.deregisterMs), () => this.#deregister(instance));
  }

  /** Connects or disconnects the ECS agent; connecting does nothing on an instance that is down. */
  setAgentConnected(instance: EcsContainerInstance, isConnected: boolean): void {
    if (instance.agentConnected === isConnected || (isConnected && !instance.ec2.isUp)) return;
    instance.agentConnected = isConnected;
    this.#changed(instance);
    if (isConnected) this.#life.reconnected(instance);
  }

  setStatus(instance: EcsContainerInstance, status: 'ACTIVE' | 'DRAINING'): void {
    if (instance.status === status) return;
    const at = this.#ground.agenda.now;
    instance.status = status;
    if (status === 'DRAINING') {
      const { id: instanceId } = instance.ec2;
      this.#ground.history.record({
        at,
        kind: 'container-instance-draining',
        instanceId,
        containerInstanceArn: instance.arn,
      });
    }
    for (const task of instance.tasks) {
      recount(task);
      if (task.service !== null) recountWants(task.service, at);
    }
    this.#changed(instance);
  }

  #register(ec2: Ec2Instance): void {
    const known = this.of(ec2.id);
    if (known !== undefined) {
      this.#registerAgain(known);
      return;
    }
    const cluster = ec2.clusterName === null ? undefined : this.#hooks.findCluster(ec2.clusterName);
    if (cluster === undefined || !ec2.isUp) return;
    const instance = newContainerInstance(cluster, ec2, this.#ground, this.#hooks.hasTrunking());
    cluster.containerInstances.set(instance.id, instance);
    this.#members.set(ec2.id, instance);
    this.#ground.history.record({
      at: this.#ground.agenda.now,
      kind: 'container-instance-registered',
      instanceId: ec2.id,
      containerInstanceArn: instance.arn,
    });
    cluster.changes.room += 1;
    this.#hooks.joined(instance);
    this.#hooks.changed(cluster);
  }

  /**
   * The ECS agent keeps its ARN on the disk, so after another boot it is the same container instance: DRAINING and custom
   * attributes are as ECS kept them, and what ran before has ended.
   */
  #registerAgain(instance: EcsContainerInstance): void {
    if (!instance.ec2.isUp) return;
    this.#connectedAtPowerOff.delete(instance);
    this.setAgentConnected(instance, true);
  }

  #deregister(instance: EcsContainerInstance): void {
    instance.status = 'INACTIVE';
    instance.inactiveSince = this.#ground.agenda.now;
    this.#life.settleLost(instance);
    this.#connectedAtPowerOff.delete(instance);
    this.#members.delete(instance.ec2.id);
    this.#changed(instance);
  }

  #changed(instance: EcsContainerInstance): void {
    instance.version += 1;
    instance.cluster.changes.room += 1;
    this.#hooks.changed(instance.cluster);
  }
}
