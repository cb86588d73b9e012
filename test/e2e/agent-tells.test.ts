// Who else is told of a response, and how: hooks, webhooks, tasks that read the file or ask at the port, and whoever
// watches the agent's health. And the other way round: systemd's word that the host stops.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { becomes, linesOf, OFTEN, ownStage, says, startReady } from '../support/agent-scenes.ts';
import type { AgentStage } from '../support/agent-stage.ts';
import { runCommand } from '../support/run-command.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

/** A directory with one hook, as its setting; `$OUT` is where it may write. */
async function aHook({ stateDirectory }: AgentStage, script: string) {
  const [directory, out] = [join(stateDirectory, '../hooks'), join(stateDirectory, '../out')];
  await Promise.all([directory, out].map((path) => mkdir(path)));
  await writeFile(join(directory, '10-tell'), `#!/bin/sh\nOUT='${out}'\n${script}\n`);
  await chmod(join(directory, '10-tell'), 0o755);
  return { setting: { SPOTKEEPER_HOOKS_DIRECTORY: directory }, out };
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP, so not a path
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const noticeFile = async ({ runtimeDirectory }: AgentStage) =>
  JSON.parse(await readFile(join(runtimeDirectory, 'notice.json'), 'utf8')).notice;

describe.concurrent('hooks', () => {
  it('are run at the four moments, with the event in their environment and as JSON', async (test) => {
    const stage = await ownStage(test);
    await stage.runStandalone('batch', 2);
    const script =
      'env > "$OUT/$SPOTKEEPER_MOMENT.env"; cat > "$OUT/.json"; mv "$OUT/.json" "$OUT/$SPOTKEEPER_MOMENT.json"';
    const { setting, out } = await aHook(stage, script);
    const agent = await startReady(stage, { ...OFTEN, ...setting, SPOTKEEPER_HOOKS_LIMIT_SECONDS: '2' });
    const notBeforeAt = Math.ceil(Date.now() / 1_000) * 1_000 + 14_000;
    const event = stage.scheduleMaintenance({ code: 'system-reboot', notBeforeAt });
    await says(agent, 'drained: every task here that is waited for has ended');
    stage.finishMaintenance(event, 'completed');
    await says(agent, 'hook has run', 4);
    const moments = ['notice', 'before-stop', 'drained', 'uncordoned'];
    test.expect(linesOf(agent, 'hook has run').map(({ moment }) => moment)).toEqual(moments);
    const arn = stage.sandbox.world.ecs.containerInstanceOf(stage.instanceId)?.arn;
    for (const moment of moments) {
      test.expect(JSON.parse(await readFile(join(out, `${moment}.json`), 'utf8'))).toEqual({
        ...{ moment, signal: 'maintenance', action: 'system-reboot', deadline: new Date(notBeforeAt).toISOString() },
        ...{ instanceId: stage.instanceId, cluster: 'production', containerInstanceArn: arn },
      });
      const env = await readFile(join(out, `${moment}.env`), 'utf8');
      test.expect(env).toContain(`SPOTKEEPER_INSTANCE_ID=${stage.instanceId}\n`);
      test.expect(env).not.toContain('AWS_');
    }
  });

  it('that hang delay neither DRAINING nor the stop of a task', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    await stage.runStandalone('batch', 2);
    const { setting } = await aHook(stage, 'exec sleep 100');
    const agent = await startReady(stage, { ...setting, SPOTKEEPER_HOOKS_LIMIT_SECONDS: '8' });
    const deadlineAt = stage.notice();
    await becomes(stage, 'DRAINING');
    const { history } = stage.sandbox.world;
    await until('the end of the task', () => history.of('task-stopped').length > 0);
    test.expect(history.of('task-stopped')[0]?.end).toBe('exited');
    const sigtermAt = history.of('task-sigterm')[0]?.at ?? 0;
    test.expect(sigtermAt).toBeLessThanOrEqual(deadlineAt - 2_000);
    await says(agent, 'hook ended before it was done: its time is over', 2);
    for (const { time, tookMs } of linesOf(agent, 'hook ended')) {
      test.expect(Date.parse(String(time))).toBeGreaterThan(sigtermAt);
      test.expect(tookMs).toBeGreaterThanOrEqual(8_000);
    }
  });
});

describe.concurrent('webhooks', () => {
  it('are told in words for Slack and as JSON, each at the moments it wants', async (test) => {
    const stage = await ownStage(test);
    const heard: { path: string; key: unknown; body: Record<string, unknown> }[] = [];
    const receiver = await startScriptedServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      heard.push({ path: request.url ?? '', key: request.headers['x-key'], body });
      response.end();
    });
    test.onTestFinished(() => receiver.close());
    const webhooks = [
      { url: `${receiver.url}/slack`, template: 'slack', moments: ['notice'] },
      { url: `${receiver.url}/json`, template: 'json', headers: { 'x-key': 'secret-of-the-hook' } },
    ];
    const agent = await startReady(stage, { SPOTKEEPER_WEBHOOKS: JSON.stringify(webhooks) });
    stage.notice();
    await says(agent, 'webhook told', 3);
    const json = heard.filter(({ path }) => path === '/json');
    test.expect(json.map(({ body }) => body.moment)).toEqual(['notice', 'drained']);
    test.expect(json[0]?.key).toBe('secret-of-the-hook');
    test
      .expect(json[0]?.body)
      .toMatchObject({ signal: 'interruption', action: 'terminate', instanceId: stage.instanceId });
    const slack = heard.filter(({ path }) => path === '/slack').map(({ body }) => body);
    const words = `${stage.instanceId} in cluster production: EC2 takes the Spot instance back (terminate), deadline `;
    test.expect(slack).toEqual([{ text: test.expect.stringContaining(words) }]);
    test.expect(agent.stderr()).not.toContain('secret-of-the-hook');
    test.expect(agent.stderr()).not.toContain('/slack');
  });
});

describe.concurrent('tasks', () => {
  it('see the notice in a file, at the port, and by waiting there for it', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    const task = await stage.runStandalone('batch', 2);
    const port = await freePort();
    const agent = await startReady(stage, { SPOTKEEPER_NOTICE_PORT: port });
    await says(agent, 'tasks can ask for the notice');
    const ask = async (query = ''): Promise<Record<string, unknown>> =>
      JSON.parse(await (await fetch(`http://127.0.0.1:${port}/notice${query}`)).text());
    test.expect(await noticeFile(stage)).toBe(null);
    test.expect(await ask()).toEqual({ notice: null });
    const waiting = ask('?wait=20');
    const deadlineAt = Math.floor(stage.notice() / 1_000) * 1_000;
    const deadline = new Date(deadlineAt).toISOString();
    test.expect(await waiting).toMatchObject({ notice: { signal: 'interruption', action: 'terminate', deadline } });
    const stops = [{ taskArn: task.arn, at: new Date(deadlineAt - 2_000 - 4_000).toISOString() }];
    await until('the stop to be announced', async () => (await noticeFile(stage))?.stops.length > 0);
    test.expect(await noticeFile(stage)).toMatchObject({ signal: 'interruption', deadline, isDrained: false, stops });
    const { notice } = await ask();
    test.expect(notice).toMatchObject({ stops, secondsLeft: test.expect.any(Number) });
    await until('that it is drained', async () => (await noticeFile(stage))?.isDrained);
    test.expect(await noticeFile(stage)).toMatchObject({ deadline, stops });
  });
});

describe.concurrent('the health of an agent', () => {
  it('is bad when notices have gone unseen for long, and good when they can be seen again', async (test) => {
    const stage = await ownStage(test);
    const port = await freePort();
    const agent = await startReady(stage, { SPOTKEEPER_NOTICE_PORT: port, SPOTKEEPER_BLIND_AFTER_SECONDS: '10' });
    await says(agent, 'tasks can ask for the notice');
    const health = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
      return { status: answer.status, body: await answer.json() };
    };
    test.expect(await health()).toEqual({ status: 200, body: { status: 'ok', since: null } });
    const takeBack = stage.fault('imds', { kind: 'throttle' });
    await until('it to be bad', async () => (await health()).status === 503);
    test.expect((await health()).body).toEqual({ status: 'blind', since: test.expect.any(String) });
    takeBack();
    await until('it to be good', async () => (await health()).status === 200);
    test.expect(linesOf(agent, 'the metadata service still cannot be read')).toHaveLength(1);
    test.expect(stage.seen().status).toBe('ACTIVE');
  });
});

describe.concurrent('the stop of the host', () => {
  it('is told by a command that waits until the tasks have ended', async (test) => {
    const stage = await ownStage(test);
    const task = await stage.runStandalone('batch', 2);
    await startReady(stage);
    const directory = stage.runtimeDirectory;
    const { code, stdout } = await runCommand(['host-shutdown', '--sure', '--wait', '14', '--directory', directory]);
    test
      .expect({ code, stdout })
      .toMatchObject({ code: 0, stdout: test.expect.stringContaining('every task has ended') });
    test.expect(task.lastStatus).toBe('STOPPED');
    test
      .expect(stage.seen())
      .toMatchObject({ status: 'DRAINING', notice: test.expect.stringMatching(/^host-shutdown@/) });
    test.expect(await readdir(directory)).toContain('host-shutdown');
    const { history } = stage.sandbox.world;
    test.expect(history.of('task-stopped').map(({ end }) => end)).toEqual(['exited']);
    await stage.reboot();
    await startReady(stage);
    await becomes(stage, 'ACTIVE');
  });
});

describe.concurrent('an agent beside another handler', () => {
  it('writes on its container instance which one that is', async (test) => {
    const stage = await ownStage(test);
    await stage.runStandalone('aws-node-termination-handler', 2);
    const agent = await startReady(stage);
    await says(agent, 'somebody else on this host may answer interruption notices');
    const named = 'node-termination-handler:aws-node-termination-handler';
    await until('the attribute', () => stage.attribute('spotkeeper.other-drainer') === named);
  });
});
