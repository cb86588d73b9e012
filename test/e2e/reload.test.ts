// The real controller, whose files are changed while it runs: by itself and at a SIGHUP.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import type { RunningScript } from '../support/script.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

async function aLeader() {
  stage = await setControllerStage();
  const config = await stage.configure();
  const controller = await stage.start('controller-a', config);
  await until('a pass', () => stage.requests('ListServices').length >= 1);
  return { controller, config, fleetFile: config.replace('controller-', 'fleet-') };
}

const change = (file: string, from: string, to: string) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
};

async function healthOf(controller: RunningScript): Promise<{ trouble: string | null; isHealthy: boolean }> {
  const address = /"healthz":"([\d.:]+)"/.exec(controller.stderr())?.[1];
  return (await (await fetch(`http://${address}/healthz`)).json()) as { trouble: string | null; isHealthy: boolean };
}

describe('a controller that runs', () => {
  it('raises the target for a higher minimum that is written into the file of its fleet', async () => {
    const { controller, fleetFile } = await aLeader();
    change(fleetFile, 'min: 2', 'min: 9');
    await until('the target', () => stage.fleet.targetUnits >= 9);
    expect(controller.stderr()).toContain('"fleet.targetCapacity.min":{"from":2,"to":9}');
  });

  it('reads its files at once at a SIGHUP, and goes on with what it had where they are wrong', async () => {
    const { controller, config, fleetFile } = await aLeader();
    change(config, 'idleSeconds: 1', 'idleSeconds: never');
    change(fleetFile, 'min: 2', 'min: 9');
    controller.child.kill('SIGHUP');
    await until('the mistake', () => controller.stderr().includes('the files have mistakes'));
    expect(controller.stderr()).toMatch(/scaleIn\.idleSeconds: expected a number of seconds.*found \\"never\\"/);
    expect(await healthOf(controller)).toMatchObject({
      isHealthy: true,
      trouble: expect.stringContaining('scaleIn.idleSeconds'),
    });
    const passes = stage.requests('ListServices').length;
    await until('two more passes', () => stage.requests('ListServices').length >= passes + 2);
    expect(stage.fleet.targetUnits).toBeLessThan(9);
    change(config, 'idleSeconds: never', 'idleSeconds: 1');
    controller.child.kill('SIGHUP');
    await until('the target', () => stage.fleet.targetUnits >= 9);
    expect((await healthOf(controller)).trouble).toBeNull();
    expect(controller.child.exitCode).toBeNull();
  });

  it('ends at a SIGTERM after a SIGHUP as it would without', async () => {
    const { controller } = await aLeader();
    controller.child.kill('SIGHUP');
    await until('the word', () => controller.stderr().includes('nothing has changed'));
    controller.child.kill('SIGTERM');
    expect((await controller.over).code).toBe(0);
    expect(controller.stderr()).toContain('lease given up');
  });

  it.each([
    ['thousands of brackets', (path: string) => writeFileSync(path, '['.repeat(9_000)), 'nested too deep'],
    ['a pipe that nobody writes to', (path: string) => void execFileSync('mkfifo', [path]), 'a pipe or a device'],
  ])('goes on with what it had where its file becomes %s', async (_name, put, mistake) => {
    const { controller, config } = await aLeader();
    const text = readFileSync(config, 'utf8');
    rmSync(config);
    put(config);
    controller.child.kill('SIGHUP');
    await until('the mistake', () => controller.stderr().includes(mistake));
    const passes = stage.requests('ListServices').length;
    await until('two more passes', () => stage.requests('ListServices').length >= passes + 2);
    rmSync(config);
    writeFileSync(config, text);
    controller.child.kill('SIGHUP');
    await until('the end of it', () => controller.stderr().includes('the files are good again'));
    expect(controller.child.exitCode).toBeNull();
  });
});
