import { afterEach, describe, expect, it } from 'vitest';
import { parseNotice } from '../../src/model/attributes.ts';
import type { FaultEffect } from '../../src/sandbox/faults.ts';
import { type AgentStage, setAgentStage } from '../support/agent-stage.ts';
import { openNotifySocket, whyNoNotifySocket } from '../support/notify-socket.ts';
import type { RunningScript } from '../support/script.ts';
import { imdsAnswering, startScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const why = whyNoNotifySocket();
if (why !== null) process.stderr.write(`the agent under systemd is not tested: ${why}\n`);

let stage: AgentStage;
afterEach(() => stage.close());

const watching = (agent: RunningScript) =>
  until('the agent to watch', () => agent.stderr().includes('watching for interruption notices'));
const ready = (agent: RunningScript) =>
  until('its word of readiness', () => agent.stderr().includes('is marked as ready'));
const drained = () => until('DRAINING', () => stage.seen().status === 'DRAINING');
const told = () => until('the notice attribute', () => stage.seen().notice !== null);

/** Log lines of the agent with this message. */
const lines = (agent: RunningScript, message: string) =>
  agent
    .stderr()
    .split('\n')
    .filter((line) => line.includes(`"msg":"${message}"`));

describe('the agent', () => {
  it('drains its container instance on a notice, then says why in an attribute', async () => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await ready(agent);
    expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
    const deadlineAt = stage.notice();
    await told();
    expect(stage.seen().status).toBe('DRAINING');
    // IMDS gives whole seconds.
    expect(parseNotice(stage.seen().notice ?? '')).toEqual({
      kind: 'interruption',
      deadlineAt: Math.floor(deadlineAt / 1_000) * 1_000,
    });
    const writes = stage.sandbox.log.records.filter(({ action }) => /^(Update|Put)[A-Z]/.test(action));
    expect(writes.map(({ action }) => action)).toEqual([
      'PutAttributes', // that it is ready
      'UpdateContainerInstancesState',
      'PutAttributes',
    ]);
    expect(writes.map(({ caller }) => caller?.name)).toEqual(Array(3).fill(`agent ${stage.instanceId}`));
  });

  it('leaves the instance alone without a notice', async () => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await ready(agent);
    const polls = () => stage.calls('GET /latest/meta-data/spot/instance-action');
    const before = polls();
    await until('a few polls', () => polls() > before + 5);
    expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
    expect(stage.calls('UpdateContainerInstancesState')).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s, with nothing but JSON lines behind it', async (name) => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await ready(agent);
    agent.child.kill(name);
    expect(await agent.over).toEqual({ code: 0, signal: null });
    expect(agent.stdout()).toBe('');
    for (const line of agent.stderr().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ name: 'agent' });
  });

  it('ends cleanly on SIGTERM also in the middle of a response', async () => {
    stage = await setAgentStage();
    await stage.runStandalone('batch', 30);
    const agent = await stage.startAgent();
    stage.notice();
    await told();
    agent.child.kill('SIGTERM');
    expect(await agent.over).toEqual({ code: 0, signal: null });
  });

  it('says in plain words that this is not EC2, and exits with 2 without ever having been ready', async () => {
    stage = await setAgentStage();
    const socket = why === null ? await openNotifySocket() : null;
    const agent = await stage.startAgent({
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
      SPOTKEEPER_ECS_AGENT_ENDPOINT: 'http://127.0.0.1:1',
      NOTIFY_SOCKET: socket?.path ?? '',
    });
    expect(await agent.over).toEqual({ code: 2, signal: null });
    expect(socket?.heard() ?? []).toEqual([]);
    socket?.close();
    expect(lines(agent, 'the agent cannot go on').join('')).toContain('"code":"not-on-ec2"');
    expect(agent.stderr().trim().split('\n').at(-1)).toContain(
      'spotkeeper: [not-on-ec2] this is not an EC2 instance, or its metadata service (IMDS) cannot be reached',
    );
    expect(lines(agent, 'the metadata service cannot be read: a notice would go unseen')).toHaveLength(1);
  });

  it('takes a silence for an outage where an ECS agent says that this is one of its instances', async () => {
    stage = await setAgentStage();
    // Longer than a host that is not EC2 is given.
    const agent = await stage.startAgent({
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
      SPOTKEEPER_BLIND_AFTER_SECONDS: '12',
    });
    await until('the outage to last', () => agent.stderr().includes('this instance may end unnoticed'));
    expect(agent.child.exitCode).toBeNull();
    // Ready is who would see a notice.
    expect(stage.attribute('spotkeeper.ready')).toBeNull();
  });

  it('that was killed right after the notice drains when it is started again', async () => {
    stage = await setAgentStage();
    const first = await stage.startAgent();
    await watching(first);
    first.child.kill('SIGKILL');
    stage.notice();
    await first.over;
    expect(stage.seen().status).toBe('ACTIVE');
    await stage.startAgent();
    await told();
    expect(stage.seen().status).toBe('DRAINING');
  });

  it('that is started again after it has drained goes through it once more without harm', async () => {
    stage = await setAgentStage();
    const first = await stage.startAgent();
    stage.notice();
    await told();
    first.child.kill('SIGKILL');
    await first.over;
    const second = await stage.startAgent();
    await until('the end of its response', () => second.stderr().includes('"msg":"drained'));
    expect(stage.seen().status).toBe('DRAINING');
    expect(lines(second, 'a call failed and will be tried again')).toEqual([]);
  });

  it('keeps a notice that comes before the ECS agent has registered, and drains as soon as it has', async () => {
    stage = await setAgentStage({ registerMs: [1_500, 1_500] });
    const agent = await stage.startAgent();
    stage.notice();
    await until('the notice to be seen', () => agent.stderr().includes('"msg":"answering a signal"'));
    expect(stage.seen().status).toBe('none');
    await told();
    expect(stage.seen().status).toBe('DRAINING');
  });
});

describe('the agent, when the time of the notice changes,', () => {
  it('starts its response over with the newer deadline', async () => {
    let time = '2100-01-01T00:02:00Z';
    const imds = await startScriptedServer(
      imdsAnswering((_request, response) => response.end(JSON.stringify({ action: 'terminate', time }))),
    );
    stage = await setAgentStage();
    await stage.runStandalone('batch', 30);
    await stage.startAgent({ AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url });
    await until('the first deadline', () => stage.seen().notice === `interruption@${time}`);
    time = '2100-01-01T00:01:30Z';
    await until('the second deadline', () => stage.seen().notice === `interruption@${time}`);
    // Nothing is due for decades, which is longer than any timer holds.
    expect(stage.calls('StopTask')).toBe(0);
    await imds.close();
  });
});

describe('the agent, when ECS fails,', () => {
  // More than the SDK's own three tries, so that it is the agent that does not give up; fewer where each takes long, or
  // makes the notice give way.
  const TRIES: Readonly<Record<string, number>> = { latency: 2, throttle: 4 };
  const throttled: FaultEffect = { kind: 'throttle' };
  const serverError: FaultEffect = { kind: 'error', code: 'ServerException', status: 500, message: 'try later' };
  const lostAnswer: FaultEffect = { kind: 'drop', when: 'after' };

  it.each([
    ['throttles', throttled],
    ['has a server error', serverError],
    ['does what was asked but loses the answer', lostAnswer],
    ['hangs', { kind: 'latency', latencyMs: 60_000 } as FaultEffect],
  ])('drains all the same while ECS %s for a while', async (_name, effect) => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await ready(agent);
    stage.sandbox.faults.add({ service: 'ecs', action: '*', count: TRIES[effect.kind] ?? 9, effect });
    stage.notice();
    await drained();
    await told();
    expect(agent.child.exitCode).toBe(null);
  });

  it('says so once for a lasting failure, and again when it works', async () => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await ready(agent);
    const action = 'UpdateContainerInstancesState';
    stage.sandbox.faults.add({ service: 'ecs', action, count: 12, effect: serverError });
    stage.notice();
    await until('its word of DRAINING', () => agent.stderr().includes('"msg":"this container instance is DRAINING"'));
    await told();
    const failures = lines(agent, 'a call failed and will be tried again');
    expect(failures.filter((line) => line.includes('DRAINING'))).toHaveLength(1);
    expect(lines(agent, 'this container instance is DRAINING')).toHaveLength(1);
  });

  it('watches on, and tells early what a notice would meet, when it has no permission', async () => {
    stage = await setAgentStage();
    const denied = { code: 'AccessDeniedException', status: 400, message: 'not authorized' };
    stage.sandbox.faults.add({ service: 'ecs', action: '*', effect: { kind: 'error', ...denied } });
    const agent = await stage.startAgent();
    await until('the early word', () => agent.stderr().includes('readiness cannot be written'));
    stage.notice();
    await until('an attempt', () => stage.calls('UpdateContainerInstancesState') > 0);
    stage.sandbox.faults.clear();
    await told();
    expect(stage.seen().status).toBe('DRAINING');
  });
});

describe('the agent, when the metadata service fails,', () => {
  it('says so once, keeps trying, and sees the notice afterwards', async () => {
    stage = await setAgentStage();
    const agent = await stage.startAgent();
    await watching(agent);
    stage.sandbox.faults.add({ service: 'imds', action: '*', count: 10, effect: { kind: 'throttle' } });
    await until('the outage to be over', () => agent.stderr().includes('the metadata service can be read again'));
    expect(lines(agent, 'the metadata service cannot be read: a notice would go unseen')).toHaveLength(1);
    expect(lines(agent, 'the metadata service can be read again')).toHaveLength(1);
    stage.notice();
    await told();
  });

  it('does not take a busy metadata service at the start for a machine that is not EC2', async () => {
    stage = await setAgentStage();
    const fault = stage.sandbox.faults.add({ service: 'imds', action: '*', effect: { kind: 'throttle' } });
    const agent = await stage.startAgent();
    await until('the outage to be told', () => agent.stderr().includes('a notice would go unseen'));
    stage.sandbox.faults.remove(fault);
    stage.notice();
    await told();
  });
});

describe('a standalone task on an interrupted instance', () => {
  it('is stopped in time for its stop timeout and not before', async () => {
    stage = await setAgentStage({ noticeMs: 9_500 });
    const task = await stage.runStandalone('batch', 2);
    const agent = await stage.startAgent();
    await watching(agent);
    const deadlineAt = stage.notice();
    const { history } = stage.sandbox.world;
    await until('the end of the task', () => history.of('task-stopped').length > 0);
    expect(history.of('task-stopped')).toMatchObject([{ taskArn: task.arn, end: 'exited' }]);
    const [sigterm] = history.of('task-sigterm');
    // Whole seconds of IMDS, the stop timeout, the margin.
    const latestAt = Math.floor(deadlineAt / 1_000) * 1_000 - 2_000 - 4_000;
    expect(sigterm?.at).toBeGreaterThanOrEqual(latestAt);
    expect(stage.calls('StopTask')).toBe(1);
    const stop = stage.sandbox.log.records.find(({ action }) => action === 'StopTask');
    expect(stop?.input).toMatchObject({ task: task.arn, reason: expect.stringContaining('interrupted') });
  });

  it('is stopped at once when its stop timeout does not fit any more', async () => {
    stage = await setAgentStage({ noticeMs: 9_500 });
    const task = await stage.runStandalone('batch', 60);
    await stage.startAgent();
    stage.notice();
    const { history } = stage.sandbox.world;
    await until('SIGTERM', () => history.of('task-sigterm').length > 0);
    expect(history.of('task-sigterm')).toMatchObject([{ taskArn: task.arn }]);
    expect(stage.seen().status).toBe('DRAINING');
  });

  it('is stopped from memory when ECS will not list tasks at that moment', async () => {
    stage = await setAgentStage({ noticeMs: 9_500 });
    await stage.runStandalone('batch', 2);
    const agent = await stage.startAgent();
    await watching(agent);
    stage.notice();
    await until('the plan', () => agent.stderr().includes('will be stopped'));
    stage.sandbox.faults.add({ service: 'ecs', action: 'ListTasks', effect: { kind: 'throttle' } });
    const { history } = stage.sandbox.world;
    await until('SIGTERM', () => history.of('task-sigterm').length > 0);
    expect(stage.calls('StopTask')).toBe(1);
  });
});

describe('a service task on an interrupted instance', () => {
  it('is stopped in time where ECS has no room to move it to, and its daemon neighbour after it', async () => {
    stage = await setAgentStage({ noticeMs: 11_500 });
    await stage.serve('web', { schedulingStrategy: 'REPLICA', desiredCount: 1 }, 2);
    await stage.serve('logs', { schedulingStrategy: 'DAEMON' }, 2);
    const agent = await stage.startAgent();
    await watching(agent);
    stage.notice();
    const { history } = stage.sandbox.world;
    await until('two ends', () => history.of('task-stopped').length === 2);
    expect(history.of('task-stopped').map(({ end }) => end)).toEqual(['exited', 'exited']);
    expect(history.of('task-sigterm').map(({ group }) => group)).toEqual(['service:web', 'service:logs']);
    expect(stage.calls('StopTask')).toBe(2);
  });

  it('is left to ECS where it may be stopped first', async () => {
    stage = await setAgentStage({ noticeMs: 9_500 });
    const bounds = { minimumHealthyPercent: 0, maximumPercent: 100 };
    await stage.serve('web', { schedulingStrategy: 'REPLICA', desiredCount: 2, bounds }, 2);
    const agent = await stage.startAgent();
    stage.notice();
    await until('the end of its response', () => agent.stderr().includes('"msg":"drained'));
    const { history } = stage.sandbox.world;
    await until('two ends', () => history.of('task-stopped').length === 2);
    expect(stage.calls('StopTask')).toBe(0);
  });
});

describe.skipIf(why !== null)('the agent under systemd', () => {
  it('says that it is ready, that it is alive and that it stops', async () => {
    stage = await setAgentStage();
    const socket = await openNotifySocket();
    const agent = await stage.startAgent({ NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '300000' });
    await until('three pings', () => socket.heard().filter((message) => message === 'WATCHDOG=1').length >= 3);
    expect(socket.heard()[0]).toBe('READY=1');
    agent.child.kill('SIGTERM');
    expect(await agent.over).toEqual({ code: 0, signal: null });
    expect(socket.heard().at(-1)).toBe('STOPPING=1');
    socket.close();
  });
});
