import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { Agents, agentName } from '../../../src/sandbox/processes/agents.ts';
import { Processes } from '../../../src/sandbox/processes/processes.ts';
import type { ProcessEvent } from '../../../src/sandbox/processes/supervised-process.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { until } from '../../support/until.ts';
import { aQuickSandbox } from '../clients.ts';

/** Says what it was given and found on its disk, and leaves something there. */
const PROGRAM = `
import { existsSync, writeFileSync } from 'node:fs';
const { SPOTKEEPER_STATE_DIRECTORY: state, SPOTKEEPER_RUNTIME_DIRECTORY: run, SPOTKEEPER_BOOT_ID: boot } = process.env;
const found = [state, run].map((folder) => existsSync(folder + '/left')).join(' ');
process.on('SIGTERM', () => (console.log('SIGTERM'), process.exit()));
for (const folder of [state, run]) writeFileSync(folder + '/left', 'x');
console.log('boot ' + boot + ' found ' + found + ' port ' + process.env.SPOTKEEPER_NOTICE_PORT);
setInterval(() => {}, 1_000);
`;

let folder: string;
let sandbox: Sandbox;
let processes: Processes;
let agents: Agents;
let events: ProcessEvent[];
let instanceId: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spotkeeper-agents-'));
  const program = join(folder, 'program.mjs');
  await writeFile(program, PROGRAM);
  sandbox = await aQuickSandbox();
  processes = new Processes({ clock: systemClock, program });
  events = [];
  processes.subscribe((event) => events.push(event));
  const { environmentFor, instances } = sandbox;
  const urlsOf = (id: string) => instances.urlsOf(id);
  agents = new Agents({ processes, urlsOf, environmentFor, environment: {}, folder: join(folder, 'instances') });
  sandbox.world.ec2.listen(agents);
  instanceId = sandbox.driver.inPresent(() =>
    sandbox.world.ec2.launchOnDemand({ instanceType: 'm5.large', zone: 'us-east-1a', clusterName: null }),
  );
});
afterEach(async () => {
  await agents.close();
  await processes.close();
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

const lines = () => processes.linesOf(agentName(instanceId));
const said = (line: string) => until(line, () => lines().includes(line));

describe('the agent of an instance', () => {
  it('is killed by a reboot and started again, with its disk as it left it and another boot id', async () => {
    await said(`boot ${instanceId}-1 found false false port 0`);
    sandbox.driver.inPresent(() => sandbox.world.ec2.reboot(instanceId));
    await said(`boot ${instanceId}-2 found true false port 0`);
    expect(events.filter(({ kind }) => kind === 'ended')).toMatchObject([{ signal: 'SIGKILL', isRestarting: false }]);
    expect(lines()).not.toContain('SIGTERM');
  });

  it('finds its disk also after the instance was stopped and started', async () => {
    await said(`boot ${instanceId}-1 found false false port 0`);
    sandbox.driver.inPresent(() => sandbox.world.ec2.stopInstance(instanceId));
    await until('the instance to be stopped', () =>
      sandbox.driver.inPresent(() => sandbox.world.ec2.startInstance(instanceId)),
    );
    await said(`boot ${instanceId}-2 found true false port 0`);
  });

  it('is gone when the power is gone for good', async () => {
    await said(`boot ${instanceId}-1 found false false port 0`);
    sandbox.driver.inPresent(() => sandbox.world.ec2.terminate([instanceId]));
    await until('its end', () => events.some(({ kind }) => kind === 'ended'));
    expect(processes.list()).toEqual([]);
  });
});
