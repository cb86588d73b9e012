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

describe('a process that keeps hang-ups', () => {
  const keeper = `
    import { keepHangUps } from './src/runtime/signals.ts';
    const hangUps = keepHangUps();
    process.on('SIGHUP', () => console.log('heard'));
    process.once('SIGUSR2', () => hangUps.act(() => console.log('acted')));
    setInterval(() => {}, 1_000);
    console.log('ready');`;
  const times = (text: string, word: string) => text.split(word).length - 1;

  it('acts once for all that came before there was an action, and at each one afterwards', async () => {
    const running = await startScript(keeper);
    await until('the process to be ready', () => running.stdout().includes('ready'));
    for (const count of [1, 2]) {
      running.child.kill('SIGHUP');
      await until('the hang-up', () => times(running.stdout(), 'heard') === count);
    }
    expect(running.stdout()).not.toContain('acted');
    running.child.kill('SIGUSR2');
    await until('the first action', () => running.stdout().includes('acted'));
    running.child.kill('SIGHUP');
    await until('the third hang-up', () => times(running.stdout(), 'heard') === 3);
    expect(times(running.stdout(), 'acted')).toBe(2);
    running.child.kill('SIGKILL');
    await running.over;
  });

  it('does not act where none came', async () => {
    const running = await startScript(`
      import { keepHangUps } from './src/runtime/signals.ts';
      const hangUps = keepHangUps();
      hangUps.act(() => console.log('acted'));
      hangUps.dispose();
      setInterval(() => {}, 1_000);
      console.log('ready');`);
    await until('the process to be ready', () => running.stdout().includes('ready'));
    running.child.kill('SIGHUP');
    expect(await running.over).toEqual({ code: null, signal: 'SIGHUP' });
    expect(running.stdout()).not.toContain('acted');
  });
});
