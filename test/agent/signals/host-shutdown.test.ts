import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOST_SHUTDOWN_FILE, hostShutdownSource } from '../../../src/agent/signals/host-shutdown.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const never = new AbortController().signal;
const BOOTED_AT = Date.parse('2026-11-21T08:00:00Z');
const WRITTEN_AT = Date.parse('2026-11-21T09:00:00Z');

function aHost() {
  const runtimeDirectory = mkdtempSync(join(tmpdir(), 'spotkeeper-run-'));
  onTestFinished(() => rmSync(runtimeDirectory, { recursive: true, force: true }));
  const path = join(runtimeDirectory, HOST_SHUTDOWN_FILE);
  const clock = steppedClock(WRITTEN_AT);
  const uptimeMs = () => WRITTEN_AT - BOOTED_AT + clock.monotonicMs();
  const source = hostShutdownSource({ runtimeDirectory, periodMs: 1_000, uptimeMs, clock });
  const says = (text: string, at = WRITTEN_AT) => {
    writeFileSync(path, text);
    utimesSync(path, at / 1_000, at / 1_000);
  };
  return { clock, path, says, remove: () => rmSync(path), source, read: () => source.read(never) };
}

describe('the shutdown of the host', () => {
  it('is over when the host runs on ten minutes after it was to stop', async () => {
    const host = aHost();
    host.says('2026-11-21T09:01:40Z');
    host.clock.advance(100_000 + 600_000);
    expect(await host.read()).not.toBeNull();
    host.clock.advance(1);
    expect(await host.read()).toBeNull();
  });

  it('is not told while there is no file, and no longer when it is gone', async () => {
    const host = aHost();
    expect(await host.read()).toBeNull();
    host.says('');
    expect(await host.read()).not.toBeNull();
    host.remove();
    expect(await host.read()).toBeNull();
  });

  it('is told with the deadline in the file', async () => {
    const host = aHost();
    const deadlineAt = Date.parse('2026-11-21T09:01:40Z');
    for (const text of ['2026-11-21T09:01:40Z', '2026-11-21T09:01:40.000Z\n', '2026-11-21T10:01:40+01:00']) {
      host.says(text);
      expect(await host.read()).toEqual({ kind: 'host-shutdown', deadlineAt });
    }
  });

  it.each(['', '\n', '1', 'soon', '2026-11-21', '2026-11-21T09:01:40', '2026-99-21T09:01:40Z', `${'x'.repeat(9_999)}`])(
    'is told a minute after the file was written where it holds no instant: %j',
    async (text) => {
      const host = aHost();
      host.says(text);
      expect(await host.read()).toEqual({ kind: 'host-shutdown', deadlineAt: WRITTEN_AT + 60_000 });
    },
  );

  it('of an earlier boot is nothing', async () => {
    const host = aHost();
    host.says('2026-11-21T09:01:40Z', BOOTED_AT - 1_000);
    expect(await host.read()).toBeNull();
  });

  it('is told also when the clock was ahead at the boot and has been set back since', async () => {
    const host = aHost();
    host.clock.stepWall(-2 * (WRITTEN_AT - BOOTED_AT));
    host.says('2026-11-21T07:01:40Z', host.clock.now());
    expect(await host.read()).not.toBeNull();
  });

  it('is unknown where the file cannot be read', async () => {
    const host = aHost();
    mkdirSync(host.path);
    await expect(host.read()).rejects.toMatchObject({ code: 'unreadable', kind: 'world' });
  });

  it('costs nothing of the budget of the metadata service', () => {
    expect(aHost().source).toMatchObject({ kind: 'host-shutdown', periodMs: 1_000, isMetadata: false });
  });
});
