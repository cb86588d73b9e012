// The two minutes, by what the world saw of them: who got SIGTERM when, who had its whole stop timeout, and what is taken
// back when the instance comes up again.
import { describe, it } from 'vitest';
import { becomes, linesOf, ownStage, says, startReady, tasksOf } from '../support/agent-scenes.ts';
import type { AgentStage } from '../support/agent-stage.ts';
import { until } from '../support/until.ts';

const REPLICA = { schedulingStrategy: 'REPLICA', desiredCount: 1 } as const;
const history = ({ sandbox }: AgentStage) => sandbox.world.history;
const ends = (stage: AgentStage, count: number) =>
  until(`${count} ends`, () => history(stage).of('task-stopped').length >= count, 25_000);
const sigtermOf = (stage: AgentStage, group: string) =>
  history(stage)
    .of('task-sigterm')
    .find((event) => event.group === group)?.at ?? 0;
const endOf = (stage: AgentStage, group: string) =>
  history(stage)
    .of('task-stopped')
    .find((event) => event.group === group);
/** As IMDS tells it. */
const toldAt = (deadlineAt: number) => Math.floor(deadlineAt / 1_000) * 1_000;
/** Calls of the agent that would take it back. */
const reactivations = ({ sandbox }: AgentStage) =>
  sandbox.log.records.filter(
    ({ action, input }) => action === 'UpdateContainerInstancesState' && input.status === 'ACTIVE',
  );

describe.concurrent('on an instance that is taken', () => {
  it('a task behind a load balancer is stopped so early that SIGTERM and its stop timeout fit', async (test) => {
    const stage = await ownStage(test, { noticeMs: 16_000 });
    const { arn } = stage.sandbox.world.targetGroups.put({ name: 'web', deregistrationDelayMs: 4_000 });
    const loadBalancers = [{ targetGroupArn: arn, containerName: 'main', containerPort: 80 }];
    await stage.serve('web', { ...REPLICA, loadBalancers }, 3);
    stage.sandbox.world.ecs.setExitTime('web', 2_900);
    await startReady(stage);
    const deadlineAt = stage.notice();
    await ends(stage, 1);
    test.expect(endOf(stage, 'service:web')?.end).toBe('exited');
    test.expect(sigtermOf(stage, 'service:web')).toBeLessThanOrEqual(toldAt(deadlineAt) - 3_000);
    test.expect(stage.calls('StopTask')).toBe(1);
  });

  it('daemon tasks get SIGTERM when all others have ended', async (test) => {
    const stage = await ownStage(test, { noticeMs: 15_000 });
    await stage.serve('logs', { schedulingStrategy: 'DAEMON' }, 2);
    await stage.serve('web', REPLICA, 3);
    await stage.runStandalone('batch', 3);
    await startReady(stage);
    stage.notice();
    await ends(stage, 3);
    const others = ['service:web', 'family:batch'].map((group) => endOf(stage, group)?.at ?? Number.POSITIVE_INFINITY);
    test.expect(sigtermOf(stage, 'service:logs')).toBeGreaterThanOrEqual(Math.max(...others));
    test
      .expect(
        history(stage)
          .of('task-stopped')
          .map(({ end }) => end),
      )
      .toEqual(Array(3).fill('exited'));
  });

  it('a standalone task is waited for and not stopped where that is asked', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    stage.sandbox.world.ecs.setRunTime('batch', 6_000);
    await stage.runStandalone('batch', 5);
    const agent = await startReady(stage, { SPOTKEEPER_STANDALONE_TASKS: 'wait' });
    stage.notice();
    await says(agent, 'drained: every task here that is waited for has ended');
    test.expect(history(stage).of('task-stopped')).toHaveLength(1);
    test.expect(stage.calls('StopTask')).toBe(0);
  });

  it('a standalone task is neither waited for nor stopped where that is asked', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    await stage.runStandalone('batch', 5);
    const agent = await startReady(stage, { SPOTKEEPER_STANDALONE_TASKS: 'leave' });
    stage.notice();
    await says(agent, 'drained: every task here that is waited for has ended');
    test.expect(history(stage).of('task-stopped')).toEqual([]);
    test.expect(stage.calls('StopTask')).toBe(0);
  });

  it('a protected task is stopped at the last safe moment', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000, drainingHonoursProtection: true });
    await stage.serve('web', REPLICA, 2);
    const [task] = tasksOf(stage, 'web');
    if (task === undefined) throw new Error('web runs nowhere');
    stage.sandbox.world.ecs.protectTask(task, Date.now() + 3_600_000);
    await startReady(stage);
    const deadlineAt = stage.notice();
    await ends(stage, 1);
    test.expect(endOf(stage, 'service:web')?.end).toBe('exited');
    const latestAt = toldAt(deadlineAt) - 2_000 - 4_000;
    test.expect(sigtermOf(stage, 'service:web')).toBeGreaterThanOrEqual(latestAt);
  });
});

describe.concurrent('an instance that is stopped', () => {
  it('is taken back into service by the agent of its next start', async (test) => {
    const stage = await ownStage(test, { noticeMs: 4_000 });
    const first = await startReady(stage);
    stage.notice('stop');
    await says(first, 'the notice is written');
    await stage.startInstance();
    test.expect(stage.seen()).toMatchObject({ status: 'DRAINING' });
    const second = await stage.startAgent();
    await becomes(stage, 'ACTIVE');
    await until('the notice to be gone', () => stage.seen().notice === null);
    test.expect(linesOf(second, 'what was set before this boot is remembered')).toHaveLength(1);
  });

  it('that an operator had drained before stays so', async (test) => {
    const stage = await ownStage(test, { noticeMs: 4_000 });
    const { world, driver } = stage.sandbox;
    const first = await startReady(stage);
    const self = world.ecs.containerInstanceOf(stage.instanceId);
    if (self === undefined) throw new Error('the instance has not joined');
    driver.inPresent(() => world.ecs.setStatus(self, 'DRAINING'));
    stage.notice('stop');
    await says(first, 'the notice is written');
    await stage.startInstance();
    await startReady(stage);
    await until('the notice to be gone', () => stage.seen().notice === null);
    test.expect(stage.seen().status).toBe('DRAINING');
    test.expect(reactivations(stage)).toEqual([]);
  });
});

describe.concurrent('before a hibernation', () => {
  it('service tasks are stopped at once, and standalone tasks are left', async (test) => {
    const stage = await ownStage(test, { hibernateAfterMs: 8_000 });
    await stage.serve('web', REPLICA, 2);
    const batch = await stage.runStandalone('batch', 2);
    await startReady(stage);
    const noticedAt = Date.now();
    stage.notice('hibernate');
    await ends(stage, 1);
    test
      .expect(
        history(stage)
          .of('task-sigterm')
          .map(({ group }) => group),
      )
      .toEqual(['service:web']);
    test.expect(sigtermOf(stage, 'service:web')).toBeLessThan(noticedAt + 8_000);
    test.expect(batch.lastStatus).toBe('RUNNING');
    test.expect(stage.calls('StopTask')).toBe(1);
  });
});

describe.concurrent('a notice that disappears', () => {
  it('changes nothing: what was set stays, since silence is no all-clear', async (test) => {
    const stage = await ownStage(test);
    const agent = await startReady(stage);
    stage.notice();
    await says(agent, 'the notice is written');
    stage.withdrawNotice();
    await says(agent, 'the notice has disappeared, which is no all-clear');
    const polls = () => stage.calls('GET /latest/meta-data/spot/instance-action');
    const before = polls();
    await until('many more polls', () => polls() > before + 8);
    test.expect(stage.seen().status).toBe('DRAINING');
    test.expect(stage.seen().notice).not.toBe(null);
    test.expect(linesOf(agent, 'the signal is over')).toEqual([]);
    test.expect(reactivations(stage)).toEqual([]);
  });
});
