import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EcsContainerInstance, wantedOn } from '../../../src/world/ecs/container-instance.ts';
import { aliveTasksOf, type EcsService } from '../../../src/world/ecs/service.ts';
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
  world.serve('logs', world.define('logs', { cpu: 64, memory: 64 }), { schedulingStrategy: 'DAEMON' });
  return { world, services, batch: world.define('batch', { cpu: 200, memory: 500 }) };
}

type Busy = ReturnType<typeof aBusyEcs>;

const STEPS = {
  join: ({ world }, which) => {
    world.boot({ zone: which % 2 === 0 ? 'us-east-1a' : 'us-east-1b' });
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
          }
        }
      }),
      { numRuns: 60 },
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
