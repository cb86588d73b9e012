import { afterEach, describe, expect, it } from 'vitest';
import { WhoAmI } from '../../src/agent/who-am-i.ts';
import { createEcsAgentIntrospection } from '../../src/aws/ecs-introspection.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const never = new AbortController().signal;
const arn = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:container-instance/production/${id}`;
const registered = (id: string) => JSON.stringify({ Cluster: 'production', ContainerInstanceArn: arn(id) });
const UNREGISTERED = '{"Cluster":"production","ContainerInstanceArn":null}';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** An ECS agent that gives these answers in turn, the last one for good; null is an answer that never comes. */
async function anEcsAgent(...answers: (string | null)[]) {
  let asked = 0;
  server = await startScriptedServer((_request, response) => {
    const body = answers[Math.min(asked, answers.length - 1)] ?? null;
    asked += 1;
    if (body !== null) response.end(body);
  });
  const { logger, lines } = keepingLogger();
  const introspection = createEcsAgentIntrospection({ endpoint: server.url, clock });
  return { whoAmI: new WhoAmI({ introspection, clock, logger }), lines };
}

describe('who this instance is', () => {
  it('is known when the ECS agent has registered', async () => {
    const { whoAmI, lines } = await anEcsAgent(UNREGISTERED, 'garbage', registered('a'));
    expect(await whoAmI.untilRegistered(never)).toEqual({ cluster: 'production', containerInstanceArn: arn('a') });
    expect(lines.map(({ message }) => message)).toEqual([
      'waiting for the ECS agent to register this instance',
      'this host is a container instance of the cluster',
    ]);
  });

  it('is asked anew at a notice, since the ECS agent may have registered as another', async () => {
    const { whoAmI } = await anEcsAgent(registered('a'), registered('b'));
    await whoAmI.untilRegistered(never);
    expect(await whoAmI.now(never)).toMatchObject({ containerInstanceArn: arn('b') });
  });

  it('is remembered while the ECS agent hangs, is down or starts anew', async () => {
    const { whoAmI } = await anEcsAgent(registered('a'), null, UNREGISTERED);
    await whoAmI.untilRegistered(never);
    expect(await whoAmI.now(never)).toMatchObject({ containerInstanceArn: arn('a') });
    expect(await whoAmI.now(never)).toMatchObject({ containerInstanceArn: arn('a') });
    await server?.close();
    expect(await whoAmI.now(never)).toMatchObject({ containerInstanceArn: arn('a') });
  });

  it('stays unknown when the wait is ended', async () => {
    const { whoAmI } = await anEcsAgent(UNREGISTERED);
    const controller = new AbortController();
    const waiting = whoAmI.untilKnown(controller.signal);
    controller.abort();
    expect(await waiting).toBe(null);
  });
});
