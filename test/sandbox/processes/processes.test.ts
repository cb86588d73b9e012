import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/ports/clock.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { Processes } from '../../../src/sandbox/processes/processes.ts';
import type { ProcessEvent } from '../../../src/sandbox/processes/supervised-process.ts';
import { startScript } from '../../support/script.ts';
import { until } from '../../support/until.ts';

const program = new URL('fixture.mjs', import.meta.url).pathname;

// Restarts and graces are waited for by the clock; here they pass a hundred times as fast.
const fastClock: Clock = {
  ...systemClock,
  sleep: (durationMs, signal) => systemClock.sleep(durationMs / 100, signal),
};

let open: Processes | null = null;

afterEach(async () => {
  await open?.close();
  open = null;
});

function someProcesses(): { processes: Processes; events: ProcessEvent[] } {
  const processes = new Processes({ clock: fastClock, program });
  open = processes;
  const events: ProcessEvent[] = [];
  processes.subscribe((event) => events.push(event));
  return { processes, events };
}

const isReady = (processes: Processes, name: string) => () => processes.linesOf(name).includes('ready');
const endsOf = (events: readonly ProcessEvent[]) => events.filter((event) => event.kind === 'ended');
const startsOf = (events: readonly ProcessEvent[]) => events.filter((event) => event.kind === 'started');

describe('a supervised process', () => {
  it('has exactly the arguments and the environment it was given', async () => {
    const { processes } = someProcesses();
    processes.start({ name: 'one', args: ['a', 'run'], environment: { AWS_REGION: 'us-east-1' } });
    await until('it to be ready', isReady(processes, 'one'));
    expect(processes.linesOf('one')).toContain('args a run');
    expect(processes.linesOf('one')).toContain('environment AWS_REGION');
  });

  it('is started again after it was killed', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['run'], environment: {} });
    await until('it to be ready', isReady(processes, 'one'));
    const first = processes.list()[0]?.pid;
    expect(processes.kill('one', 'SIGKILL')).toBe(true);
    await until('it to be started again', () => startsOf(events).length === 2);
    expect(endsOf(events)).toMatchObject([{ signal: 'SIGKILL', wasStopped: false, isRestarting: true }]);
    expect(processes.list()[0]?.pid).not.toBe(first);
  });

  it('is started again after it failed', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['exit-1'], environment: {} });
    await until('it to be started three times', () => startsOf(events).length >= 3);
    expect(endsOf(events)[0]).toMatchObject({ code: 1, isRestarting: true });
  });

  it('is not started again when a restart cannot help', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['exit-2'], environment: {} });
    await until('it to end', () => endsOf(events).length === 1);
    expect(endsOf(events)).toMatchObject([{ code: 2, wasStopped: false, isRestarting: false }]);
  });

  it('is asked to end before it is made to', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['polite'], environment: {} });
    await until('it to be ready', isReady(processes, 'one'));
    await processes.stop('one');
    expect(processes.linesOf('one')).toContain('goodbye');
    expect(endsOf(events)).toMatchObject([{ code: 0, wasStopped: true, isRestarting: false }]);
  });

  it('is made to end when it does not listen', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['stubborn'], environment: {} });
    await until('it to be ready', isReady(processes, 'one'));
    await processes.stop('one');
    expect(endsOf(events)).toMatchObject([{ signal: 'SIGKILL', wasStopped: true }]);
  });

  it('is made to end even while it is stopped by a signal', async () => {
    const { processes, events } = someProcesses();
    processes.start({ name: 'one', args: ['run'], environment: {} });
    await until('it to be ready', isReady(processes, 'one'));
    processes.kill('one', 'SIGSTOP');
    await processes.stop('one');
    expect(endsOf(events)).toMatchObject([{ signal: 'SIGKILL' }]);
  });

  it('has its name to itself', () => {
    const { processes } = someProcesses();
    const spec = { name: 'one', args: ['run'], environment: {} };
    processes.start(spec);
    expect(() => processes.start(spec)).toThrow('the process one is running already');
  });

  it('that does not run can be neither killed nor missed', async () => {
    const { processes } = someProcesses();
    expect(processes.kill('none', 'SIGKILL')).toBe(false);
    await expect(processes.stop('none')).resolves.toBeUndefined();
  });
});

describe('the end of the supervisor', () => {
  it('is the end of its children, even when it is killed', async () => {
    const parent = await startScript(`
      import { systemClock } from './src/runtime/system-clock.ts';
      import { Processes } from './src/sandbox/processes/processes.ts';
      const processes = new Processes({ clock: systemClock, program: ${JSON.stringify(program)} });
      processes.subscribe((event) => {
        if (event.kind === 'started') process.stdout.write(event.pid + '\\n');
        if (event.kind === 'line' && event.line === 'ready') process.stdout.write('ready\\n');
      });
      processes.start({ name: 'one', args: ['stubborn'], environment: {} });
    `);
    await until('the child to be ready', () => parent.stdout().includes('ready'));
    const pid = Number(parent.stdout().split('\n')[0]);
    expect(isAlive(pid)).toBe(true);
    parent.child.kill('SIGKILL');
    await until('the child to be gone', () => !isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH is the answer.
    return false;
  }
}
