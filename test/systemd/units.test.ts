import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/runtime/exit-codes.ts';

const UNITS = ['spotkeeper-agent.service', 'spotkeeper-controller.service'] as const;
const COMMAND = '/usr/bin/spotkeeper';

/** Exposure from 0.0 to 10.0, as systemd-analyze prints it. */
const WORST_EXPOSURE = 1.5;

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

/** Whether systemd finds a unit protected enough, and the figure it says so by. Its threshold is in tenths. */
function judge(file: string) {
  const { status, output } = analyze('security', '--offline=true', `--threshold=${WORST_EXPOSURE * 10}`, file);
  const figure = /Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1];
  return { isGoodEnough: status === 0, exposure: Number(figure), output };
}

/** Calls the test with a copy of the unit, changed, in a folder of its own. */
function withCopy(unit: string, change: (text: string) => string, test: (copy: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-unit-'));
  const copy = join(folder, unit);
  writeFileSync(copy, change(readFileSync(path(unit), 'utf8')));
  try {
    test(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hasSystemd = analyze('--version').status === 0;
if (!hasSystemd)
  process.stderr.write('skipped: whether the units are valid and hardened, for want of systemd-analyze\n');

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
    // Only the command's path differs: the real one is not there before the package is installed.
    withCopy(
      unit,
      (text) => text.replace(COMMAND, '/bin/true'),
      (copy) => expect(analyze('verify', copy)).toEqual({ status: 0, output: '' }),
    );
  });

  it.skipIf(!hasSystemd)('would be told when it were not in order', () => {
    withCopy(
      unit,
      (text) => text.replace(COMMAND, '/nonexistent'),
      (copy) => expect(analyze('verify', copy).status).not.toBe(0),
    );
  });

  it.skipIf(!hasSystemd)('is exposed no more than it may be', () => {
    const { isGoodEnough, exposure, output } = judge(path(unit));
    expect(isGoodEnough, output).toBe(true);
    expect(exposure).toBeLessThanOrEqual(WORST_EXPOSURE);
  });

  it.skipIf(!hasSystemd)('would be told when it were exposed only a little more than that', () => {
    withCopy(
      unit,
      (text) => text.replace(/^PrivateUsers=.*$/m, ''),
      (copy) => {
        const { isGoodEnough, exposure } = judge(copy);
        expect(exposure).toBeGreaterThan(WORST_EXPOSURE);
        expect(exposure).toBeLessThan(WORST_EXPOSURE + 0.5);
        expect(isGoodEnough).toBe(false);
      },
    );
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

describe('what tells the agent that the host stops', () => {
  const unit = 'spotkeeper-host-shutdown.service';

  it('is stopped before everything that tasks and the agent need to end in order', () => {
    const after = onlyValueOf(unit, 'After').split(' ');
    expect(after).toEqual(expect.arrayContaining(['spotkeeper-agent.service', 'ecs.service', 'docker.service']));
    for (const tie of ['Requires', 'BindsTo', 'PartOf']) expect(valuesOf(unit, tie), tie).toEqual([]);
  });

  it('is given longer to stop than its command waits', () => {
    const waits = / --wait (\d+)$/.exec(onlyValueOf(unit, 'ExecStop'))?.[1];
    expect(Number(onlyValueOf(unit, 'TimeoutStopSec'))).toBeGreaterThan(Number(waits));
    expect(onlyValueOf(unit, 'ExecStop')).toContain(`${COMMAND} host-shutdown`);
  });

  it.skipIf(!hasSystemd)('is in order to systemd, and exposed no more than it may be', () => {
    withCopy(
      unit,
      (text) => text.replaceAll(COMMAND, '/bin/true'),
      (copy) => expect(analyze('verify', copy)).toEqual({ status: 0, output: '' }),
    );
    expect(judge(path(unit)).exposure).toBeLessThanOrEqual(WORST_EXPOSURE);
  });
});

describe('the directories of the agent', () => {
  const unit = 'spotkeeper-agent.service';

  it('are one for what it did, and one that containers may have mounted over its restarts', () => {
    expect(onlyValueOf(unit, 'StateDirectory')).toBe('spotkeeper-agent');
    expect(onlyValueOf(unit, 'RuntimeDirectory')).toBe('spotkeeper');
    expect(onlyValueOf(unit, 'RuntimeDirectoryMode')).toBe('0755');
    expect(onlyValueOf(unit, 'RuntimeDirectoryPreserve')).toBe('yes');
  });

  it('come with the boot they belong to, which the agent cannot read for itself', () => {
    expect(valuesOf(unit, 'Environment')).toContain('SPOTKEEPER_BOOT_ID=%b');
    expect(onlyValueOf(unit, 'ProcSubset')).toBe('pid');
  });

  it('has a user of its own', () => {
    expect(onlyValueOf(unit, 'DynamicUser')).toBe('yes');
  });
});

describe('the controller', () => {
  it('has a place of its own for a lease in a file, and for the record of passes as its example has it', () => {
    expect(onlyValueOf('spotkeeper-controller.service', 'StateDirectory')).toBe('spotkeeper');
    const example = readFileSync(new URL('../../config/controller.yaml', import.meta.url), 'utf8');
    expect(example).toMatch(/^ {2}directory: \/var\/lib\/spotkeeper\//m);
  });
});
