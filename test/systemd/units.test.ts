import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/runtime/exit-codes.ts';

const UNITS = ['spotkeeper-agent.service', 'spotkeeper-controller.service'] as const;
const COMMAND = '/usr/bin/spotkeeper';

/** Exposure as systemd-analyze counts it, in tenths: 2.0. */
const WORST_EXPOSURE = 20;

const path = (unit: string) => new URL(`../../systemd/${unit}`, import.meta.url).pathname;

/** The values of a directive, in order of the lines. */
function valuesOf(unit: string, directive: string): string[] {
  return readFileSync(path(unit), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${directive}=`))
    .map((line) => line.slice(directive.length + 1));
}

/** The only value; fails the test when there are none or several. */
function onlyValueOf(unit: string, directive: string): string {
  const values = valuesOf(unit, directive);
  expect(values, `${directive} in ${unit}`).toHaveLength(1);
  return values[0] ?? '';
}

function analyze(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}`.trim() };
}

const hasSystemd = analyze('--version').status === 0;
if (!hasSystemd) process.stderr.write('the units are not checked by systemd-analyze, which is not installed\n');

describe.each(UNITS)('%s', (unit) => {
  it('is not started again after exactly the exit code of bad configuration', () => {
    expect(onlyValueOf(unit, 'RestartPreventExitStatus')).toBe(String(EXIT.badConfiguration));
  });

  it('is started again for good after anything else', () => {
    expect(onlyValueOf(unit, 'Restart')).toBe('always');
    expect(onlyValueOf(unit, 'StartLimitIntervalSec')).toBe('0');
    expect(onlyValueOf(unit, 'RestartSec')).toBe('1');
  });

  it('runs the command that the package installs', () => {
    const role = unit.replace(/^spotkeeper-|\.service$/g, '');
    expect(onlyValueOf(unit, 'ExecStart')).toBe(`${COMMAND} ${role}`);
  });

  it('lets the helper of the process speak for it, and has a watchdog', () => {
    expect(onlyValueOf(unit, 'Type')).toBe('notify');
    expect(onlyValueOf(unit, 'NotifyAccess')).toBe('all');
    expect(Number(onlyValueOf(unit, 'WatchdogSec'))).toBeGreaterThan(0);
  });

  it('reads credentials by IMDSv2 only, and can reach AWS', () => {
    expect(valuesOf(unit, 'Environment')).toContain('AWS_EC2_METADATA_V1_DISABLED=true');
    expect(onlyValueOf(unit, 'RestrictAddressFamilies').split(' ')).toEqual(
      expect.arrayContaining(['AF_INET', 'AF_INET6']),
    );
    expect(valuesOf(unit, 'IPAddressDeny')).toEqual([]);
    expect(valuesOf(unit, 'PrivateNetwork')).toEqual([]);
  });

  it('leaves V8 its executable memory', () => {
    expect(valuesOf(unit, 'MemoryDenyWriteExecute')).toEqual([]);
  });

  it.skipIf(!hasSystemd)('is in order to systemd', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-unit-'));
    // Only the command's path differs: the real one is not there before the package is installed.
    const text = readFileSync(path(unit), 'utf8').replace(COMMAND, '/bin/true');
    writeFileSync(join(folder, unit), text);
    expect(analyze('verify', join(folder, unit))).toEqual({ status: 0, output: '' });
    rmSync(folder, { recursive: true });
  });

  it.skipIf(!hasSystemd)('is exposed no more than it may be', () => {
    const { status, output } = analyze('security', '--offline=true', `--threshold=${WORST_EXPOSURE}`, path(unit));
    expect(status, output).toBe(0);
  });

  it.skipIf(!hasSystemd)('would be told when it were not in order, or were exposed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-unit-'));
    const broken = join(folder, unit);
    copyFileSync(path(unit), broken);
    expect(analyze('verify', broken).output).toContain(COMMAND);
    writeFileSync(broken, '[Service]\nExecStart=/bin/true\n');
    expect(analyze('security', '--offline=true', `--threshold=${WORST_EXPOSURE}`, broken).status).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe('the agent', () => {
  it('starts before the ECS agent and does not depend on it', () => {
    const unit = 'spotkeeper-agent.service';
    expect(onlyValueOf(unit, 'Before')).toBe('ecs.service');
    for (const tie of ['Requires', 'Requisite', 'BindsTo', 'PartOf', 'Wants', 'Conflicts']) {
      expect(valuesOf(unit, tie).join(' '), tie).not.toContain('ecs.service');
    }
  });
});

describe('the controller', () => {
  it('has a place of its own for a lease in a file', () => {
    expect(onlyValueOf('spotkeeper-controller.service', 'StateDirectory')).toBe('spotkeeper');
  });
});
