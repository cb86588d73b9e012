// The agent's proof: whatever fails for a while, and whenever the agent dies, what can be done in time is done. Faults of
// IMDS and of ECS, the moments in which the agent ends and the steps of its clock are combined so that each pair of them is
// played.
//   SPOTKEEPER_FAULT_SEED=7 npx vitest run test/e2e/agent-faults.test.ts    plays other combinations
import { describe, expect, it, vi } from 'vitest';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { ECS_FAULTS, IMDS_FAULTS } from '../support/agent-faults.ts';
import { AgentLives } from '../support/agent-lives.ts';
import { setAgentStage } from '../support/agent-stage.ts';
import { CLOCKS, ECS_FAILS, type FaultCase, KILLED, LATER } from '../support/fault-case.ts';
import { playFaultCase } from '../support/fault-play.ts';
import { faultVerdict, storyOf } from '../support/fault-verdict.ts';
import { pairwise } from '../support/pairwise.ts';
import { until } from '../support/until.ts';

// A case is waiting, mostly; more at once would keep each other from starting in time on a small machine.
vi.setConfig({ maxConcurrency: 10, testTimeout: 90_000 });

const SEED = Number(process.env.SPOTKEEPER_FAULT_SEED ?? 1);

/**
 * A process that takes longer to its first word, which is before it does anything, tells of the machine and not of the
 * agent: what went wrong then is played once more.
 */
const BUSY_MS = 1_500;

const cases = pairwise(
  { imds: IMDS_FAULTS, ecs: ECS_FAULTS, ecsFails: ECS_FAILS, killed: KILLED, later: LATER, clock: CLOCKS },
  seededRng(SEED),
);

const nameOf = ({ imds, ecs, ecsFails, killed, later, clock }: FaultCase) =>
  `while IMDS: ${imds}, ECS: ${ecs} ${ecsFails}, killed: ${killed}, later: ${later}, clock: ${clock} (seed ${SEED})`;

async function judge(faultCase: FaultCase): Promise<void> {
  const first = await playFaultCase(faultCase, SEED);
  const isVoid = faultVerdict(first).length > 0 && first.slowestStartMs > BUSY_MS;
  const evidence = isVoid ? await playFaultCase(faultCase, SEED) : first;
  const problems = faultVerdict(evidence);
  const story = problems.length === 0 ? '' : storyOf(evidence);
  expect(problems, `${nameOf(faultCase)}\n${problems.join('\n')}\n${story}`).toEqual([]);
}

describe.concurrent('the agent', () => {
  it.each(cases.map((faultCase) => [nameOf(faultCase), faultCase] as const))(
    'does what can be done in time %s',
    async (_name, faultCase) => judge(faultCase),
  );

  const calm = {
    ...({ imds: 'works', ecs: 'works', ecsFails: 'at the notice', killed: 'never', later: 'never' } as const),
    clock: 'right',
  } as const;
  it.each([
    ['ECS that throttles', { ecs: 'throttles' }],
    ['ECS that hangs', { ecs: 'hangs' }],
    ['ECS that takes no signature', { ecs: 'takes no signature' }],
    ['IMDS that is busy', { imds: 'busy' }],
    ['IMDS that talks nonsense', { imds: 'nonsense' }],
  ] as const)('neither ends nor gives up through an %s until the power goes', async (_name, fault) => {
    await judge({ ...calm, ...fault, isForGood: true });
  });
});

describe.concurrent('a notice that is withdrawn', () => {
  it.each(['never', 'in between'] as const)(
    'takes nothing back, as it may come true, with the agent killed: %s',
    async (killed) => {
      const stage = await setAgentStage({ noticeMs: 9_500 });
      const { log } = stage.sandbox;
      const lives = new AgentLives(stage);
      try {
        await stage.runStandalone('batch', 2);
        await lives.startReady();
        stage.notice();
        await until('the attribute', () => stage.seen().notice !== null);
        stage.withdrawNotice();
        if (killed === 'in between') await lives.restart();
        const { history } = stage.sandbox.world;
        await until('the end of the task', () => history.of('task-stopped').length === 1);
        await until('its word of the end', () => lives.said('"msg":"drained'));
        const readings = () => stage.calls('GET /latest/meta-data/spot/instance-action');
        const before = readings();
        await until('a few more readings', () => readings() > before + 3);
        expect(stage.seen()).toMatchObject({ status: 'DRAINING', notice: expect.stringContaining('interruption@') });
        expect(history.of('task-stopped')).toMatchObject([{ end: 'exited' }]);
        expect(log.records.filter(({ input }) => input.status === 'ACTIVE')).toEqual([]);
      } finally {
        await stage.close();
      }
    },
  );
});

describe.concurrent("an operator's DRAINING", () => {
  it.each(['operator', 'agent'] as const)(
    'is told from ours through faults and kills: set by the %s, it is undone only when it is ours',
    async (who) => {
      const stage = await setAgentStage();
      const { world, driver } = stage.sandbox;
      const lives = new AgentLives(stage, { SPOTKEEPER_POLL_SECONDS: '2', SPOTKEEPER_TARGET_STATE_POLL_SECONDS: '1' });
      const inCluster = () => world.ecs.containerInstanceOf(stage.instanceId);
      try {
        await lives.startReady();
        driver.inPresent(() => {
          const instance = inCluster();
          if (who === 'operator' && instance !== undefined) world.ecs.setStatus(instance, 'DRAINING');
        });
        const drained = lives.restartAt({ record: ({ action }) => action === 'UpdateContainerInstancesState' });
        stage.setTargetState('Warmed:Stopped');
        await until('a kill as DRAINING is taken', drained);
        await until('the attribute', () => stage.seen().notice !== null);
        stage.fault('ecs', { kind: 'drop', when: 'after' }, { count: 3 });
        const back = lives.restartAt({ record: ({ action }) => /^(DeleteAttributes|UpdateC)/.test(action) });
        stage.setTargetState('InService');
        await until('a kill on the way back', back);
        await until('the end of it', () => lives.said('the notice is removed from this container instance'));
        if (who === 'agent') await until('ACTIVE', () => stage.seen().status === 'ACTIVE');
        const backs = stage.sandbox.log.records.filter(({ input }) => input.status === 'ACTIVE');
        expect(backs.length > 0).toBe(who === 'agent');
      } finally {
        await stage.close();
      }
    },
  );
});
