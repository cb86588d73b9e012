import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readControllerConfig } from '../../src/config/controller.ts';
import { differencesOf } from '../../src/config/differences.ts';
import { Reload } from '../../src/controller/reload.ts';
import { CONTROLLER, FLEET, filesWith } from '../config/files.ts';
import { aFolder } from '../support/folder.ts';
import { turnedClock } from '../support/turned-clock.ts';

const PERIOD_MS = 3_000;
const life = new AbortController();

interface Said {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** The real reader over real files, and a clock that is turned by hand. */
function reloading(file: string) {
  const clock = turnedClock();
  const said: Said[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    said.push({ level, message, fields: { ...fields } });
  };
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const read = () => readControllerConfig({ flags: {}, env: {}, file, isTerminal: false });
  let taken = 0;
  const reload = new Reload({
    started: read(),
    read,
    differences: (started, present, found) => differencesOf(started.values, present.values, found.values),
    onTaken: () => {
      taken += 1;
    },
    clock,
    logger,
  });
  void reload.run(life.signal);
  const readTwice = () => clock.turn(2 * PERIOD_MS);
  return { reload, clock, said, readTwice, taken: () => taken };
}

describe('files that change while the controller runs', () => {
  it('are taken when they have been read the same twice, and what has changed is said', async () => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { reload, clock, said, taken } = reloading(at('controller.yaml'));
    writeFileSync(at('controller.yaml'), `${CONTROLLER}headroom: { largestTasks: 7 }\n`);
    await clock.turn(PERIOD_MS);
    expect(reload.config.policy.headroom.largestTasks).toBe(2);
    await clock.turn(PERIOD_MS);
    expect(reload.config.policy.headroom.largestTasks).toBe(7);
    expect(taken()).toBe(1);
    expect(said).toEqual([
      expect.objectContaining({ level: 'info', fields: { changed: { 'headroom.largestTasks': { from: 2, to: 7 } } } }),
    ]);
  });

  it('include the file of the fleet', async () => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { reload, readTwice, said } = reloading(at('controller.yaml'));
    writeFileSync(at('fleet.yaml'), FLEET.replace('max: 20', 'max: 12'));
    await readTwice();
    expect(reload.config.policy.fleet.maxUnits).toBe(12);
    expect(said[0]?.fields).toEqual({ changed: { 'fleet.targetCapacity.max': { from: 20, to: 12 } } });
  });

  it('are seen through links that are swapped, as config maps are', async () => {
    const folder = aFolder();
    const version = (name: string, text: string) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'controller.yaml'), text);
      writeFileSync(join(folder, name, 'fleet.yaml'), FLEET);
      symlinkSync(name, join(folder, 'next'));
      renameSync(join(folder, 'next'), join(folder, '..data'));
    };
    version('one', CONTROLLER);
    for (const name of ['controller.yaml', 'fleet.yaml']) symlinkSync(`..data/${name}`, join(folder, name));
    const { reload, readTwice } = reloading(join(folder, 'controller.yaml'));
    version('two', `${CONTROLLER}scaleIn: { idleSeconds: 11 }\n`);
    await readTwice();
    expect(reload.config.policy.scaleIn.idleMs).toBe(11_000);
  });

  it('that say the same in other words change nothing, and nothing is said', async () => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { readTwice, said, taken } = reloading(at('controller.yaml'));
    writeFileSync(at('controller.yaml'), `# a comment\n${CONTROLLER}headroom: { largestTasks: 2 }\n`);
    await readTwice();
    expect(said).toEqual([]);
    expect(taken()).toBe(0);
  });

  it('with mistakes leave what was read before in force, which is said once for each content', async () => {
    const at = filesWith({ 'controller.yaml': `${CONTROLLER}headroom: { largestTasks: 3 }\n`, 'fleet.yaml': FLEET });
    const { reload, readTwice, said, taken } = reloading(at('controller.yaml'));
    writeFileSync(at('controller.yaml'), `${CONTROLLER}headroom: { largestTasks: soon }\nscaleIn: { idleSecond: 1 }\n`);
    await readTwice();
    await readTwice();
    expect(reload.config.policy.headroom.largestTasks).toBe(3);
    expect(said.map(({ level }) => level)).toEqual(['error']);
    expect(String(said[0]?.fields.err)).toMatch(/scaleIn\.idleSecond(.|\n)*headroom\.largestTasks.*"soon"/);
    expect(reload.trouble).toContain('headroom.largestTasks');
    writeFileSync(at('controller.yaml'), 'cluster: production\n');
    await readTwice();
    expect(said.map(({ level }) => level)).toEqual(['error', 'error']);
    writeFileSync(at('controller.yaml'), `${CONTROLLER}headroom: { largestTasks: 3 }\n`);
    await readTwice();
    expect(reload.trouble).toBeNull();
    expect(said.at(-1)?.message).toBe('the files are good again, and as they were');
    expect(taken()).toBe(0);
  });

  it('name what takes effect after a restart, and the rest is taken', async () => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { reload, readTwice, said } = reloading(at('controller.yaml'));
    const changed = `${CONTROLLER}lease: { durationSeconds: 20 }\nstatus: { port: 1234 }\nscaleIn: { idleSeconds: 11 }\n`;
    writeFileSync(at('controller.yaml'), changed);
    await readTwice();
    expect(said).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        fields: { afterRestart: ['lease.durationSeconds', 'status.port'] },
        message: 'some of what has changed in the files takes effect after a restart',
      }),
    );
    expect(reload.config.policy.scaleIn.idleMs).toBe(11_000);
    writeFileSync(at('controller.yaml'), CONTROLLER);
    await readTwice();
    expect(said.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it.each([
    ['another cluster', CONTROLLER.replace('production', 'staging'), FLEET, 'cluster'],
    ['another fleet', CONTROLLER, FLEET.replace('sfr-1', 'sfr-2').replace('max: 20', 'max: 900'), 'fleet.id'],
  ])('about %s are not taken at all', async (_, controller, fleet, key) => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { reload, readTwice, said, taken } = reloading(at('controller.yaml'));
    writeFileSync(at('fleet.yaml'), fleet);
    writeFileSync(at('controller.yaml'), `${controller}headroom: { largestTasks: 9 }\n`);
    await readTwice();
    expect(taken()).toBe(0);
    expect(reload.config.policy).toMatchObject({ headroom: { largestTasks: 2 }, fleet: { maxUnits: 20 } });
    expect(said).toEqual([expect.objectContaining({ level: 'error', fields: { afterRestart: [key] } })]);
    expect(reload.trouble).toContain(key);
  });

  it('are taken at once when somebody says so, who hears of it also when nothing has changed', () => {
    const at = filesWith({ 'controller.yaml': CONTROLLER, 'fleet.yaml': FLEET });
    const { reload, said } = reloading(at('controller.yaml'));
    reload.now();
    expect(said[0]?.message).toBe('the files were read again: nothing has changed');
    writeFileSync(at('controller.yaml'), `${CONTROLLER}headroom: { largestTasks: 4 }\n`);
    reload.now();
    expect(reload.config.policy.headroom.largestTasks).toBe(4);
    writeFileSync(at('controller.yaml'), 'cluster: [\n');
    reload.now();
    reload.now();
    expect(said.filter(({ level }) => level === 'error')).toHaveLength(2);
  });
});
