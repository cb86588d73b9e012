// What the real processes do without one line of their policies: they name it, and only what it is for does not work.
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentStage, setAgentStage } from '../support/agent-stage.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { until } from '../support/until.ts';

describe('a controller', () => {
  let stage: ControllerStage;
  afterEach(() => stage.close());

  const grows = async () => {
    const before = stage.fleet.targetUnits;
    stage.addService('web', { cpuUnits: 1_024, memoryMiB: 1_024, desiredCount: 8 });
    await until('a higher target', () => stage.fleet.targetUnits > before);
  };

  it.each([
    'ecs:DescribeClusters',
    'ec2:DescribeSpotFleetRequests',
    'ec2:DescribeSpotFleetInstances',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
  ])('does not start without %s, and says so', async (lacking) => {
    stage = await setControllerStage();
    const controller = await stage.start('controller-a', await stage.configure(), {}, lacking);
    expect((await controller.over).code).toBe(2);
    expect(controller.stderr()).toMatch(/^spotkeeper: \[access-denied\] /m);
    expect(controller.stderr()).toContain(`"${lacking}" is missing in the policy of this role, as in controller.json`);
  });

  it('without metrics goes on with all else, and says which line is missing', async () => {
    stage = await setControllerStage();
    const controller = await stage.start('controller-a', await stage.configure(), {}, 'cloudwatch:PutMetricData');
    await until('its word', () => /metrics could not be published/.test(controller.stderr()));
    await grows();
    expect(controller.stderr()).toContain('\\"cloudwatch:PutMetricData\\" is missing in the policy of this role');
  });

  it.each(['ecs:PutAttributes', 'ecs:UpdateContainerInstancesState'])(
    'that may not retire for want of %s still grows the fleet',
    async (lacking) => {
      stage = await setControllerStage({ targetUnits: 8 });
      const config = await stage.configure({ scaleIn: { idleSeconds: 0 }, retirement: { minimumAgeSeconds: 0 } });
      const controller = await stage.start('controller-a', config, {}, lacking);
      await until('its word', () => controller.stderr().includes(`\\"${lacking}\\" is missing in the policy`));
      await grows();
      expect(stage.requests('TerminateInstances')).toEqual([]);
    },
  );

  it.each(['ecs:ListTasks', 'ecs:DescribeTasks', 'ec2:DescribeInstances'])(
    'that may not see all for want of %s shrinks nothing and still grows',
    async (lacking) => {
      stage = await setControllerStage({ targetUnits: 4 });
      const config = await stage.configure({ scaleIn: { idleSeconds: 0 }, retirement: { minimumAgeSeconds: 0 } });
      stage.addService('old', { cpuUnits: 256, memoryMiB: 256, desiredCount: 1 });
      const controller = await stage.start('controller-a', config, {}, lacking);
      await until('its word', () => controller.stderr().includes(`\\"${lacking}\\" is missing in the policy`));
      await grows();
      expect(stage.requests('TerminateInstances')).toEqual([]);
    },
  );
});

describe('an agent', () => {
  let stage: AgentStage;
  afterEach(() => stage.close());

  it.each([
    'ecs:PutAttributes',
    'ecs:DescribeContainerInstances',
    'ecs:StopTask',
    'ecs:DescribeTasks',
    'ecs:DescribeTaskDefinition',
  ])('drains on a notice without %s, and says that it is missing', async (lacking) => {
    // Longer than half of a notice: the agent has to stop such a task itself, and so to know of it.
    stage = await setAgentStage({ noticeMs: 20_000 });
    await stage.runStandalone('import', 8);
    const agent = await stage.startAgent({}, lacking);
    await until('the agent to watch', () => agent.stderr().includes('watching for interruption notices'));
    stage.notice();
    await until('DRAINING', () => stage.seen().status === 'DRAINING');
    await until('its word', () => agent.stderr().includes(`\\"${lacking}\\" is missing in the policy of this role`));
  });
});
