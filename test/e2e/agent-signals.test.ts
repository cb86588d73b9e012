// Every signal but the interruption notice, seen and answered by the real agent: what stays in service, what leaves it, and
// what comes back when the reason is over.
import { describe, it } from 'vitest';
import { becomes, linesOf, OFTEN, operatorOf, ownStage, says, startReady, tasksOf } from '../support/agent-scenes.ts';
import type { AgentStage } from '../support/agent-stage.ts';
import { until } from '../support/until.ts';

const cordon = (stage: AgentStage) => stage.attribute('spotkeeper.cordoned');
const cordoned = (stage: AgentStage, value: string | null) =>
  until(`the cordon to be ${value}`, () => cordon(stage) === value, 25_000);
const reactivations = ({ sandbox }: AgentStage) =>
  sandbox.log.records.filter(
    ({ action, caller, input }) =>
      action === 'UpdateContainerInstancesState' && input.status === 'ACTIVE' && caller?.name.startsWith('agent'),
  ).length;
const inMinutes = (minutes: number) => Date.now() + minutes * 60_000;
const web = { schedulingStrategy: 'REPLICA', desiredCount: 1 } as const;

describe.concurrent('a rebalance recommendation', () => {
  it('cordons the instance, which stays ACTIVE, and is lifted when nothing has followed, once for each', async (test) => {
    const stage = await ownStage(test);
    const agent = await startReady(stage, { ...OFTEN, SPOTKEEPER_REBALANCE_LIFT_AFTER_SECONDS: '10' });
    stage.recommendRebalance();
    await cordoned(stage, 'rebalance');
    await until('the notice', () => stage.seen().notice !== null);
    test.expect(stage.seen()).toMatchObject({ status: 'ACTIVE', notice: test.expect.stringMatching(/^rebalance@/) });
    await says(agent, 'the signal is over: nothing is left to answer');
    await until('both marks to be gone', () => cordon(stage) === null && stage.seen().notice === null);
    const asked = () => stage.calls('GET /latest/meta-data/events/recommendations/rebalance');
    const before = asked();
    await until('a few more polls', () => asked() > before + 3);
    test.expect(linesOf(agent, 'answering a signal')).toHaveLength(1);
    test.expect(stage.calls('UpdateContainerInstancesState')).toBe(0);
    stage.recommendRebalance();
    await cordoned(stage, 'rebalance');
  });

  it('drains the instance where it is told to', async (test) => {
    const stage = await ownStage(test);
    await startReady(stage, { ...OFTEN, SPOTKEEPER_REBALANCE_RESPONSE: 'drain' });
    stage.recommendRebalance();
    await becomes(stage, 'DRAINING');
    test.expect(cordon(stage)).toBe(null);
  });

  it('is nothing to the agent where it is told to ignore it', async (test) => {
    const stage = await ownStage(test);
    const agent = await startReady(stage, { ...OFTEN, SPOTKEEPER_REBALANCE_RESPONSE: 'ignore' });
    stage.recommendRebalance();
    const asked = () => stage.calls('GET /latest/meta-data/spot/instance-action');
    const before = asked();
    await until('a few polls', () => asked() > before + 3);
    test.expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
    test.expect(cordon(stage)).toBe(null);
    test.expect(linesOf(agent, 'answering a signal')).toEqual([]);
  });

  it('is a cordon instead of a drain while a task here is protected, and a drain when it no longer is', async (test) => {
    const stage = await ownStage(test);
    await stage.serve('web', web, 2);
    const [task] = tasksOf(stage, 'web');
    if (task === undefined) throw new Error('web runs nowhere');
    const operator = operatorOf(stage);
    await operator.protect(task, true);
    const agent = await startReady(stage, { ...OFTEN, SPOTKEEPER_REBALANCE_RESPONSE: 'drain' });
    stage.recommendRebalance();
    await cordoned(stage, 'rebalance');
    await says(agent, 'cordoned and not drained for now: tasks here are protected');
    test.expect(stage.seen().status).toBe('ACTIVE');
    await operator.protect(task, false);
    await becomes(stage, 'DRAINING');
  });
});

describe.concurrent('scheduled maintenance', () => {
  it('drains the instance when it comes near, not before, and gives it back when it is cancelled', async (test) => {
    const stage = await ownStage(test);
    const far = stage.scheduleMaintenance({ code: 'instance-retirement', notBeforeAt: inMinutes(60) });
    const agent = await startReady(stage, { ...OFTEN, SPOTKEEPER_MAINTENANCE_AHEAD_MINUTES: '20' });
    await until('it to be read', () => stage.calls('GET /latest/meta-data/events/maintenance/scheduled') > 1);
    test.expect(linesOf(agent, 'answering a signal')).toEqual([]);
    const near = stage.scheduleMaintenance({ code: 'system-reboot', notBeforeAt: inMinutes(10) });
    await becomes(stage, 'DRAINING');
    await until('the notice', () => stage.seen().notice?.startsWith('maintenance@') === true);
    stage.finishMaintenance(near, 'canceled');
    await becomes(stage, 'ACTIVE');
    await until('the notice to be gone', () => stage.seen().notice === null);
    stage.finishMaintenance(far, 'canceled');
  });

  it('that is completed by a reboot gives the instance back to the agent of the next boot', async (test) => {
    const stage = await ownStage(test);
    const event = stage.scheduleMaintenance({ code: 'system-reboot', notBeforeAt: inMinutes(10) });
    const first = await stage.startAgent(OFTEN);
    await says(first, 'this container instance is DRAINING');
    await says(first, 'the notice is written');
    await stage.reboot();
    stage.finishMaintenance(event, 'completed');
    test.expect(stage.seen().status).toBe('DRAINING');
    const second = await stage.startAgent(OFTEN);
    await becomes(stage, 'ACTIVE');
    await says(second, 'this container instance is ACTIVE again');
    test.expect(linesOf(second, 'what was set before this boot is remembered')).toHaveLength(1);
  });

  it('of the instance itself is over when somebody reboots before its date, though it is still announced', async (test) => {
    const stage = await ownStage(test);
    stage.scheduleMaintenance({ code: 'instance-reboot', notBeforeAt: inMinutes(10) });
    const first = await stage.startAgent(OFTEN);
    await says(first, 'this container instance is DRAINING');
    await says(first, 'the notice is written');
    await stage.reboot();
    const second = await stage.startAgent(OFTEN);
    await says(second, 'this container instance is ACTIVE again');
    await until('the notice to be gone', () => stage.seen().notice === null);
    test.expect(stage.seen().status).toBe('ACTIVE');
  });

  it('of a kind that is to be ignored is nothing to the agent', async (test) => {
    const stage = await ownStage(test);
    stage.scheduleMaintenance({ code: 'system-maintenance', notBeforeAt: inMinutes(5) });
    const ignoring = { ...OFTEN, SPOTKEEPER_MAINTENANCE_IGNORED_CODES: 'system-maintenance' };
    const agent = await startReady(stage, ignoring);
    await until('it to be read', () => stage.calls('GET /latest/meta-data/events/maintenance/scheduled') > 1);
    test.expect(linesOf(agent, 'answering a signal')).toEqual([]);
    test.expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
  });
});

describe.concurrent("an operator's DRAINING", () => {
  it('from before the signal is not undone when that is over', async (test) => {
    const stage = await ownStage(test);
    const agent = await startReady(stage, OFTEN);
    await operatorOf(stage).drain();
    const event = stage.scheduleMaintenance({ code: 'instance-stop', notBeforeAt: inMinutes(10) });
    await says(agent, 'the notice is written');
    await says(agent, 'it was out of service before us, or may have been: it will not be taken back');
    stage.finishMaintenance(event, 'canceled');
    await says(agent, 'the signal is over: nothing is left to answer');
    await until('the notice to be gone', () => stage.seen().notice === null);
    test.expect(stage.seen().status).toBe('DRAINING');
    test.expect(reactivations(stage)).toBe(0);
  });

  it('that takes the place of ours after an ACTIVE of theirs is not undone either', async (test) => {
    const stage = await ownStage(test);
    const event = stage.scheduleMaintenance({ code: 'instance-stop', notBeforeAt: inMinutes(10) });
    const agent = await startReady(stage, OFTEN);
    await says(agent, 'this container instance is DRAINING');
    await says(agent, 'the notice is written');
    const operator = operatorOf(stage);
    await operator.activate();
    stage.finishMaintenance(event, 'canceled');
    await says(agent, 'this container instance does not drain any more');
    await operator.drain();
    await until('the notice to be gone', () => stage.seen().notice === null);
    test.expect(stage.seen().status).toBe('DRAINING');
    test.expect(reactivations(stage)).toBe(0);
  });
});

describe.concurrent('an Auto Scaling group', () => {
  it('that ends the instance has it drained by a deadline, within which its tasks are stopped', async (test) => {
    const stage = await ownStage(test);
    const task = await stage.runStandalone('batch', 22);
    stage.sandbox.world.ecs.setExitTime('batch', 500);
    stage.setTargetState('InService');
    const agent = await startReady(stage, {
      ...OFTEN,
      SPOTKEEPER_REBALANCE_POLL_SECONDS: '60',
      SPOTKEEPER_TARGET_STATE_POLL_SECONDS: '3',
      SPOTKEEPER_TARGET_STATE_DEADLINE_SECONDS: '30',
    });
    stage.setTargetState('Terminated');
    await becomes(stage, 'DRAINING');
    const [answer] = linesOf(agent, 'answering a signal');
    const deadlineAt = Date.parse(String(answer?.deadline));
    test.expect(answer).toMatchObject({ signal: 'target-state', action: 'Terminated' });
    await until('the notice', () => stage.seen().notice?.startsWith('target-state@') === true);
    const { history } = stage.sandbox.world;
    await until('the end of the task', () => history.of('task-stopped').length > 0, 25_000);
    test.expect(history.of('task-stopped')).toMatchObject([{ taskArn: task.arn, end: 'exited' }]);
    test.expect(history.of('task-sigterm')[0]?.at).toBeLessThanOrEqual(deadlineAt - 22_000);
  });
});
