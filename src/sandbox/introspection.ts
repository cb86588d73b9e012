// The introspection API of the ECS agent on one instance: who it is to ECS, and the tasks it knows. Like the real one it
// answers 200 with its list of commands to any path it does not know, so a 200 alone proves nothing.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-introspection.html
import { createHash } from 'node:crypto';
import { ECS_AGENT_VERSION } from '../world/ecs/ecs-agent-version.ts';
import { type EcsTask, knownStatusOf } from '../world/ecs/task.ts';
import type { World } from '../world/world.ts';
import type { Endpoint } from './doors/watched.ts';

interface Answer {
  readonly status: 200 | 400 | 404;
  readonly body: object;
}

/** Answers for this instance of the world; before it has registered its container instance ARN is null. */
export function introspectionEndpoint(world: World, instanceId: string): Endpoint {
  return (request) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { status, body } = answer(world, instanceId, url);
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  };
}

function answer(world: World, instanceId: string, { pathname, searchParams }: URL): Answer {
  if (pathname === '/v1/metadata') return { status: 200, body: metadata(world, instanceId) };
  if (pathname === '/v1/tasks') return tasks(world, instanceId, searchParams);
  return { status: 200, body: { AvailableCommands: ['/v1/metadata', '/v1/tasks'] } };
}

function metadata(world: World, instanceId: string): object {
  const registered = world.ecs.containerInstanceOf(instanceId);
  return {
    Cluster: world.ec2.instances.get(instanceId)?.clusterName ?? 'default',
    ContainerInstanceArn: registered?.arn ?? null,
    Version: `Amazon ECS Agent - v${ECS_AGENT_VERSION} (*4d2e7a8)`,
  };
}

function tasks(world: World, instanceId: string, query: URLSearchParams): Answer {
  const registered = world.ecs.containerInstanceOf(instanceId);
  const known = [...(registered?.cluster.tasks.values() ?? [])].filter((task) => task.containerInstance === registered);
  const taskArn = query.get('taskarn');
  const dockerId = query.get('dockerid');
  if (taskArn === null && dockerId === null) return { status: 200, body: { Tasks: known.map(taskJson) } };
  if (taskArn !== null && dockerId !== null) return { status: 400, body: {} };
  const found = known.filter((task) =>
    taskArn === null ? dockerIdsOf(task).some((id) => id.startsWith(dockerId ?? '')) : task.arn === taskArn,
  );
  const [task] = found;
  if (task === undefined) return { status: 404, body: {} };
  return found.length > 1 ? { status: 400, body: {} } : { status: 200, body: taskJson(task) };
}

function taskJson(task: EcsTask): object {
  const { definition } = task;
  return {
    Arn: task.arn,
    // It is not told to stop a task before the task's load balancers have let go of it.
    DesiredStatus: task.lastStatus === 'DEACTIVATING' ? 'RUNNING' : task.desiredStatus,
    // It reports only what the service knows: a task being stopped still runs.
    KnownStatus: knownStatusOf(task),
    Family: definition.family,
    Version: String(definition.revision),
    Containers: definition.containers.map(({ name, image }) => ({
      DockerId: dockerIdOf(task, name),
      DockerName: `ecs-${definition.family}-${definition.revision}-${name}-${task.id.slice(0, 18)}`,
      Name: name,
      Image: image,
      ...(task.startedAt === null ? {} : { StartedAt: new Date(task.startedAt).toISOString() }),
    })),
  };
}

function dockerIdsOf(task: EcsTask): string[] {
  return task.definition.containers.map(({ name }) => dockerIdOf(task, name));
}

/** 64 hexadecimal digits, the same whenever asked. */
function dockerIdOf(task: EcsTask, containerName: string): string {
  return createHash('sha256').update(`${task.arn}/${containerName}`).digest('hex');
}
