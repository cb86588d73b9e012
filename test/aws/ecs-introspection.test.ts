import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createEcsAgentIntrospection } from '../../src/aws/ecs-introspection.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:container-instance/production/0123456789abcdef';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function whoAmIOf(body: string, status = 200) {
  server = await startScriptedServer((_request, response) => response.writeHead(status).end(body));
  return createEcsAgentIntrospection({ endpoint: server.url, clock }).whoAmI();
}

describe('the ECS agent', () => {
  it('says which cluster and container instance this host is', async () => {
    const body = JSON.stringify({ Cluster: 'production', ContainerInstanceArn: ARN, Version: 'Amazon ECS Agent' });
    expect(await whoAmIOf(body)).toEqual({ cluster: 'production', containerInstanceArn: ARN });
    expect(server?.asked).toEqual(['GET /v1/metadata']);
  });

  it('says nothing until it has registered', async () => {
    expect(await whoAmIOf('{"Cluster":"production","ContainerInstanceArn":null}')).toBe(null);
  });

  it.each([
    ['an error answer of the normal shape', '{"Cluster":"","ContainerInstanceArn":null}', 500],
    ['the list of commands of another path', '{"AvailableCommands":["/v1/metadata"]}', 200],
    ['a cluster without a name', JSON.stringify({ Cluster: '', ContainerInstanceArn: ARN }), 200],
    ['a page that is not JSON', '<html>', 200],
  ])('is not understood when it gives %s', async (_name, body, status) => {
    await expect(whoAmIOf(body, status)).rejects.toMatchObject({ name: 'Failure', code: 'refused' });
  });

  it('is unavailable when nothing listens', async () => {
    const introspection = createEcsAgentIntrospection({ endpoint: 'http://127.0.0.1:1', clock });
    await expect(introspection.whoAmI()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

const TASK = {
  Arn: 'arn:aws:ecs:eu-west-1:123456789012:task/production/0123456789abcdef0123456789abcdef',
  DesiredStatus: 'RUNNING',
  KnownStatus: 'RUNNING',
  Family: 'web',
  Version: '12',
  Containers: [
    { DockerId: 'abc', DockerName: 'ecs-web-12-app', Name: 'app', Image: 'shop/web:3' },
    { DockerId: 'def', DockerName: 'ecs-web-12-log', Name: 'log', Image: 'shop/log@sha256:00' },
  ],
};

async function tasksOf(body: unknown, status = 200) {
  server = await startScriptedServer((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
  return createEcsAgentIntrospection({ endpoint: server.url, clock }).tasks();
}

const taskOf = async (change: object) => (await tasksOf({ Tasks: [{ ...TASK, ...change }] }))[0];

describe('the tasks that the ECS agent knows', () => {
  it('have a definition, a state and the images of their containers', async () => {
    expect(await tasksOf({ Tasks: [TASK] })).toEqual([
      {
        arn: TASK.Arn,
        family: 'web',
        revision: 12,
        knownStatus: 'RUNNING',
        desiredStatus: 'RUNNING',
        images: ['shop/web:3', 'shop/log@sha256:00'],
      },
    ]);
    expect(server?.asked).toEqual(['GET /v1/tasks']);
  });

  it('may be none', async () => {
    expect(await tasksOf({ Tasks: [] })).toEqual([]);
  });

  it.each(['', undefined, null])('want nothing more where their desired status is %j', async (DesiredStatus) => {
    expect(await taskOf({ KnownStatus: 'STOPPED', DesiredStatus })).toMatchObject({
      knownStatus: 'STOPPED',
      desiredStatus: null,
    });
  });

  it('are wanted to stop while they still run', async () => {
    expect(await taskOf({ DesiredStatus: 'STOPPED' })).toMatchObject({
      knownStatus: 'RUNNING',
      desiredStatus: 'STOPPED',
    });
  });

  it.each([null, []])('may have no containers (%j)', async (Containers) => {
    expect((await taskOf({ Containers }))?.images).toEqual([]);
  });

  it('may be a thousand', async () => {
    const tasks = await tasksOf({ Tasks: Array.from({ length: 1_000 }, () => TASK) });
    expect(tasks).toHaveLength(1_000);
  });

  it('are not a body without end', async () => {
    await expect(tasksOf({ Tasks: [], Filler: 'x'.repeat(4 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  it.each([
    ['an empty object with 500', {}, 500],
    ['no tasks with 404', { Tasks: [] }, 404],
    ['the list of commands of another path', { AvailableCommands: ['/v1/tasks'] }, 200],
    ['no list', { Tasks: null }, 200],
    ['a task of a state nobody knows', { Tasks: [{ ...TASK, KnownStatus: 'DREAMING' }] }, 200],
    ['a task that wants what nobody knows', { Tasks: [{ ...TASK, DesiredStatus: 'DREAMING' }] }, 200],
    ['a task without a revision', { Tasks: [{ ...TASK, Version: '' }] }, 200],
    ['a task without a family', { Tasks: [{ ...TASK, Family: '' }] }, 200],
    ['a task without an ARN', { Tasks: [null] }, 200],
  ])('are unknown when it gives %s', async (_name, body, status) => {
    await expect(tasksOf(body, status)).rejects.toMatchObject({ name: 'Failure', code: 'refused' });
  });
});

describe('an answer of the ECS agent', () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom({ toString: 1 }, { toString: 1, valueOf: 1 }, [{ toString: 1 }]),
  );
  const withOdd = (fields: object) =>
    fc.constantFrom(...Object.keys(fields)).chain((name) => odd.map((value) => ({ ...fields, [name]: value })));
  const container = withOdd(TASK.Containers[0] ?? {});
  const task = fc.oneof(
    odd,
    withOdd(TASK),
    container.map((one) => ({ ...TASK, Containers: [one] })),
  );
  const identity = withOdd({ Cluster: 'production', ContainerInstanceArn: ARN });

  it('is understood or refused, whatever is in its fields', async () => {
    let body: unknown = null;
    server = await startScriptedServer((_request, response) => response.end(JSON.stringify(body)));
    const introspection = createEcsAgentIntrospection({ endpoint: server.url, clock });
    const refused = (error: unknown) => expect(error).toMatchObject({ name: 'Failure', code: 'refused' });
    await fc.assert(
      fc.asyncProperty(fc.oneof(odd, identity, fc.record({ Tasks: fc.array(task) })), async (answer) => {
        body = answer;
        await introspection.whoAmI().catch(refused);
        await introspection.tasks().catch(refused);
      }),
    );
  });
});
