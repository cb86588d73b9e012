// Real programs in a real directory.
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/agent/tell/event.ts';
import { HOOK_VARIABLES, hasHooks, runHooks } from '../../../src/agent/tell/hooks.ts';
import { systemClock as clock } from '../../../src/runtime/system-clock.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { until } from '../../support/until.ts';

const EVENT: AgentEvent = {
  moment: 'notice',
  signal: 'interruption',
  action: 'terminate',
  deadline: '2026-11-21T15:02:00.000Z',
  instanceId: 'i-1',
  cluster: 'production',
  containerInstanceArn: 'arn:aws:ecs:eu-west-1:1:container-instance/production/1',
};
const never = new AbortController().signal;

interface Hook {
  readonly mode?: number;
  readonly script: string;
}

/** A directory with these scripts, a place where they may write (`$OUT`), and what runs them. */
function aStage(hooks: Readonly<Record<string, string | Hook>>) {
  const [directory, out] = [aFolder(), aFolder()];
  chmodSync(directory, 0o755);
  for (const [name, hook] of Object.entries(hooks)) {
    const { mode = 0o755, script } = typeof hook === 'string' ? { script: hook } : hook;
    const path = join(directory, name);
    writeFileSync(path, `#!/bin/sh\nOUT='${out}'\n${script}\n`);
    chmodSync(path, mode);
  }
  const { logger, lines, said } = keepingLogger();
  const run = (over: { limitMs?: number; event?: AgentEvent; signal?: AbortSignal } = {}) =>
    runHooks(
      over.event ?? EVENT,
      { directory, limitMs: over.limitMs ?? 20_000, env: process.env, clock, logger },
      over.signal ?? never,
    );
  const has = () => hasHooks({ directory, logger });
  return { directory, run, has, lines, said, wrote: (name: string) => readFileSync(join(out, name), 'utf8'), out };
}

describe('hooks', () => {
  it('are run in the order of their names, one after the other', async () => {
    const slow = 'sleep 0.2; echo slow >> $OUT/order';
    const { run, wrote, has } = aStage({ '20-fast.sh': 'echo fast >> $OUT/order', '10-slow': slow });
    expect(has()).toBe(true);
    await run();
    expect(wrote('order')).toBe('slow\nfast\n');
  });

  it('read the event as JSON', async () => {
    const { run, wrote } = aStage({ hook: 'cat > $OUT/stdin' });
    await run();
    expect(JSON.parse(wrote('stdin'))).toEqual(EVENT);
  });

  it('see the event, PATH and HOME in their environment, and nothing else of ours', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    const { run, wrote } = aStage({ hook: 'env > $OUT/env' });
    await run();
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const pairs = wrote('env')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
      // The shell sets these itself.
      .filter(([name]) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name));
    expect(Object.fromEntries(pairs)).toEqual({
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      SPOTKEEPER_MOMENT: 'notice',
      SPOTKEEPER_SIGNAL: 'interruption',
      SPOTKEEPER_ACTION: 'terminate',
      SPOTKEEPER_DEADLINE: EVENT.deadline,
      SPOTKEEPER_INSTANCE_ID: 'i-1',
      SPOTKEEPER_CLUSTER: 'production',
      SPOTKEEPER_CONTAINER_INSTANCE_ARN: EVENT.containerInstanceArn,
    });
  });

  it('see an empty text where nothing is known, so that `set -u` is no trap', async () => {
    const nothing = { action: null, deadline: null, cluster: null, containerInstanceArn: null };
    const names = Object.keys(HOOK_VARIABLES).join(' $');
    const { run, wrote } = aStage({ hook: `set -eu; echo $${names} > $OUT/seen` });
    await run({ event: { ...EVENT, ...nothing } });
    expect(wrote('seen')).toBe('notice interruption i-1\n');
  });

  it('are executables: not hidden, not a leftover, not a directory', async () => {
    const { run, wrote, directory, lines } = aStage({
      hook: 'echo hook >> $OUT/ran',
      '.hidden': 'echo hidden >> $OUT/ran',
      'hook~': 'echo backup >> $OUT/ran',
      'hook.bak': 'echo backup >> $OUT/ran',
      'hook.rpmsave': 'echo rpm >> $OUT/ran',
      'hook.dpkg-old': 'echo dpkg >> $OUT/ran',
    });
    mkdirSync(join(directory, 'folder'));
    symlinkSync('/nonexistent', join(directory, 'dangling'));
    await run();
    expect(wrote('ran')).toBe('hook\n');
    expect(lines.map(({ fields }) => Reflect.get(fields, 'hook'))).toEqual(['hook']);
  });

  it('may be links', async () => {
    const target = aStage({ program: 'echo linked > $OUT/ran' });
    const { run, directory } = aStage({});
    symlinkSync(join(target.directory, 'program'), join(directory, 'hook'));
    await run();
    expect(target.wrote('ran')).toBe('linked\n');
  });

  it('that everybody may write to, or nobody may execute, are said and not run', async () => {
    const { run, has, said, out } = aStage({
      open: { mode: 0o777, script: 'touch $OUT/ran' },
      plain: { mode: 0o644, script: 'touch $OUT/ran' },
    });
    expect(has()).toBe(false);
    await run();
    expect(existsSync(join(out, 'ran'))).toBe(false);
    const told = said('hook is not run').map(({ level, fields }) => [level, fields.hook, fields.why]);
    const open = ['warn', 'open', 'everybody may write to it'];
    const plain = ['warn', 'plain', 'the agent may not execute it'];
    expect(told).toEqual([open, plain, open, plain]);
  });

  it('in a directory that everybody may write to are not run', async () => {
    const { run, directory, said, out } = aStage({ hook: 'touch $OUT/ran' });
    chmodSync(directory, 0o777);
    await run();
    expect([existsSync(join(out, 'ran')), said('hook is not run').length]).toEqual([false, 1]);
  });

  it('are none where there is no directory, and a file in its place is said', async () => {
    const { logger, lines, said } = keepingLogger();
    const folder = aFolder();
    const missing = join(folder, 'missing');
    expect(hasHooks({ directory: missing, logger })).toBe(false);
    await runHooks(EVENT, { directory: missing, limitMs: 1_000, env: {}, clock, logger }, never);
    expect(lines).toEqual([]);
    writeFileSync(missing, '');
    expect(hasHooks({ directory: missing, logger })).toBe(false);
    expect(said('no hooks are run')).toMatchObject([{ fields: { err: { code: 'bad-configuration' } } }]);
  });

  it('leave their exit code and their first words in the log', async () => {
    const { run, lines } = aStage({
      '1-good': 'echo fine; echo odd >&2',
      '2-bad': 'echo no >&2; exit 3',
      '3-crashes': 'kill -SEGV $$',
    });
    await run();
    expect(lines).toMatchObject([
      {
        level: 'info',
        message: 'hook has run',
        fields: { hook: '1-good', exitCode: 0, stdout: 'fine', stderr: 'odd' },
      },
      {
        level: 'warn',
        message: 'hook failed; the response goes on',
        fields: { hook: '2-bad', exitCode: 3, stderr: 'no' },
      },
      { level: 'warn', fields: { hook: '3-crashes', exitCode: null, signal: 'SIGSEGV' } },
    ]);
  });

  it('that flood us are read, and 4 KiB of it kept', async () => {
    const flood = 'yes 0123456789 | head -c 1000000; yes error | head -c 300000 >&2; echo done > $OUT/done';
    const { run, lines, wrote } = aStage({ hook: flood });
    await run();
    expect([wrote('done'), lines[0]?.fields.exitCode]).toEqual(['done\n', 0]);
    const kept = [lines[0]?.fields.stdout, lines[0]?.fields.stderr].map((text) => String(text).length);
    expect(kept.every((length) => length > 4_000 && length <= 4_096)).toBe(true);
  });

  it('need not read what they are told', async () => {
    const { run, lines } = aStage({ hook: 'exec <&-; sleep 0.1' });
    await run({ event: { ...EVENT, cluster: 'x'.repeat(500_000) } });
    // So large an environment cannot even be given; that is said, too.
    expect(lines).toMatchObject([{ level: 'warn', message: 'hook cannot be started' }]);
    lines.length = 0;
    await run({ event: { ...EVENT, cluster: 'x'.repeat(100_000) } });
    expect(lines).toMatchObject([{ fields: { exitCode: 0 } }]);
  });

  it('that are no programs at all are said, and the next is run', async () => {
    const { run, directory, lines, wrote } = aStage({ '2-hook': 'echo ran > $OUT/ran' });
    writeFileSync(join(directory, '1-broken'), '#!/nonexistent/interpreter\n', { mode: 0o755 });
    writeFileSync(join(directory, '1-text'), 'no shebang', { mode: 0o755 });
    await run();
    expect(wrote('ran')).toBe('ran\n');
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'info']);
  });

  it('may leave something running that holds their output, and are not waited for then', async () => {
    const { run, lines, out } = aStage({ hook: 'sleep 1000 & echo $! > $OUT/pid; echo started' });
    await run();
    expect(lines).toMatchObject([{ fields: { exitCode: 0, stdout: 'started' } }]);
    const pid = Number(readFileSync(join(out, 'pid'), 'utf8'));
    expect(process.kill(pid, 0)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

describe('when the time for hooks is over', () => {
  it('the one that runs is ended with all it started, and the others are not run', async () => {
    const hangs = 'sleep 1000 & echo $! > $OUT/pid; trap "echo told > $OUT/told; exit 7" TERM; wait';
    const { run, lines, wrote, out } = aStage({ '1-hangs': hangs, '2-next': 'touch $OUT/ran' });
    await run({ limitMs: 500 });
    expect([wrote('told'), existsSync(join(out, 'ran'))]).toEqual(['told\n', false]);
    expect(lines).toMatchObject([
      { level: 'warn', message: 'hook ended before it was done: its time is over', fields: { exitCode: 7 } },
      { level: 'warn', message: 'hook not run: the time for hooks is over', fields: { hook: '2-next' } },
    ]);
    expect(isThere(Number(wrote('pid')))).toBe(false);
  });

  it('one that does not listen is killed with all it started', async () => {
    const deaf =
      'trap "" TERM; sh -c \'trap "" TERM; echo $$ > \'$OUT/pid\'; while :; do sleep 0.1; done\' & wait; wait';
    const { run, lines, wrote } = aStage({ hook: deaf });
    await run({ limitMs: 300 });
    expect(lines).toMatchObject([{ fields: { exitCode: null, signal: 'SIGKILL' } }]);
    await until('its child is gone', () => !isThere(Number(wrote('pid'))));
  });

  it('nothing is said against hooks that are no longer called for', async () => {
    const { run, out, said } = aStage({ '1-hangs': 'touch $OUT/started; exec sleep 1000', '2-next': 'touch $OUT/ran' });
    const controller = new AbortController();
    const running = run({ signal: controller.signal });
    await until('the hook runs', () => existsSync(join(out, 'started')));
    controller.abort();
    await running;
    expect([existsSync(join(out, 'ran')), said('hook not run')]).toEqual([false, []]);
  });
});

/** Whether it runs; one that has ended and waits for its parent does not. */
function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
