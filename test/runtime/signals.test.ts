import { describe, expect, it } from 'vitest';
import { startScript } from '../support/script.ts';
import { until } from '../support/until.ts';

/** A process that says what it hears and ends only by force. */
async function stubborn() {
  const running = await startScript(`
    import { untilSignalled } from './src/runtime/signals.ts';
    const signalled = untilSignalled();
    signalled.signal.addEventListener('abort', () => console.log('asked by', signalled.name()));
    setInterval(() => {}, 1_000);
    console.log('ready');`);
  await until('the process to be ready', () => running.stdout().includes('ready'));
  return running;
}

describe('a process that waits for signals', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('is asked to end by %s, and not killed by it', async (name) => {
    const running = await stubborn();
    running.child.kill(name);
    await until('the abort', () => running.stdout().includes(`asked by ${name}`));
    expect(running.child.exitCode).toBe(null);
    running.child.kill('SIGKILL');
    await running.over;
  });

  it('survives a SIGTERM after a SIGINT, as a terminal and a parent may send both, and is asked once', async () => {
    const running = await stubborn();
    running.child.kill('SIGINT');
    await until('the abort', () => running.stdout().includes('asked by SIGINT'));
    running.child.kill('SIGTERM');
    running.child.kill('SIGINT');
    expect(await running.over).toEqual({ code: null, signal: 'SIGINT' });
    expect(running.stdout().match(/asked by/g)).toHaveLength(1);
  });

  it('is ended by the same signal again', async () => {
    const running = await stubborn();
    running.child.kill('SIGTERM');
    await until('the abort', () => running.stdout().includes('asked by'));
    running.child.kill('SIGTERM');
    expect(await running.over).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('has the default behaviour again once nobody waits any more', async () => {
    const running = await startScript(`
      import { untilSignalled } from './src/runtime/signals.ts';
      untilSignalled().dispose();
      setInterval(() => {}, 1_000);
      console.log('ready');`);
    await until('the process to be ready', () => running.stdout().includes('ready'));
    running.child.kill('SIGTERM');
    expect(await running.over).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
