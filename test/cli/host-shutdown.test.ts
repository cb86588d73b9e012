// The command that systemd runs while it stops the host; the agent's side is played by whoever writes notice.json.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostShutdown } from '../../src/cli/host-shutdown.ts';
import { aFolder } from '../support/folder.ts';
import { steppedClock } from '../support/stepped-clock.ts';

/** @param atEachLook what happens while the command waits */
function aHost({ isStopping = true, atEachLook = (_directory: string, _look: number) => {} } = {}) {
  const directory = aFolder();
  const stepped = steppedClock();
  const said = { stdout: '', stderr: '' };
  let looks = 0;
  const clock = {
    ...stepped,
    sleep: async (durationMs: number) => {
      stepped.advance(durationMs);
      looks += 1;
      atEachLook(directory, looks);
    },
  };
  const streams = {
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  };
  const run = (isSure = false) =>
    hostShutdown({ directory, waitSeconds: 60, isSure }, { clock, streams, isHostStopping: async () => isStopping });
  return { directory, clock, said, run, looks: () => looks };
}

const show = (directory: string, notice: unknown) =>
  writeFileSync(join(directory, 'notice.json'), JSON.stringify({ notice }));

describe('spotkeeper host-shutdown', () => {
  it('does nothing where only a unit is stopped and not the host', async () => {
    const host = aHost({ isStopping: false });
    expect(await host.run()).toBe(0);
    expect(existsSync(join(host.directory, 'host-shutdown'))).toBe(false);
    expect(host.said.stdout).toContain('systemd is not stopping this host');
  });

  it('tells the agent until when systemd waits, in a file that the agent may read', async () => {
    const host = aHost({
      isStopping: false,
      atEachLook: (at) => show(at, { signal: 'host-shutdown', isDrained: true }),
    });
    const deadline = new Date(host.clock.now() + 60_000).toISOString();
    expect(await host.run(true)).toBe(0);
    expect(readFileSync(join(host.directory, 'host-shutdown'), 'utf8')).toBe(`${deadline}\n`);
    expect(statSync(join(host.directory, 'host-shutdown')).mode & 0o777).toBe(0o644);
  });

  it('waits until the agent shows that every task has ended', async () => {
    const host = aHost({
      atEachLook: (at, look) => show(at, look < 7 ? { signal: 'host-shutdown', isDrained: look >= 5 } : null),
    });
    expect(await host.run()).toBe(0);
    expect(host.looks()).toBe(5);
    expect(host.said).toEqual({ stdout: expect.stringContaining('every task has ended\n'), stderr: '' });
  });

  it('takes a more urgent reason to empty the host for as good', async () => {
    const host = aHost({ atEachLook: (at) => show(at, { signal: 'interruption', isDrained: true }) });
    expect(await host.run()).toBe(0);
  });

  it('ends with 4 at the deadline where the agent shows that tasks are left', async () => {
    const host = aHost({ atEachLook: (at) => show(at, { signal: 'host-shutdown', isDrained: false }) });
    const startedMs = host.clock.monotonicMs();
    expect(await host.run()).toBe(4);
    expect(host.clock.monotonicMs() - startedMs).toBe(60_000);
    expect(host.said.stderr).toBe('the time is over, and not every task is known to have ended\n');
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('waits no shorter and no longer when the clock of the host is set %s meanwhile', async (_way, byMs) => {
    const atEachLook = (at: string, look: number) => {
      show(at, { signal: 'host-shutdown', isDrained: false });
      if (look === 1) host.clock.stepWall(byMs);
    };
    const host = aHost({ atEachLook });
    const startedMs = host.clock.monotonicMs();
    await host.run();
    expect(host.clock.monotonicMs() - startedMs).toBe(60_000);
  });

  it.each([
    ['nothing', undefined],
    ['that nothing is answered', null],
    // Of its daemons and standalone tasks some may still run.
    ['that it is drained for something else', { signal: 'rebalance', isDrained: true }],
  ])('ends with 1 after some seconds where the agent goes on to show %s', async (_what, notice) => {
    const host = aHost({ atEachLook: (at) => (notice === undefined ? undefined : show(at, notice)) });
    const startedMs = host.clock.monotonicMs();
    expect(await host.run()).toBe(1);
    expect(host.clock.monotonicMs() - startedMs).toBeLessThan(11_000);
    expect(host.said.stderr).toBe('no agent takes it up: the host stops with its tasks as they are\n');
  });

  it('takes a notice that is no JSON for one that says nothing', async () => {
    const host = aHost({ atEachLook: (at) => writeFileSync(join(at, 'notice.json'), '{"notice":') });
    expect(await host.run()).toBe(1);
  });
});
