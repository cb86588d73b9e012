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
