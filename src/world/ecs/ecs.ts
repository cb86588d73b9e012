// ECS in one account and region: clusters, what is registered in them, and what runs. This is the face the rest of the
// world and its doors use; the rules live in the files beside it.
import type { Ec2Instance, InstanceLifeListener } from '../ec2/instance.ts';
import type { TargetGroups } from '../elb/target-groups.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { ecsArn } from './identity.ts';
import { checkLoadBalancers } from './load-balancers.ts';
import { Membership } from './membership.ts';
import { Scheduler } from './scheduler.ts';
import { type EcsService, primaryOf } from './service.ts';
import { createService, type ServiceChange, type ServiceSpec, updateService } from './services.ts';
import { type RunTaskOrder, Standalone, type StandaloneResult, type StartTaskOrder } from './standalone.ts';
import type { EcsTask } from './task.ts';
import type { EcsTaskDefinition, TaskDefinitionSpec } from './task-definition.ts';
import { TaskDefinitions } from './task-definitions.ts';
import { TaskLife } from './task-life.ts';

/** Account settings that change what happens in this world. */
export interface AccountSettings {
  /** Instances that register from now on get a trunk interface, where their type can have one. */
  awsvpcTrunking: boolean;
}

export class Ecs implements InstanceLifeListener {
  readonly account: AccountSettings = { awsvpcTrunking: false };
  readonly #ground: Ground;
  readonly #targetGroups: TargetGroups;
  readonly #clusters = new Map<string, EcsCluster>();
  readonly #definitions: TaskDefinitions;
  readonly #life: TaskLife;
  readonly #scheduler: Scheduler;
  readonly #membership: Membership;
  readonly #standalone: Standalone;

  constructor(ground: Ground, targetGroups: TargetGroups) {
    this.#ground = ground;
    this.#targetGroups = targetGroups;
    this.#definitions = new TaskDefinitions(ground);
    const changed = (cluster: EcsCluster): void => this.#scheduler.poke(cluster);
    this.#life = new TaskLife(ground, targetGroups, changed);
    this.#scheduler = new Scheduler(ground, this.#life);
    this.#standalone = new Standalone(ground, this.#life);
    this.#membership = new Membership(ground, this.#life, {
      findCluster: (name) => this.#clusters.get(name),
      hasTrunking: () => this.account.awsvpcTrunking,
      joined: (instance) => this.#scheduler.joined(instance),
      changed,
    });
  }

  /** Makes the cluster, or returns the one of that name. */
  createCluster(name: string): EcsCluster {
    const known = this.#clusters.get(name);
    if (known !== undefined) return known;
    const cluster: EcsCluster = {
      name,
      arn: ecsArn(this.#ground.settings, 'cluster', name),
      tags: new Map(),
      containerInstances: new Map(),
      services: new Map(),
      tasks: new Map(),
      stoppedTasks: [],
      changes: { room: 0, tasks: 0 },
    };
    this.#clusters.set(name, cluster);
    this.#scheduler.watch(cluster);
    return cluster;
  }

  /** By name or ARN. */
  findCluster(reference: string): EcsCluster | undefined {
    const cluster = this.#clusters.get(reference.slice(reference.lastIndexOf('/') + 1));
    return cluster !== undefined && (cluster.name === reference || cluster.arn === reference) ? cluster : undefined;
  }

  /** @throws Refusal ClusterNotFoundException */
  cluster(reference: string): EcsCluster {
    const cluster = this.findCluster(reference);
    if (cluster === undefined) throw new Refusal('ClusterNotFoundException', 'Cluster not found.');
    return cluster;
  }

  /** @throws Refusal ClientException for what AWS would not register */
  registerTaskDefinition(spec: TaskDefinitionSpec): EcsTaskDefinition {
    return this.#definitions.register(spec);
  }

  /** By `family` (its newest revision), `family:revision` or ARN. */
  findTaskDefinition(reference: string): EcsTaskDefinition | undefined {
    return this.#definitions.find(reference);
  }

  /** @throws Refusal InvalidParameterException */
  createService(cluster: EcsCluster, spec: ServiceSpec): EcsService {
    checkLoadBalancers(this.#targetGroups, spec.definition, spec.loadBalancers ?? []);
    const service = createService(this.#ground, cluster, spec);
    this.#scheduler.poke(cluster);
    return service;
  }

  /** @throws Refusal InvalidParameterException */
  updateService(service: EcsService, change: ServiceChange): void {
    const definition = change.definition ?? primaryOf(service).definition;
    checkLoadBalancers(this.#targetGroups, definition, change.loadBalancers ?? service.loadBalancers);
    updateService(this.#ground, service, change);
    this.#scheduler.poke(service.cluster);
  }

  /** @throws Refusal InvalidParameterException in a cluster without ACTIVE container instances */
  runTask(cluster: EcsCluster, order: RunTaskOrder): StandaloneResult {
    return this.#standalone.run(cluster, order);
  }

  startTask(cluster: EcsCluster, order: StartTaskOrder): StandaloneResult {
    return this.#standalone.start(cluster, order);
  }

  /** SIGTERM now, SIGKILL after the stop timeout; a service replaces its task. Stopping twice does nothing. */
  stopTask(task: EcsTask, reason: string): void {
    this.#life.stop(task, 'UserInitiated', reason);
  }

  /** Scale-in protection until an instant, or null for none. */
  protectTask(task: EcsTask, protectedUntil: number | null): void {
    task.protectedUntil = protectedUntil;
    task.version += 1;
    this.#scheduler.poke(task.cluster);
  }

  /** DRAINING or back to ACTIVE; the status it has already changes nothing. */
  setStatus(instance: EcsContainerInstance, status: 'ACTIVE' | 'DRAINING'): void {
    this.#membership.setStatus(instance, status);
  }

  /** Attributes have changed: constraints may decide otherwise now. */
  reconsider(cluster: EcsCluster): void {
    cluster.changes.room += 1;
    this.#scheduler.poke(cluster);
  }

  /** Lets the schedulers look at every service now rather than soon. */
  reviewNow(cluster: EcsCluster): void {
    this.#scheduler.reviewNow(cluster);
  }

  /** A fault to play: the ECS agent loses or regains its connection. Connecting does nothing while the instance is down. */
  setAgentConnected(instance: EcsContainerInstance, isConnected: boolean): void {
    this.#membership.setAgentConnected(instance, isConnected);
  }

  /** How long a family's tasks take to exit after SIGTERM (default 60 % of their stop timeout). */
  setExitTime(family: string, exitMs: number): void {
    this.#life.setExitTime(family, exitMs);
  }

  /** Lets a family's tasks, from the next one started, exit by themselves after running this long. */
  setRunTime(family: string, runMs: number): void {
    this.#life.setRunTime(family, runMs);
  }

  /** What this EC2 instance registered as; undefined before that and after deregistration. */
  containerInstanceOf(ec2InstanceId: string): EcsContainerInstance | undefined {
    return this.#membership.of(ec2InstanceId);
  }

  onBooted(instance: Ec2Instance): void {
    this.#membership.onBooted(instance);
  }

  onPowerOff(instance: Ec2Instance): void {
    this.#membership.onPowerOff(instance);
  }

  onTerminated(instance: Ec2Instance): void {
    this.#membership.onTerminated(instance);
  }
}
