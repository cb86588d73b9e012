import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EcsContainerInstance } from '../../src/world/ecs/container-instance.ts';
import { anEcsSandbox, type EcsSandbox } from './ecs/an-ecs-sandbox.ts';

let cloud: EcsSandbox;
let member: EcsContainerInstance;
beforeAll(async () => {
  cloud = await anEcsSandbox();
  const [joined] = cloud.join(1);
  if (joined === undefined) throw new Error('nothing joined');
  member = joined;
});
afterAll(() => cloud.close());

async function get(path: string, instanceId = member.ec2.id): Promise<{ status: number; body: unknown }> {
  const urls = await cloud.sandbox.instances.urlsOf(instanceId);
  const response = await fetch(`${urls?.introspection}${path}`);
  return { status: response.status, body: await response.json() };
}

describe("the ECS agent's introspection endpoint", () => {
  it('names the cluster and the container instance', async () => {
    expect(await get('/v1/metadata')).toEqual({
      status: 200,
      body: {
        Cluster: 'production',
        ContainerInstanceArn: member.arn,
        Version: expect.stringMatching(/^Amazon ECS Agent - v\d+\.\d+\.\d+ \(\*[0-9a-f]+\)$/),
      },
    });
  });

  it('has no container instance before the ECS agent has registered', async () => {
    const { world } = cloud.sandbox;
    const id = world.ec2.launchOnDemand({ instanceType: 'm5.large', zone: 'us-east-1a', clusterName: 'elsewhere' });
    cloud.pass(120_000);
    expect(await get('/v1/metadata', id)).toMatchObject({
      body: { Cluster: 'elsewhere', ContainerInstanceArn: null },
    });
    expect(await get('/v1/tasks', id)).toEqual({ status: 200, body: { Tasks: [] } });
  });

  it('lists the tasks of its instance, and finds one by ARN or Docker id', async () => {
    const { world } = cloud.sandbox;
    const definition = world.ecs.registerTaskDefinition({
      family: 'batch',
      networkMode: 'bridge',
      cpu: 128,
      memory: 128,
      placementConstraints: [],
      cpuArchitecture: null,
      requiresCompatibilities: [],
      containers: [
        {
          name: 'main',
          image: 'example/main:1',
          cpu: 0,
          memory: null,
          memoryReservation: null,
          essential: true,
          portMappings: [],
          stopTimeout: null,
        },
      ],
    });
    const [task] = world.ecs.runTask(cloud.cluster, { definition }).tasks;
    cloud.pass(60_000);
    const { body } = await get('/v1/tasks');
    expect(body).toMatchObject({
      Tasks: [{ Arn: task?.arn, Family: 'batch', Version: '1', KnownStatus: 'RUNNING', DesiredStatus: 'RUNNING' }],
    });
    // The shape was checked just above.
    const { Tasks } = body as { Tasks: { Containers: { DockerId: string }[] }[] };
    const dockerId = Tasks[0]?.Containers[0]?.DockerId ?? '';
    expect(dockerId).toMatch(/^[0-9a-f]{64}$/);
    expect(await get(`/v1/tasks?taskarn=${task?.arn}`)).toMatchObject({ status: 200, body: { Arn: task?.arn } });
    expect(await get(`/v1/tasks?dockerid=${dockerId.slice(0, 12)}`)).toMatchObject({ status: 200 });
    expect((await get('/v1/tasks?dockerid=0&taskarn=1')).status).toBe(400);
    expect((await get('/v1/tasks?taskarn=nothing')).status).toBe(404);
  });

  it.each(['/', '/v2/metadata'])('answers 200 with its commands to %s', async (path) => {
    expect(await get(path)).toEqual({ status: 200, body: { AvailableCommands: ['/v1/metadata', '/v1/tasks'] } });
  });
});
