import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EcsContainerInstance, wantedOn } from '../../../src/world/ecs/container-instance.ts';
import { memberOf } from '../../../src/world/ecs/placement-constraint.ts';
import { aliveTasksOf, type EcsService, primaryOf } from '../../../src/world/ecs/service.ts';
import { canTake, shortfallsOn } from '../../../src/world/ecs/shortfall.ts';
import type { InstanceTally } from '../../../src/world/ecs/tally.ts';
import { type EcsTask, isRunning } from '../../../src/world/ecs/task.ts';
import { AnEcs } from './an-ecs.ts';

/** `which` picks an instance or a service, `amount` is a count or a duration: each step reads what it needs. */
interface Step {
  readonly kind: keyof typeof STEPS;
  readonly which: number;
  readonly amount: number;
}

const PORT = { containerPort: 80, hostPort: 8080, protocol: 'tcp' as const };

function aBusyEcs(seed: number) {
  const world = new AnEcs({ taskStartMs: [500, 9_000], registerMs: [100, 5_000] }, seed);
  const services = [
    world.serve('web', world.define('web', { cpu: 700, memory: 900 })),
    world.serve('api', world.define('api', { cpu: 300, memory: 2_000, portMappings: [PORT] })),
    world.serve('jobs', world.define('jobs', { cpu: 512, memory: 100 }), {
      bounds: { minimumHealthyPercent: 50, maximumPercent: 100 },
    }),
  ];
  services.push(
    world.serve('train', world.define('train', { cpu: 100, memory: 100, gpus: 1 })),
    world.serve('vpc', world.define('vpc', { cpu: 10, memory: 10 }, { networkMode: 'awsvpc' })),
  );
  world.serve('logs', world.define('logs', { cpu: 64, memory: 64 }), { schedulingStrategy: 'DAEMON' });
  return { world, services, batch: world.define('batch', { cpu: 200, memory: 500 }) };
}

type Busy = ReturnType<typeof aBusyEcs>;

const STEPS = {
  join: ({ world }, which) => {
    const instanceType = which % 3 === 0 ? 'g4dn.xlarge' : 'm5.large';
    world.boot({ zone: which % 2 === 0 ? 'us-east-1a' : 'us-east-1b', instanceType });
  },
  wait: ({ world }, _, amount) => world.run(amount * 1_000),
  desire: (busy, which, amount) => busy.world.ecs.updateService(serviceAt(busy, which), { desiredCount: amount % 13 }),
  deploy: (busy, which) => busy.world.ecs.updateService(serviceAt(busy, which), { forceNewDeployment: true }),
  'stop-task': (busy, which) => {
    const [task] = aliveTasksOf(serviceAt(busy, which));
    if (task !== undefined) busy.world.ecs.stopTask(task, 'a test');
  },
  'run-task': (busy, which) =>
    withInstance(busy, which, ({ id }) => {
      busy.world.ecs.startTask(busy.world.cluster, { definition: busy.batch, containerInstances: [id] });
    }),
  terminate: (busy, which) =>
    withInstance(busy, which, (instance) => {
      if (instance.ec2.isUp) busy.world.terminate(instance);
    }),
  drain: (busy, which) => withInstance(busy, which, (instance) => busy.world.ecs.setStatus(instance, 'DRAINING')),
  activate: (busy, which) => withInstance(busy, which, (instance) => busy.world.ecs.setStatus(instance, 'ACTIVE')),
  disconnect: (busy, which) =>
    withInstance(busy, which, (instance) => busy.world.ecs.setAgentConnected(instance, false)),
  connect: (busy, which) => withInstance(busy, which, (instance) => busy.world.ecs.setAgentConnected(instance, true)),
} as const satisfies Record<string, (busy: Busy, which: number, amount: number) => void>;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    // Object.keys forgets the key type; STEPS is a literal, so its keys are exactly these.
    kind: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[]), 'join', 'wait', 'desire'),
    which: fc.nat({ max: 9 }),
    amount: fc.nat({ max: 90 }),
  }),
  { maxLength: 40 },
);

function play(busy: Busy, { kind, which, amount }: Step): void {
  STEPS[kind](busy, which, amount);
}

function serviceAt({ services }: Busy, which: number): EcsService {
  const service = services[which % services.length];
  if (service === undefined) throw new Error('there are no services');
  return service;
}

function withInstance({ world }: Busy, which: number, act: (instance: EcsContainerInstance) => void): void {
  const members = [...world.cluster.containerInstances.values()].filter(({ status }) => status !== 'INACTIVE');
  const instance = members[which % Math.max(1, members.length)];
  if (instance !== undefined) act(instance);
}

function talliedAnew(instance: EcsContainerInstance): InstanceTally {
  const wanted = wantedOn(instance);
  const total = (of: (task: EcsTask) => number): number => wanted.reduce((sum, task) => sum + of(task), 0);
  const times = <Key>(keys: readonly Key[]): Map<Key, number> =>
    new Map(keys.map((key) => [key, keys.filter((other) => other === key).length]));
  return {
    aliveCount: wanted.length,
    runningCount: wanted.filter(isRunning).length,
    cpuUnits: total(({ need }) => need.cpuUnits),
    memoryMiB: total(({ need }) => need.memoryMiB),
    eniSlots: total(({ need }) => need.eniSlots),
    gpuIds: new Set(wanted.flatMap(({ gpuIds }) => gpuIds)),
    ports: times(wanted.flatMap(({ need }) => need.hostPorts)),
    groups: times(wanted.map(({ group }) => group)),
  };
}

describe('whatever happens in a cluster', () => {
  it('tasks meant to run never need more than an instance registered, nor the same host port', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const busy = aBusyEcs(seed);
        for (const step of script) {
          play(busy, step);
          for (const instance of busy.world.cluster.containerInstances.values()) {
            const needs = wantedOn(instance).map((task) => task.need);
            const ports = needs.flatMap(({ hostPorts }) => hostPorts);
            expect(needs.reduce((sum, need) => sum + need.cpuUnits, 0)).toBeLessThanOrEqual(
              instance.registered.cpuUnits,
            );
            expect(needs.reduce((sum, need) => sum + need.memoryMiB, 0)).toBeLessThanOrEqual(
              instance.registered.memoryMiB,
            );
            expect(new Set(ports).size).toBe(ports.length);
            const gpuIds = wantedOn(instance).flatMap((task) => task.gpuIds);
            expect(new Set(gpuIds).size).toBe(gpuIds.length);
            expect(gpuIds.every((id) => instance.gpuIds.includes(id))).toBe(true);
            expect(gpuIds).toHaveLength(needs.reduce((sum, need) => sum + need.gpus, 0));
            expect(needs.filter(({ eniSlots }) => eniSlots === 1).length).toBeLessThanOrEqual(instance.eniSlots);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the sums that are kept are those of the tasks', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const busy = aBusyEcs(seed);
        for (const step of script) {
          play(busy, step);
          for (const instance of busy.world.cluster.containerInstances.values()) {
            expect(instance.tally).toEqual(talliedAnew(instance));
          }
          for (const service of busy.services) {
            const alive = aliveTasksOf(service);
            const leaving = alive.filter(({ containerInstance }) => containerInstance.status === 'DRAINING');
            expect(service.tally).toMatchObject({
              aliveCount: alive.length,
              runningCount: alive.filter(isRunning).length,
              leavingCount: leaving.length,
            });
            for (const { id } of service.deployments) {
              const own = alive.filter(({ startedBy }) => startedBy === id);
              expect(service.tally.deployments.get(id)?.aliveCount ?? 0).toBe(own.length);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('an instance can take a task exactly when nothing stands between them', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const busy = aBusyEcs(seed);
        for (const step of script) play(busy, step);
        for (const instance of busy.world.cluster.containerInstances.values()) {
          for (const service of busy.services) {
            const { definition } = primaryOf(service);
            const constraints = [{ type: 'distinctInstance' as const }, memberOf('runningTasksCount < 3')];
            const demand = { definition, group: `service:${service.name}`, constraints };
            expect(canTake(instance, demand)).toBe(shortfallsOn(instance, demand).length === 0);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('every task that ends ends once, and no task runs that was not placed', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const busy = aBusyEcs(seed);
        for (const step of script) play(busy, step);
        const ended = busy.world.history.of('task-stopped').map(({ taskArn }) => taskArn);
        const placed = new Set(busy.world.history.of('task-placed').map(({ taskArn }) => taskArn));
        expect(new Set(ended).size).toBe(ended.length);
        expect(busy.world.history.of('task-running').every(({ taskArn }) => placed.has(taskArn))).toBe(true);
        expect(ended.every((taskArn) => placed.has(taskArn))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('a service has as many wants as tasks are missing', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const busy = aBusyEcs(seed);
        for (const step of script) {
          play(busy, step);
          for (const service of busy.services) {
            const serving = aliveTasksOf(service).filter(
              (task) => task.endedAt === null && task.containerInstance.status !== 'DRAINING',
            );
            expect(service.wants).toHaveLength(Math.max(0, service.desiredCount - serving.length));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the same seed and the same steps give the same history', () => {
    fc.assert(
      fc.property(fc.nat(), steps, (seed, script) => {
        const [one, two] = [aBusyEcs(seed), aBusyEcs(seed)];
        for (const step of script) for (const busy of [one, two]) play(busy, step);
        expect(two.world.history.events).toEqual(one.world.history.events);
      }),
      { numRuns: 30 },
    );
  });
});
