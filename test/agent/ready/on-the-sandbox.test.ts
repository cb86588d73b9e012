// The book and the gate through the real SDK and the real introspection client, against a sandbox of one instance.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ourselves } from '../../../src/agent/act/self.ts';
import { ReadinessGate } from '../../../src/agent/ready/gate.ts';
import { TasksBook } from '../../../src/agent/tasks/book.ts';
import { WhoAmI } from '../../../src/agent/who-am-i.ts';
import { createEcsClient, createEcsCluster } from '../../../src/aws/ecs-cluster.ts';
import { createEcsAgentIntrospection } from '../../../src/aws/ecs-introspection.ts';
import { createLoadBalancers, createLoadBalancingClient } from '../../../src/aws/load-balancers.ts';
import { systemClock as clock } from '../../../src/runtime/system-clock.ts';
import { systemRng as rng } from '../../../src/runtime/system-rng.ts';
import type { EcsTaskDefinition } from '../../../src/world/ecs/task-definition.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { type SmallCloud, startSmallCloud } from '../../support/small-cloud.ts';
import { until } from '../../support/until.ts';

const REGION = { region: 'us-east-1' };

let cloud: SmallCloud;
let life: AbortController;

beforeEach(async () => {
  cloud = await startSmallCloud({ fleet: { targetUnits: 2 } });
  life = new AbortController();
});
afterEach(async () => {
  life.abort();
  await cloud.close();
});

function define(family: string, stopTimeout: number | null): EcsTaskDefinition {
  const container = { name: family, image: 'example/app:1', cpu: 64, memory: 64, memoryReservation: null };
  return cloud.sandbox.driver.inPresent(() =>
    cloud.sandbox.world.ecs.registerTaskDefinition({
      family,
      networkMode: 'bridge',
      cpu: null,
      memory: null,
      containers: [{ ...container, essential: true, portMappings: [], stopTimeout }],
      placementConstraints: [],
      cpuArchitecture: null,
      requiresCompatibilities: ['EC2'],
    }),
  );
}

function serve(name: string, schedulingStrategy: 'DAEMON' | 'REPLICA', targetGroupArn: string | null): void {
  const definition = define(name, schedulingStrategy === 'DAEMON' ? null : 50);
  const uses = targetGroupArn === null ? [] : [{ targetGroupArn, containerName: name, containerPort: 80 }];
  const replicas = schedulingStrategy === 'DAEMON' ? {} : { desiredCount: 1 };
  const spec = { name, definition, schedulingStrategy, loadBalancers: uses, ...replicas };
  cloud.sandbox.driver.inPresent(() => cloud.sandbox.world.ecs.createService(cloud.cluster, spec));
}

async function agentParts() {
  const { world, driver, instances } = cloud.sandbox;
  const [instance] = driver.inPresent(() => [...world.ec2.instances.values()]);
  const urls = await instances.urlsOf(instance?.id ?? '');
  if (urls === null) throw new Error('the instance is not up');
  const { logger } = keepingLogger();
  const introspection = createEcsAgentIntrospection({ endpoint: urls.introspection, clock });
  const cluster = createEcsCluster({ cluster: 'small', client: createEcsClient(REGION), clock });
  const whoAmI = new WhoAmI({ introspection, clock, logger });
  const acting = { whoAmI, openCluster: async () => cluster, clock, rng, logger };
  const openLoadBalancers = async () => createLoadBalancers({ client: createLoadBalancingClient(REGION), clock });
  const self = (signal: AbortSignal) => ourselves(acting, signal);
  return { introspection, ourselves: self, openLoadBalancers, clock, rng, logger };
}

it('the book knows a task by what the ECS agent, ECS and its load balancer say', async () => {
  const { world, driver } = cloud.sandbox;
  const group = driver.inPresent(() => world.targetGroups.put({ name: 'web', deregistrationDelayMs: 30_000 }));
  serve('web', 'REPLICA', group.arn);
  serve('logs', 'DAEMON', null);
  const report = define('report', 70);
  driver.inPresent(() => world.ecs.runTask(cloud.cluster, { definition: report }));
  const book = new TasksBook({ ...(await agentParts()), ownFamilies: [], marginMs: 5_000 });
  const asked = { asksProtection: true, isDraining: false, signal: life.signal };
  const known = async () => {
    const { tasks } = await book.now(asked);
    return tasks
      .map(({ kind, stopTimeoutMs, deregistrationMs }) => `${kind} ${stopTimeoutMs} ${deregistrationMs}`)
      .sort();
  };
  const expected = ['daemon 30000 0', 'service 50000 30000', 'standalone 70000 0'];
  await until('the book to know', async () => JSON.stringify(await known()) === JSON.stringify(expected));
  expect((await book.now(asked)).tasks.some(({ isProtected }) => isProtected)).toBe(false);
});

it('the gate starts what it requires, opens when all of it runs, and starts again what has ended', async () => {
  const { world, driver } = cloud.sandbox;
  define('metrics', 1);
  serve('logs', 'DAEMON', null);
  const required = { services: ['logs'], families: ['metrics'] };
  const gate = new ReadinessGate({
    ...(await agentParts()),
    required,
    serviceOf: () => undefined,
    isHeld: () => false,
  });
  void gate.keep(life.signal);
  const [instance] = driver.inPresent(() => [...cloud.cluster.containerInstances.values()]);
  const marked = () => driver.inPresent(() => instance?.attributes.get('spotkeeper.ready'));
  const metrics = () =>
    driver.inPresent(() =>
      [...cloud.cluster.tasks.values()].filter(({ definition }) => definition.family === 'metrics'),
    );
  const running = () => metrics().filter(({ lastStatus }) => lastStatus === 'RUNNING');
  await until('the gate to be shut', () => marked() === 'no');
  await until('the gate to open', () => marked() === 'yes');
  expect(metrics().map(({ startedBy }) => startedBy)).toEqual(['spotkeeper']);
  driver.inPresent(() => {
    for (const task of running()) world.ecs.stopTask(task, 'a test');
  });
  await until('the gate to be shut again', () => marked() === 'no');
  await until('another of the family to open it', () => marked() === 'yes');
  expect(metrics()).toHaveLength(2);
  expect(running()).toHaveLength(1);
});
