// Nothing runs before the daemons do: what the real agent says of an instance's readiness, what it starts itself, and what
// ECS then places there.
import { describe, it } from 'vitest';
import { PLACEMENT_CONSTRAINT } from '../../src/model/attributes.ts';
import { memberOf } from '../../src/world/ecs/placement-constraint.ts';
import type { EcsTask } from '../../src/world/ecs/task.ts';
import { becomes, linesOf, operatorOf, ownStage, says, startReady } from '../support/agent-scenes.ts';
import type { AgentStage } from '../support/agent-stage.ts';
import { until } from '../support/until.ts';

const readiness = (stage: AgentStage, value: 'yes' | 'no') =>
  until(`ready=${value}`, () => stage.attribute('spotkeeper.ready') === value, 25_000);
const DAEMON = { schedulingStrategy: 'DAEMON' } as const;
const CONSTRAINED = {
  schedulingStrategy: 'REPLICA',
  desiredCount: 1,
  placementConstraints: [memberOf(PLACEMENT_CONSTRAINT)],
} as const;

/** A definition of which nothing runs. */
function define({ sandbox }: AgentStage, family: string): void {
  const container = { name: 'main', image: 'example/main:1', cpu: 64, memory: 64, memoryReservation: null };
  sandbox.world.ecs.registerTaskDefinition({
    ...{ family, networkMode: 'bridge', cpu: null, memory: null, cpuArchitecture: null },
    placementConstraints: [],
    requiresCompatibilities: [],
    containers: [{ ...container, essential: true, portMappings: [], stopTimeout: 1 }],
  });
}

const runningOf = ({ sandbox }: AgentStage, family: string): EcsTask | undefined =>
  sandbox.driver.inPresent(() =>
    [...sandbox.world.ecs.cluster('production').tasks.values()].find(
      ({ definition, lastStatus }) => definition.family === family && lastStatus === 'RUNNING',
    ),
  );

describe.concurrent('an instance that requires daemons', () => {
  it('is not ready until the task of a required DAEMON service runs, and gets no constrained task before', async (test) => {
    const stage = await ownStage(test, { taskStartMs: [3_000, 3_000] });
    const logs = stage.serve('logs', DAEMON, 2);
    const web = stage.serve('web', CONSTRAINED, 2);
    const agent = await stage.startAgent({ SPOTKEEPER_REQUIRED_DAEMONS_SERVICES: 'logs' });
    await says(agent, 'this container instance is marked as not ready');
    test
      .expect(linesOf(agent, 'this container instance is marked as not ready')[0])
      .toMatchObject({ missing: ['logs'] });
    await Promise.all([logs, web]);
    const { history } = stage.sandbox.world;
    const startOfLogs = history.of('task-running').find(({ group }) => group === 'service:logs')?.at ?? 0;
    const placed = history.of('task-placed').filter(({ group }) => group === 'service:web');
    test.expect(placed).toHaveLength(1);
    test.expect(placed[0]?.at).toBeGreaterThan(startOfLogs);
    test.expect(stage.attribute('spotkeeper.ready')).toBe('yes');
  });

  it('gets a task of a required family from the agent, and another when that one ends', async (test) => {
    const stage = await ownStage(test);
    define(stage, 'monitor');
    const settings = { SPOTKEEPER_REQUIRED_DAEMONS_FAMILIES: 'monitor' };
    const agent = await startReady(stage, settings);
    const first = runningOf(stage, 'monitor');
    if (first === undefined) throw new Error('ready, and the daemon does not run');
    test.expect(first.startedBy).toBe('spotkeeper');
    await operatorOf(stage).stop(first);
    await readiness(stage, 'no');
    await says(agent, 'a required daemon has ended and will be started again');
    await readiness(stage, 'yes');
    test.expect(runningOf(stage, 'monitor')?.arn).not.toBe(first.arn);
    test.expect(stage.calls('StartTask')).toBe(2);
  });

  it('has its required family started once more only, however often the agent is', async (test) => {
    const stage = await ownStage(test);
    define(stage, 'monitor');
    const settings = { SPOTKEEPER_REQUIRED_DAEMONS_FAMILIES: 'monitor' };
    const first = await startReady(stage, settings);
    first.child.kill('SIGKILL');
    await first.over;
    await startReady(stage, settings);
    test.expect(stage.calls('StartTask')).toBe(1);
  });

  it('gets no new daemon while it is emptied, and its required family is stopped after all others', async (test) => {
    const stage = await ownStage(test, { noticeMs: 12_000 });
    define(stage, 'monitor');
    const batch = await stage.runStandalone('batch', 2);
    await startReady(stage, { SPOTKEEPER_REQUIRED_DAEMONS_FAMILIES: 'monitor' });
    stage.notice();
    await becomes(stage, 'DRAINING');
    const { history } = stage.sandbox.world;
    await until('two ends', () => history.of('task-stopped').length === 2);
    const [last, monitor] = history.of('task-stopped');
    test.expect(last?.taskArn).toBe(batch.arn);
    test.expect(history.of('task-sigterm')[1]?.at).toBeGreaterThanOrEqual(last?.at ?? 0);
    test.expect(monitor?.group).toBe('family:monitor');
    test.expect(stage.calls('StartTask')).toBe(1);
    test.expect(stage.attribute('spotkeeper.ready')).toBe('yes');
  });

  it('that requires a service nobody has made says so, and is not ready', async (test) => {
    const stage = await ownStage(test);
    const agent = await stage.startAgent({ SPOTKEEPER_REQUIRED_DAEMONS_SERVICES: 'typo' });
    await says(agent, 'a required daemon service does not exist in this cluster');
    await readiness(stage, 'no');
  });
});

describe.concurrent('a constrained service', () => {
  it('places nothing on an instance that is cordoned, and does again when the cordon is lifted', async (test) => {
    const stage = await ownStage(test);
    const agent = await startReady(stage, {
      SPOTKEEPER_POLL_SECONDS: '2.5',
      SPOTKEEPER_REBALANCE_POLL_SECONDS: '2.5',
      SPOTKEEPER_REBALANCE_LIFT_AFTER_SECONDS: '10',
    });
    stage.recommendRebalance();
    await says(agent, 'this container instance is cordoned');
    const web = stage.serve('web', CONSTRAINED, 2);
    const { history } = stage.sandbox.world;
    await until('ECS to try', () => history.of('placement-failed').length > 0);
    test.expect(history.of('task-placed')).toEqual([]);
    await web;
    test.expect(linesOf(agent, 'the cordon of this container instance is lifted')).toHaveLength(1);
  });
});
