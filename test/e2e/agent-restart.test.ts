// What the agent keeps on disk: a response goes on after a crash, nothing is done twice, and what is not of this instance,
// or cannot be read, is left aside.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { becomes, linesOf, OFTEN, ownStage, says, startReady } from '../support/agent-scenes.ts';
import type { AgentStage } from '../support/agent-stage.ts';
import { until } from '../support/until.ts';

const stateFile = ({ stateDirectory }: AgentStage) => join(stateDirectory, 'state.json');

/** As an agent on another instance, or of this one, would have left it, having drained for some maintenance. */
async function leaveState(stage: AgentStage, instanceId: string): Promise<void> {
  const since = Date.now() - 60_000;
  const memory = {
    ...{ drained: { cause: 'maintenance/1', since }, cordoned: null, notice: 'maintenance@2026-11-21T15:00:00Z' },
    ...{ last: null, seen: {}, over: [], taken: [] },
  };
  const kept = { version: 1, instanceId, bootId: 'another', bootedAt: since, writtenAt: since, memory };
  await mkdir(stage.stateDirectory, { recursive: true });
  await writeFile(stateFile(stage), JSON.stringify(kept));
}

function drain({ sandbox, instanceId }: AgentStage): void {
  const self = sandbox.world.ecs.containerInstanceOf(instanceId);
  if (self === undefined) throw new Error('the instance has not joined');
  sandbox.driver.inPresent(() => sandbox.world.ecs.setStatus(self, 'DRAINING'));
}

describe.concurrent('an agent that is killed and started again', () => {
  it('goes on with its response: the task is stopped in time, and no hook is run twice for a moment', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    const task = await stage.runStandalone('batch', 2);
    const [directory, ran] = [join(stage.stateDirectory, '../hooks'), join(stage.stateDirectory, '../ran')];
    await mkdir(directory);
    await writeFile(join(directory, 'tell'), `#!/bin/sh\necho "$SPOTKEEPER_MOMENT" >> '${ran}'\n`);
    await chmod(join(directory, 'tell'), 0o755);
    const settings = { SPOTKEEPER_HOOKS_DIRECTORY: directory, SPOTKEEPER_HOOKS_LIMIT_SECONDS: '2' };
    const first = await startReady(stage, settings);
    const deadlineAt = stage.notice();
    await says(first, 'the notice is written');
    await says(first, 'hook has run');
    const isKept = async () => /run-hooks.notice/.test(await readFile(stateFile(stage), 'utf8'));
    await until('that to be on disk', isKept);
    first.child.kill('SIGKILL');
    await first.over;
    const second = await stage.startAgent(settings);
    await says(second, 'taking up what was left');
    await says(second, 'drained: every task here that is waited for has ended');
    await says(second, 'hook has run', 2);
    test.expect(await readFile(ran, 'utf8')).toBe('notice\nbefore-stop\ndrained\n');
    const { history } = stage.sandbox.world;
    test.expect(history.of('task-stopped')).toMatchObject([{ taskArn: task.arn, end: 'exited' }]);
    test.expect(history.of('task-sigterm')[0]?.at).toBeLessThanOrEqual(deadlineAt - 2_000);
    test.expect(stage.calls('UpdateContainerInstancesState')).toBe(1);
  });

  it('takes back what it had drained itself when the reason is over by then', async (test) => {
    const stage = await ownStage(test);
    const event = stage.scheduleMaintenance({ code: 'instance-stop', notBeforeAt: Date.now() + 600_000 });
    const first = await stage.startAgent(OFTEN);
    await says(first, 'this container instance is DRAINING');
    first.child.kill('SIGKILL');
    await first.over;
    stage.finishMaintenance(event, 'canceled');
    const second = await stage.startAgent(OFTEN);
    await becomes(stage, 'ACTIVE');
    await says(second, 'this container instance is ACTIVE again');
    await until('the notice to be gone', () => stage.seen().notice === null);
  });

  it('ends its cordon when the time for it is over, counted from its beginning', async (test) => {
    const stage = await ownStage(test);
    const settings = { ...OFTEN, SPOTKEEPER_REBALANCE_LIFT_AFTER_SECONDS: '10' };
    const first = await startReady(stage, settings);
    stage.recommendRebalance();
    await says(first, 'the notice is written');
    const cordonedAt = Date.parse(String(linesOf(first, 'answering a signal')[0]?.time));
    first.child.kill('SIGKILL');
    await first.over;
    const second = await stage.startAgent(settings);
    await says(second, 'the cordon of this container instance is lifted');
    const liftedAt = Date.parse(String(linesOf(second, 'the signal is over')[0]?.time));
    test.expect(liftedAt).toBeGreaterThanOrEqual(cordonedAt + 10_000);
    test.expect(stage.attribute('spotkeeper.cordoned')).toBe(null);
  });
});

describe.concurrent('a state file', () => {
  it('of an earlier boot of this instance is followed: what was drained is taken back', async (test) => {
    const stage = await ownStage(test);
    await leaveState(stage, stage.instanceId);
    drain(stage);
    const agent = await stage.startAgent();
    await becomes(stage, 'ACTIVE');
    test.expect(linesOf(agent, 'what was set before this boot is remembered')).toHaveLength(1);
  });

  it('of another instance is said and not used', async (test) => {
    const stage = await ownStage(test);
    await leaveState(stage, 'i-0123456789abcdef0');
    drain(stage);
    const agent = await startReady(stage);
    test.expect(linesOf(agent, 'the state file is of another instance and is not used')).toHaveLength(1);
    stage.notice();
    await says(agent, 'the notice is written');
    test.expect(stage.seen().status).toBe('DRAINING');
    test.expect(stage.sandbox.log.records.map(({ input }) => input.status)).not.toContain('ACTIVE');
    test.expect(JSON.parse(await readFile(stateFile(stage), 'utf8'))).toMatchObject({ instanceId: stage.instanceId });
  });

  it('that cannot be read is said and not used, and a notice is answered all the same', async (test) => {
    const stage = await ownStage(test);
    await mkdir(stage.stateDirectory, { recursive: true });
    await writeFile(stateFile(stage), '{"version":1,"mem');
    const agent = await startReady(stage);
    test.expect(linesOf(agent, 'the state file cannot be read: the agent begins anew')).toHaveLength(1);
    stage.notice();
    await says(agent, 'the notice is written');
    test.expect(stage.seen().status).toBe('DRAINING');
    const kept = JSON.parse(await readFile(stateFile(stage), 'utf8'));
    test.expect(kept.memory).toMatchObject({ notice: stage.seen().notice, last: { kind: 'interruption' } });
  });
});
