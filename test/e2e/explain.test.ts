// What a real controller recorded against the sandbox: planned again it gives the same, and `spotkeeper explain` tells it.
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecording, type ReadPass } from '../../src/controller/recording/read-recording.ts';
import { plan } from '../../src/plan/decide.ts';
import type { Action } from '../../src/plan/plan.ts';
import { activeContainerInstances } from '../../src/world/ecs/cluster.ts';
import { filesWith } from '../config/files.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { aFolder } from '../support/folder.ts';
import { runCommand } from '../support/run-command.ts';
import type { RunningScript } from '../support/script.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

const RETIREMENT = { minimumAgeSeconds: 0 };

async function passesIn(directory: string): Promise<ReadPass[]> {
  const passes: ReadPass[] = [];
  for await (const pass of (await openRecording(directory)).passesSince(0)) passes.push(pass);
  return passes;
}

const actionsIn = (passes: readonly ReadPass[]): Action[] => passes.flatMap(({ plan: actions }) => actions);

/** A service comes and needs more room, goes, and one instance after the other retires. */
async function recordADay(directory: string): Promise<RunningScript> {
  stage = await setControllerStage();
  const recording = { directory };
  const controller = await stage.start('controller-a', await stage.configure({ recording, retirement: RETIREMENT }));
  stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 6 });
  await until('the service to run', () => runningTasks() === 6);
  const { driver, world } = stage.sandbox;
  const web = stage.cluster.services.get('web');
  if (web === undefined) throw new Error('no service');
  driver.inPresent(() => world.ecs.updateService(web, { desiredCount: 0 }));
  await until('a retirement', () => stage.requests('TerminateInstances').length > 0, 60_000);
  return controller;
}

const runningTasks = (): number =>
  [...stage.cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;

describe('the record of a controller', () => {
  it('gives the same plan and report when it is planned again, pass by pass', { timeout: 90_000 }, async () => {
    const directory = aFolder();
    const controller = await recordADay(directory);
    controller.child.kill('SIGTERM');
    expect((await controller.over).code).toBe(0);
    const passes = await passesIn(directory);
    const kinds = new Set(actionsIn(passes).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['drain', 'mark-retiring', 'set-target', 'terminate']);
    for (const { input, plan: actions, report } of passes) {
      const again = plan(input);
      expect(JSON.stringify({ plan: again.plan, report: again.report })).toBe(
        JSON.stringify({ plan: actions, report }),
      );
    }
    // Closed in order, it is compressed.
    expect(readdirSync(directory).every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
  });

  it('is whole up to the moment of a SIGKILL', { timeout: 60_000 }, async () => {
    const directory = aFolder();
    stage = await setControllerStage();
    const controller = await stage.start('controller-a', await stage.configure({ recording: { directory } }));
    await until('three passes', async () => (await passesIn(directory)).length >= 3);
    controller.child.kill('SIGKILL');
    await controller.over;
    const recording = await openRecording(directory);
    expect(await recording.lastAt()).not.toBeNull();
    expect(recording.damaged).toEqual([]);
  });

  it('that cannot be written stops nobody, and is told once', { timeout: 60_000 }, async () => {
    const at = filesWith({ 'no-directory': 'a file' });
    stage = await setControllerStage();
    const config = await stage.configure({ recording: { directory: at('no-directory') } });
    const controller = await stage.start('controller-a', config);
    await until('three passes', () => stage.requests('ListServices').length >= 3);
    expect(controller.stderr().match(/passes cannot be recorded/g)).toHaveLength(1);
    expect(controller.child.exitCode).toBeNull();
  });
});

describe('spotkeeper explain', () => {
  it('tells what was decided and why: in all, for the fleet, and for an instance that left', {
    timeout: 120_000,
  }, async () => {
    const directory = aFolder();
    await recordADay(directory);
    const [left] = actionsIn(await passesIn(directory)).flatMap((action) =>
      action.kind === 'terminate' ? [action.instanceId] : [],
    );
    const all = await explain('--recording', directory);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(unwrapped(all.stdout)).toMatch(
      /target 4 -> \d+ units: .* \[(pending-tasks|promised-room|expected-arrivals)\]/,
    );
    expect(unwrapped(all.stdout)).toContain(`action drain ${left}`);
    const fleet = await explain('general', '--recording', directory);
    expect(unwrapped(fleet.stdout)).toMatch(/capacity fulfilled 4, usable 4, leaving 0/);
    expect(fleet.stdout).not.toContain(`drain ${left}`);
    const instance = await explain(String(left), '--recording', directory);
    expect(instance.stdout).toContain(`Instance  ${left}, m5.large in us-east-1a, 2 units`);
    expect(unwrapped(instance.stdout)).toMatch(/chosen to leave: its room is not needed \[excess\]/);
    expect(unwrapped(instance.stdout)).toContain(`action terminate ${left}, which is empty`);
    const [stays] = activeContainerInstances(stage.cluster).filter(({ ec2 }) => ec2.id !== left);
    const data = await explain(String(stays?.ec2.id), '--recording', directory, '--json', '--last', '1d');
    const explanation = JSON.parse(data.stdout);
    expect(explanation.about).toMatchObject({ kind: 'instance', line: { instanceId: stays?.ec2.id } });
    expect(explanation.stretches[0].fact).toMatchObject({ kind: 'standing' });
  });

  it('finds the record by the configuration of the controller', async () => {
    stage = await setControllerStage();
    const directory = aFolder();
    const config = await stage.configure({ recording: { directory } });
    await stage.start('controller-a', config);
    await until('a pass', async () => (await passesIn(directory)).length >= 1);
    expect(await explain('--config', config)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('spotkeeper explain refuses', () => {
  beforeEach(async () => {
    stage = await setControllerStage();
  });

  it('to guess where nothing is recorded, and says how to change that', async () => {
    const { code, stderr } = await explain('--config', await stage.configure());
    expect(code).toBe(2);
    expect(stderr).toMatch(/\[bad-configuration\] no record to read: set recording\.directory in \/.*, then/);
    expect((await explain()).stderr).toContain('no record to read: no file was named');
  });

  it('an empty record with exit code 1', async () => {
    const directory = aFolder();
    const { code, stderr } = await explain('--recording', directory);
    expect(code).toBe(1);
    expect(stderr).toContain(`nothing is recorded in ${directory}`);
  });

  it('a name that nobody had', async () => {
    const directory = aFolder();
    await stage.start('controller-a', await stage.configure({ recording: { directory } }));
    await until('a pass', async () => (await passesIn(directory)).length >= 1);
    const { code, stderr } = await explain('i-0nobody', '--recording', directory);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\[instance-not-found\] no instance was called i-0nobody from /);
  });

  it.each(['1', '1w', '0h', '-5m'])('the duration %s', async (last) => {
    const { code, stderr } = await explain('--last', last);
    expect(code).toBe(2);
    expect(stderr).toContain('--last');
  });
});

const explain = (...args: string[]) => runCommand(['explain', ...args]);

/** Without what keeps a page in its width. */
const unwrapped = (page: string): string => page.replace(/\s+/g, ' ');
