// A world with the ECS half only: container instances are made by hand, so a test needs no fleet and no boot.
import { Agenda } from '../../../src/world/agenda.ts';
import { type Ec2Instance, IMAGE_ID } from '../../../src/world/ec2/instance.ts';
import type { EcsCluster } from '../../../src/world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import { Ecs } from '../../../src/world/ecs/ecs.ts';
import type { EcsService } from '../../../src/world/ecs/service.ts';
import type { ServiceSpec } from '../../../src/world/ecs/services.ts';
import type { EcsTask } from '../../../src/world/ecs/task.ts';
import type { EcsTaskDefinition, TaskDefinitionSpec } from '../../../src/world/ecs/task-definition.ts';
import type { ContainerDefinition } from '../../../src/world/ecs/task-need.ts';
import { TargetGroups } from '../../../src/world/elb/target-groups.ts';
import { History } from '../../../src/world/history.ts';
import { seededRng } from '../../../src/world/seeded-rng.ts';
import { REAL_PACE, type WorldSettings } from '../../../src/world/settings.ts';

/** Everything takes a known time, so that tests can say when a thing must have happened. */
export const STEADY_PACE: WorldSettings = {
  ...REAL_PACE,
  registerMs: [1_000, 1_000],
  deregisterMs: [1_000, 1_000],
  taskStartMs: [2_000, 2_000],
  schedulerMs: 1_000,
  healthyAfterMs: 40_000,
};

export class AnEcs {
  readonly agenda = new Agenda(Date.UTC(2026, 10, 21));
  readonly history = new History();
  readonly settings: WorldSettings;
  readonly rng;
  readonly targetGroups: TargetGroups;
  readonly ecs: Ecs;
  readonly cluster: EcsCluster;
  #instances = 0;

  constructor(settings: Partial<WorldSettings> = {}, seed = 1) {
    this.settings = { ...STEADY_PACE, ...settings };
    this.rng = seededRng(seed);
    this.targetGroups = new TargetGroups(this);
    this.ecs = new Ecs(this, this.targetGroups);
    this.cluster = this.ecs.createCluster('production');
  }

  get now(): number {
    return this.agenda.now;
  }

  run(durationMs: number): void {
    this.agenda.advanceTo(this.agenda.now + durationMs);
  }

  /** Advances until the condition holds, in steps of a tenth of a second; throws after an hour of world time. */
  runUntil(condition: () => boolean): void {
    const latest = this.now + 3_600_000;
    while (!condition()) {
      if (this.now > latest) throw new Error('the condition did not come true within an hour of world time');
      this.run(100);
    }
  }

  boot(options: Partial<Ec2Instance> = {}): Ec2Instance {
    this.#instances += 1;
    const ec2: Ec2Instance = {
      id: `i-${String(this.#instances).padStart(17, '0')}`,
      instanceType: 'm5.large',
      zone: 'us-east-1a',
      subnetId: 'subnet-0123456789abcdef0',
      fleetId: null,
      spotInstanceRequestId: null,
      clusterName: 'production',
      weightUnits: 1,
      imageId: IMAGE_ID,
      template: null,
      launchedAt: this.now,
      privateIp: `10.0.0.${this.#instances}`,
      state: 'running',
      isUp: true,
      bootCount: 1,
      notice: null,
      rebalanceRecommendedAt: null,
      maintenance: [],
      targetState: null,
      terminatedAt: null,
      stateReason: null,
      ...options,
    };
    this.ecs.onBooted(ec2);
    return ec2;
  }

  /** A registered container instance. */
  join(options: Partial<Ec2Instance> = {}): EcsContainerInstance {
    const ec2 = this.boot(options);
    this.runUntil(() => this.ecs.containerInstanceOf(ec2.id) !== undefined);
    return this.member(ec2.id);
  }

  member(ec2InstanceId: string): EcsContainerInstance {
    const found = this.ecs.containerInstanceOf(ec2InstanceId);
    if (found === undefined) throw new Error(`${ec2InstanceId} has not registered`);
    return found;
  }

  powerOff(instance: EcsContainerInstance): void {
    instance.ec2.isUp = false;
    this.ecs.onPowerOff(instance.ec2);
  }

  bootAgain(instance: EcsContainerInstance): void {
    instance.ec2.isUp = true;
    instance.ec2.bootCount += 1;
    this.ecs.onBooted(instance.ec2);
  }

  terminate(instance: EcsContainerInstance): void {
    this.powerOff(instance);
    instance.ec2.state = 'terminated';
    this.ecs.onTerminated(instance.ec2);
  }

  define(
    family: string,
    container: Partial<ContainerDefinition> = {},
    spec: Partial<TaskDefinitionSpec> = {},
  ): EcsTaskDefinition {
    return this.ecs.registerTaskDefinition({
      family,
      networkMode: 'bridge',
      cpu: null,
      memory: null,
      placementConstraints: [],
      cpuArchitecture: null,
      requiresCompatibilities: [],
      containers: [
        {
          name: 'main',
          image: 'example/main:1',
          cpu: 256,
          memory: 256,
          memoryReservation: null,
          essential: true,
          portMappings: [],
          stopTimeout: null,
          ...container,
        },
      ],
      ...spec,
    });
  }

  serve(name: string, definition: EcsTaskDefinition, spec: Partial<ServiceSpec> = {}): EcsService {
    return this.ecs.createService(this.cluster, { name, definition, ...spec });
  }

  /** Tasks meant to run, by where they are. */
  running(service: EcsService, instance?: EcsContainerInstance): EcsTask[] {
    return [...service.tasks].filter(
      (task) =>
        task.desiredStatus === 'RUNNING' &&
        task.lastStatus === 'RUNNING' &&
        (instance === undefined || task.containerInstance === instance),
    );
  }

  /** Past the time after which a running task counts as healthy. */
  settle(): void {
    this.run(this.settings.taskStartMs[1] + this.settings.healthyAfterMs + 2 * this.settings.schedulerMs);
  }
}
