// A roll to a new image, and `spotkeeper replace`: the real controller and the real command against the sandbox. What is
// promised is judged from the world at everything that happens in it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roomFor } from '../../src/sandbox/story/room.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { runCommand } from '../support/run-command.ts';
import { until } from '../support/until.ts';

const TASK = { cpuUnits: 512, memoryMiB: 512 };
const NEW_IMAGE = 'ami-0fffffffffffffff0';
const AT_ONCE = 2;

let stage: ControllerStage;
beforeEach(async () => {
  stage = await setControllerStage({ targetUnits: 8 });
  stage.addService('web', { ...TASK, desiredCount: 6 });
  await until('web to run', () => stage.cluster.services.get('web')?.tally.runningCount === 6);
});
afterEach(() => stage.close());

const present = <Result>(act: () => Result): Result => stage.sandbox.driver.inPresent(act);
const configure = (drift: 'report' | 'replace', fleet = {}) =>
  stage.configure({ retirement: { drift, minimumAgeSeconds: 0, budgets: [{ most: AT_ONCE }] } }, fleet);

/** As an operator does it: a version more of the template, and the fleet moved to it. */
async function publish(imageId: string): Promise<void> {
  const { ec2 } = stage.sandbox.world;
  const { version } = present(() => ec2.launchTemplates.addVersion(stage.fleet.template.id, imageId));
  present(() => ec2.modifyFleet(stage.fleet.id, { templateVersion: String(version) }));
  await until('the fleet to be active', () => stage.fleet.state === 'active');
}

const images = (): readonly string[] => stage.fleet.members.map(({ imageId }) => imageId);
const marked = () =>
  [...stage.cluster.containerInstances.values()].filter(
    ({ attributes, ec2 }) => attributes.has('spotkeeper.retiring') && ec2.state === 'running',
  );

/** What there was at worst, from now on: sampled after each event of the world. */
function watch(): { leastRoom: number; leastRunning: number; mostLeaving: number } {
  const worst = { leastRoom: Number.POSITIVE_INFINITY, leastRunning: Number.POSITIVE_INFINITY, mostLeaving: 0 };
  const { history } = stage.sandbox.world;
  const record = history.record.bind(history);
  history.record = (event) => {
    record(event);
    worst.leastRoom = Math.min(worst.leastRoom, roomFor(stage.cluster, TASK));
    worst.leastRunning = Math.min(worst.leastRunning, stage.cluster.services.get('web')?.tally.runningCount ?? 0);
    worst.mostLeaving = Math.max(worst.mostLeaving, marked().length);
  };
  return worst;
}

describe('a roll to a new image', () => {
  it('replaces everybody in batches, with the promised room there at all times', async () => {
    const worst = watch();
    await publish(NEW_IMAGE);
    await stage.start('controller-a', await configure('replace', { targetCapacity: { min: 8, max: 20 } }));
    await until('everybody on the new image', () => images().every((image) => image === NEW_IMAGE), 60_000);
    await until('the target to be back', () => stage.fleet.targetUnits === 8 && marked().length === 0);
    expect(worst).toMatchObject({ mostLeaving: AT_ONCE, leastRunning: 6 });
    expect(worst.leastRoom).toBeGreaterThanOrEqual(1);
    expect(images()).toHaveLength(4);
    const ended = stage.sandbox.world.history.events.filter(({ kind }) => kind === 'instance-ending');
    expect(ended).toHaveLength(4);
    expect(stage.cluster.services.get('web')?.tally.runningCount).toBe(6);
  }, 90_000);

  it('replaces nobody by itself unless the file says so, and then what an operator names', async () => {
    await publish(NEW_IMAGE);
    const config = await configure('report', { targetCapacity: { min: 8, max: 20 } });
    await stage.start('controller-a', config);
    const command = (...args: readonly string[]) =>
      runCommand(['replace', ...args, '--config', config], stage.sandbox.environmentFor('operator'));
    const dry = await command('--drifted', '--dry-run', '--json');
    expect(JSON.parse(dry.stdout).instances.map(({ result }: { result: string }) => result)).toEqual(
      Array.from({ length: 4 }, () => 'would-wish'),
    );
    expect(marked()).toEqual([]);
    const [one] = stage.fleet.members;
    stage.cluster.tags.set('spotkeeper.pause', 'until 2099-01-01T00:00:00Z by alice: load test');
    const paused = await command(one?.id ?? '', '--dry-run');
    expect(paused.stdout).toMatch(/would be replaced\nPAUSED .*by alice: load test/);
    stage.cluster.tags.delete('spotkeeper.pause');
    const { code, stdout, stderr } = await command(one?.id ?? '', '--wait');
    expect([code, stderr.includes('1 instance to go')]).toEqual([0, true]);
    expect(stdout).toContain('is to be replaced');
    expect(images().filter((image) => image === NEW_IMAGE)).toHaveLength(1);
    expect(stage.fleet.members.map(({ id }) => id)).not.toContain(one?.id);
  }, 90_000);
});

describe('a wish that cannot be met', () => {
  it('marks nobody while the fleet is full, is told, and can be taken back', async () => {
    present(() => stage.sandbox.world.ecs.updateService(serviceOf('web'), { desiredCount: 14 }));
    await until('web to grow', () => stage.cluster.services.get('web')?.tally.runningCount === 14);
    const config = await configure('report', { targetCapacity: { min: 8, max: 8 } });
    const controller = await stage.start('controller-a', config);
    const [one] = stage.fleet.members;
    const command = (...args: readonly string[]) =>
      runCommand([...args, '--config', config], stage.sandbox.environmentFor('operator'));
    expect((await command('replace', one?.id ?? '')).code).toBe(0);
    const passes = () => stage.requests('ListServices').length;
    const before = passes();
    await until('some passes', () => passes() > before + 3 || controller.child.exitCode !== null);
    const plan = JSON.parse((await command('plan', '--json')).stdout);
    const { report } = plan;
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: one?.id, reason: 'at-maximum' });
    expect(marked()).toEqual([]);
    const back = await command('replace', one?.id ?? '', '--undo');
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('is not to be replaced any more')]);
  }, 60_000);
});

function serviceOf(name: string) {
  const service = stage.cluster.services.get(name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}
