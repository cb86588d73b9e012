// A notice on the way from the metadata service to a raised target, with the real agent and the real controller: by the
// agent's poke, and by the leader's own looks. No pass is due while this runs, so one of them must have brought it.
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { aFreePort } from '../support/free-port.ts';
import { type RunningScript, watchChild } from '../support/script.ts';
import { until } from '../support/until.ts';

const AGENT = new URL('../../dist/agent.js', import.meta.url).pathname;
const HOURLY = '0 0 * * * *';

let stage: ControllerStage;
const agents: RunningScript[] = [];
afterEach(async () => {
  for (const { child } of agents) child.kill('SIGKILL');
  await Promise.all(agents.splice(0).map(({ over }) => over));
  await stage.close();
});

/** The agent of the first instance, and what EC2 and the operator do to it. */
async function aWatchedInstance(addresses: readonly string[]) {
  const { sandbox, cluster } = stage;
  const id = [...cluster.containerInstances.values()][0]?.ec2.id ?? '';
  const urls = await sandbox.instances.urlsOf(id);
  if (urls === null) throw new Error(`${id} is not up`);
  const child = spawn(process.execPath, [AGENT], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      ...sandbox.environmentFor(`agent ${id}`),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
      SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
      SPOTKEEPER_NOTICE_PORT: '0',
      SPOTKEEPER_CONTROLLER_ADDRESSES: addresses.join(','),
    },
  });
  const agent = watchChild(child);
  agents.push(agent);
  await until('the agent to watch', () => agent.stderr().includes('watching for interruption notices'));
  return { agent, notice: () => sandbox.driver.inPresent(() => sandbox.world.ec2.sendNotice(id)) };
}

async function aQuietController(name: string, changes: Record<string, unknown>): Promise<RunningScript> {
  const config = await stage.configure({ schedule: HOURLY, ...changes });
  const controller = await stage.start(name, config);
  await until(`${name} to have started`, () => controller.stderr().includes('controller started'));
  return controller;
}

/** The cluster is full, so what is lost is short. */
async function aFullCluster() {
  stage = await setControllerStage({ targetUnits: 4 }, { noticeMs: 120_000 });
  stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 4 });
}

const settled = async () => {
  await until('the promise to be kept', () => stage.requests('ModifySpotFleetRequest').length > 0);
  await until('the fleet to have what was asked for', () => stage.fleet.fulfilledUnits >= stage.fleet.targetUnits);
};

describe('a notice between two passes', () => {
  it('is answered at once where the agent knows the controllers, of which one stands by', async () => {
    await aFullCluster();
    const [first, second] = [await aFreePort(), await aFreePort()];
    // No look of the leader's own comes in time.
    const fastLane = { periodSeconds: 300 };
    const poke = (port: number) => ({ poke: { host: '127.0.0.1', port }, fastLane });
    await aQuietController('controller-a', poke(first));
    await until('a leader', () => stage.requests('ListServices').length > 0);
    await aQuietController('controller-b', poke(second));
    await settled();
    const { agent, notice } = await aWatchedInstance([`http://127.0.0.1:${second}`, `http://127.0.0.1:${first}`]);
    const raised = stage.fleet.targetUnits;
    notice();
    await until('the target to be raised', () => stage.fleet.targetUnits > raised);
    expect(agent.stderr()).toContain('the leading controller is told to look');
  });

  it('is seen by the leader alone within its fast lane', async () => {
    await aFullCluster();
    await aQuietController('controller-a', { fastLane: { periodSeconds: 1 } });
    await settled();
    const { agent, notice } = await aWatchedInstance([]);
    const raised = stage.fleet.targetUnits;
    notice();
    await until('the target to be raised', () => stage.fleet.targetUnits > raised);
    expect(agent.stderr()).not.toContain('told to look');
  });

  it('is answered by the drain also where nobody can be told', async () => {
    await aFullCluster();
    const { agent, notice } = await aWatchedInstance([`http://127.0.0.1:${await aFreePort()}`]);
    notice();
    await until('the agent to have given up', () => agent.stderr().includes('the leader finds it by itself'), 30_000);
    expect(agent.stderr()).toContain('this container instance is DRAINING');
  });
});
