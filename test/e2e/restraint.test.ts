// Holding the real controller back: modes, a pause, the kill switch; and the commands that do it. What was done is read off
// the sandbox's own request log.
import { afterEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/plan/plan.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { readExposition } from '../support/exposition.ts';
import { runCommand } from '../support/run-command.ts';
import type { RunningScript } from '../support/script.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

/** An empty cluster above its minimum: somebody leaves as soon as nothing holds. */
const EAGER = { scaleIn: { idleSeconds: 0 }, retirement: { minimumAgeSeconds: 0 } };
const TOO_LARGE = { targetUnits: 8 };
const WRITES = [
  'ModifySpotFleetRequest',
  'UpdateContainerInstancesState',
  'PutAttributes',
  'DeleteAttributes',
  'TerminateInstances',
];

const writes = () => stage.sandbox.log.records.filter(({ action }) => WRITES.includes(action ?? ''));
const terminations = () => stage.requests('TerminateInstances').length;
const passes = () => stage.requests('ListServices').length;
/** Passes that began from now on. */
async function morePasses(count: number): Promise<void> {
  const before = passes();
  await until(`${count} more passes`, () => passes() >= before + count);
}
const operator = (...args: string[]) =>
  runCommand([...args, '--cluster', 'small'], stage.sandbox.environmentFor('operator'));
const tags = () => stage.sandbox.driver.inPresent(() => stage.cluster.tags);

interface Page {
  readonly report: { readonly restraint: { readonly held: readonly { readonly action: Action }[] } };
}

async function get(controller: RunningScript, path: string): Promise<Response> {
  const address = /"healthz":"([\d.:]+)"/.exec(controller.stderr())?.[1];
  return fetch(`http://${address}${path}`);
}

async function statusOf(controller: RunningScript): Promise<Page> {
  const page: unknown = await (await get(controller, '/status.json')).json();
  // The leader's own report, which the tests then look into.
  return page as Page;
}

describe('a pause', () => {
  it('holds everything back until it is taken back, and is seen wherever one looks', async () => {
    stage = await setControllerStage(TOO_LARGE);
    const paused = await operator('pause', '--reason', 'load test, #42', '--by', 'alice');
    expect([paused.code, paused.stderr]).toEqual([0, '']);
    expect(paused.stdout).toMatch(/^small is paused until \S+Z by alice: load test 42; nothing is done/);
    const config = await stage.configure(EAGER);
    const controller = await stage.start('controller-a', config);
    await until('the pause to be said', () => controller.stderr().includes('paused: nothing is done'));
    await morePasses(3);
    expect(writes()).toEqual([]);
    expect(controller.stderr().match(/paused: nothing is done/g)).toHaveLength(1);
    const status = await statusOf(controller);
    expect(status).toMatchObject({ isHealthy: true, holds: ['paused'] });
    expect(status.report.restraint).toMatchObject({ pause: { by: 'alice', reason: 'load test 42' } });
    expect(status.report.restraint.held.length).toBeGreaterThan(0);
    const { series } = readExposition(await (await get(controller, '/metrics')).text());
    const held = series.find(({ name, labels }) => name === 'spotkeeper_held' && labels.why === 'paused');
    expect(held?.value).toBe(1);
    const env = { ...stage.sandbox.environmentFor('operator'), SPOTKEEPER_CONFIG: config };
    for (const command of ['status', 'plan']) {
      const { stdout } = await runCommand([command], env);
      expect(stdout).toMatch(/^PAUSED {4}until \S+Z by alice: load test 42; nothing is done/m);
    }
    const resumed = await operator('resume', '--json');
    expect([resumed.code, JSON.parse(resumed.stdout)]).toMatchObject([
      0,
      { result: 'resumed', before: { by: 'alice' } },
    ]);
    await until('a retirement', () => terminations() > 0);
    expect(controller.stderr()).toContain('the pause is over');
    expect((await operator('resume')).stdout).toBe('small was not paused\n');
  });

  it('ends by itself', async () => {
    stage = await setControllerStage(TOO_LARGE);
    const { stdout } = await operator('pause', '--for', '12s', '--reason', 'short', '--json');
    const { until: endsAt } = JSON.parse(stdout).pause;
    const controller = await stage.start('controller-a', await stage.configure(EAGER));
    await until('the pause to be said', () => controller.stderr().includes('paused: nothing is done'));
    await until('a retirement', () => terminations() > 0, 30_000);
    expect(Math.min(...writes().map(({ at }) => at))).toBeGreaterThanOrEqual(endsAt);
    expect(tags().has('spotkeeper.pause')).toBe(true);
    expect(controller.stderr()).toContain('the pause is over');
  });

  it('of what shrinks lets room be made', async () => {
    stage = await setControllerStage();
    await operator('pause', '--shrinking', '--reason', 'deployment');
    await stage.start('controller-a', await stage.configure(EAGER));
    await morePasses(2);
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 8 });
    await until('a raise', () => stage.fleet.targetUnits > 4);
    stage.sandbox.driver.inPresent(() => {
      const service = stage.cluster.services.get('web');
      if (service !== undefined) stage.sandbox.world.ecs.updateService(service, { desiredCount: 0 });
    });
    const raised = stage.fleet.targetUnits;
    await morePasses(4);
    expect(stage.fleet.targetUnits).toBeGreaterThanOrEqual(raised);
    expect([terminations(), stage.requests('UpdateContainerInstancesState')]).toEqual([0, []]);
  });

  it('that would cut another short is refused with 3', async () => {
    stage = await setControllerStage();
    await operator('pause', '--for', '2h', '--reason', 'maintenance', '--by', 'alice');
    const second = await operator('pause', '--for', '30m', '--reason', 'mine', '--by', 'bob');
    expect(second.code).toBe(3);
    expect(second.stdout).toMatch(/paused already.*by alice:\s+maintenance/s);
    expect(tags().get('spotkeeper.pause')).toContain('by alice: maintenance');
    expect((await operator('pause', '--for', '3h', '--reason', 'longer', '--by', 'bob')).code).toBe(0);
    expect(tags().get('spotkeeper.pause')).toContain('by bob: longer');
  });

  it('holds however its key is put, and resume finds it', async () => {
    stage = await setControllerStage();
    tags().set('Spotkeeper.Pause', 'until 2099-01-01T00:00:00Z by alice: console');
    expect((await operator('pause', '--for', '1h', '--reason', 'mine')).code).toBe(3);
    const { code, stdout } = await operator('resume');
    expect(code).toBe(0);
    expect(stdout).toContain('is no longer paused');
    expect([...tags().keys()]).toEqual([]);
  });

  it.each([
    [['pause'], /--reason/],
    [['pause', '--reason', 'x', '--for', 'soon'], /duration such as/],
    [['pause', '--reason', 'x', '--for', '8d'], /at most 7d/],
  ])('is not begun by %s, which ends with 2', async (args, word) => {
    stage = await setControllerStage();
    const { code, stderr } = await operator(...args);
    expect([code, stage.requests('TagResource')]).toEqual([2, []]);
    expect(stderr).toMatch(word);
  });

  it('that cannot be read holds everything back, as an error that somebody must look at', async () => {
    stage = await setControllerStage(TOO_LARGE);
    tags().set('spotkeeper.pause', 'until tomorrow');
    const controller = await stage.start('controller-a', await stage.configure(EAGER));
    await until('it to be said', () => controller.stderr().includes('the tag spotkeeper.pause cannot be read'));
    await morePasses(2);
    expect(writes()).toEqual([]);
    tags().delete('spotkeeper.pause');
    await until('a retirement', () => terminations() > 0);
  });
});

describe('the kill switch', () => {
  it('stops everything until its tag is removed, also while the tags cannot be read, and resume does not end it', async () => {
    stage = await setControllerStage();
    const config = await stage.configure(EAGER, { targetCapacity: { min: 4, max: 20 } });
    const controller = await stage.start('controller-a', config);
    await morePasses(2);
    tags().set('spotkeeper.stop', '');
    await until('it to be said', () => controller.stderr().includes('the kill switch is on'));
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 12 });
    const id = stage.sandbox.faults.add({ service: 'ecs', action: 'DescribeClusters', effect: { kind: 'throttle' } });
    tags().delete('spotkeeper.stop');
    await morePasses(3);
    expect([stage.fleet.targetUnits, stage.requests('ModifySpotFleetRequest')]).toEqual([4, []]);
    stage.sandbox.faults.remove(id);
    await until('a raise', () => stage.fleet.targetUnits > 4);
    expect(controller.stderr()).toContain('the kill switch is off');
    tags().set('spotkeeper.stop', 'incident 4711');
    const { code, stdout } = await operator('resume');
    expect(code).toBe(3);
    expect(stdout).toMatch(/the kill switch is on \(incident 4711\)/);
    expect(tags().has('spotkeeper.stop')).toBe(true);
    tags().delete('spotkeeper.stop');
    tags().set('spotkeeper.Stop', '');
    expect((await operator('resume')).stdout).toContain('until the tag spotkeeper.Stop of the');
  });
});

describe('a mode', () => {
  it.each(['observe', 'recommend'])('of %s does nothing; only recommend says what it would do', async (mode) => {
    stage = await setControllerStage(TOO_LARGE);
    const controller = await stage.start('controller-a', await stage.configure({ ...EAGER, mode }));
    await morePasses(4);
    expect(writes()).toEqual([]);
    const status = await statusOf(controller);
    expect(status.report.restraint).toMatchObject({ mode, holds: [mode] });
    expect(status.report.restraint.held.map(({ action }) => action.kind)).toContain('set-target');
    expect(controller.stderr().includes('"wouldDo":{"kind":"set-target"')).toBe(mode === 'recommend');
  });

  it('of scale-out-only raises the target, never lowers it, and nobody leaves', async () => {
    stage = await setControllerStage(TOO_LARGE);
    await stage.start('controller-a', await stage.configure({ ...EAGER, mode: 'scale-out-only' }));
    await morePasses(3);
    expect(writes()).toEqual([]);
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 12 });
    await until('a raise', () => stage.fleet.targetUnits > 8);
    await morePasses(3);
    expect(new Set(writes().map(({ action }) => action))).toEqual(new Set(['ModifySpotFleetRequest']));
  });
});

describe('a freeze', () => {
  it('by acts that fail keeps anything else from shrinking, is an error in the log, and is seen in health', async () => {
    stage = await setControllerStage(TOO_LARGE);
    stage.sandbox.faults.add({
      service: '*',
      action: 'ModifySpotFleetRequest',
      effect: { kind: 'error', code: 'InternalError', status: 500, message: 'no' },
    });
    const controller = await stage.start('controller-a', await stage.configure(EAGER));
    await until('the freeze', () => controller.stderr().includes('frozen: what is done fails'), 30_000);
    const tried = () => stage.sandbox.log.records.filter(({ action }) => action === 'ModifySpotFleetRequest').length;
    const before = tried();
    await morePasses(3);
    expect(tried()).toBe(before);
    expect(await (await get(controller, '/healthz')).json()).toMatchObject({
      trouble: expect.stringContaining('acts-failing'),
      holds: ['frozen'],
    });
    expect(controller.stderr().match(/frozen: what is done fails/g)).toHaveLength(1);
  }, 60_000);

  it('by ECS agents that all go away at once ends when they are back', async () => {
    stage = await setControllerStage(TOO_LARGE);
    const controller = await stage.start(
      'controller-a',
      await stage.configure({ ...EAGER, scaleIn: { idleSeconds: 5 } }, { targetCapacity: { min: 8, max: 20 } }),
    );
    await morePasses(2);
    const connect = (isConnected: boolean) =>
      stage.sandbox.driver.inPresent(() => {
        for (const instance of stage.cluster.containerInstances.values()) instance.agentConnected = isConnected;
      });
    connect(false);
    await until('the freeze', () => controller.stderr().includes('many instances went out of sight at once'));
    connect(true);
    await until('the thaw', () => controller.stderr().includes('instances are in sight again'));
    expect(terminations()).toBe(0);
  });
});
