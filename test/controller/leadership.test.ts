// Two holders over a real record, in DynamoDB through the real SDK and on disk. Durations are real and short.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoClient, createDynamoLeaseStore } from '../../src/aws/dynamodb-lease.ts';
import { Leadership } from '../../src/controller/leadership.ts';
import type { LeaseStore } from '../../src/ports/lease-store.ts';
import { createFileLeaseStore } from '../../src/runtime/file-lease.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

const DURATIONS = { leaseDurationMs: 900, renewDeadlineMs: 600, retryPeriodMs: 100 };

let cloud: SmallCloud;
let folder: string;
beforeEach(async () => {
  cloud = await startSmallCloud();
  await cloud.sandbox.createLeaseTable('leases');
  folder = await mkdtemp(join(tmpdir(), 'spotkeeper-test-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await cloud.close();
  await rm(folder, { recursive: true });
});

const running: { stop: () => Promise<void> }[] = [];

function candidate(store: LeaseStore, holder: string, durations = DURATIONS) {
  const stop = new AbortController();
  const elected: number[] = [];
  const { logger } = keepingLogger();
  const leadership = new Leadership({
    store,
    clock: systemClock,
    logger,
    holder,
    newVersion: randomUUID,
    ...durations,
    onElected: () => elected.push(performance.now()),
    onStep: () => {},
  });
  const ended = leadership.run(stop.signal);
  const standing = {
    leadership,
    elected,
    ended,
    stop: async () => {
      stop.abort();
      await ended;
      await leadership.release();
    },
  };
  running.push(standing);
  return standing;
}

const stores = {
  dynamodb: () =>
    createDynamoLeaseStore({ client: createDynamoClient({ region: 'us-east-1' }), table: 'leases', name: 'small' }),
  file: () => createFileLeaseStore(join(folder, 'lease')),
};

describe.each(Object.entries(stores))('leadership over %s', (_, newStore) => {
  it('has one leader among two, and the other stands by', async () => {
    const a = candidate(newStore(), 'a');
    await until('a to lead', () => a.leadership.role === 'leader');
    const b = candidate(newStore(), 'b');
    await until(
      'b to have looked ten times',
      () => b.leadership.steppedAtMs - (a.elected[0] ?? 0) > 10 * DURATIONS.retryPeriodMs,
    );
    expect([a.leadership.role, b.leadership.role]).toEqual(['leader', 'standby']);
    expect(() => b.leadership.assertMayWrite()).toThrow(/holding back/);
  });

  it('passes at once when the leader gives it up, however long the lease', async () => {
    const hour = { leaseDurationMs: 3_600_000, renewDeadlineMs: 1_800_000, retryPeriodMs: 100 };
    const a = candidate(newStore(), 'a', hour);
    await until('a to lead', () => a.leadership.role === 'leader');
    const b = candidate(newStore(), 'b', hour);
    await a.stop();
    await until('b to lead', () => b.elected.length === 1);
    expect(a.leadership.role).toBe('standby');
  });

  it('passes to a standby that has watched the record stand still, never sooner than the lease ends', async () => {
    const store = newStore();
    await store.write(
      { holder: 'dead', leaseDurationMs: DURATIONS.leaseDurationMs, version: 'v1', isReleased: false },
      null,
    );
    const joinedAtMs = performance.now();
    const b = candidate(store, 'b');
    await until('b to lead', () => b.elected.length === 1);
    expect((b.elected[0] ?? 0) - joinedAtMs).toBeGreaterThanOrEqual(DURATIONS.leaseDurationMs);
  });

  it('is decided by the record when two write at the same moment', async () => {
    const [one, two] = [newStore(), newStore()];
    const record = (holder: string) => ({ holder, leaseDurationMs: 1000, version: holder, isReleased: false });
    const won = await Promise.all([one.write(record('one'), null), two.write(record('two'), null)]);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await one.read())?.holder).toBe(won[0] ? 'one' : 'two');
  });
});

describe('leadership over DynamoDB that fails', () => {
  it('ends before the lease does, holds writes back, and comes back', async () => {
    const a = candidate(stores.dynamodb(), 'a');
    await until('a to lead', () => a.leadership.role === 'leader');
    const id = cloud.sandbox.faults.add({
      service: 'dynamodb',
      action: '*',
      effect: { kind: 'error', code: 'InternalServerError', status: 500, message: 'down' },
    });
    await until('a to stand down', () => a.leadership.role === 'standby');
    expect(() => a.leadership.assertMayWrite()).toThrow();
    expect(a.leadership.trouble).toContain('lease small');
    cloud.sandbox.faults.remove(id);
    await until('a to lead again', () => a.leadership.role === 'leader');
    expect(a.leadership.trouble).toBeNull();
  });

  it('survives a renewal whose answer is lost: the write got through, and it is ours', async () => {
    const a = candidate(stores.dynamodb(), 'a');
    await until('a to lead', () => a.leadership.role === 'leader');
    cloud.sandbox.faults.add({
      service: 'dynamodb',
      action: 'PutItem',
      count: 1,
      effect: { kind: 'drop', when: 'after' },
    });
    const puts = () => cloud.sandbox.log.records.filter(({ action }) => action === 'PutItem').length;
    const before = puts();
    await until('some renewals more', () => puts() > before + 3);
    expect(a.leadership.role).toBe('leader');
    expect(a.elected).toHaveLength(1);
  });

  it('names a missing table with the command that makes it', async () => {
    const store = createDynamoLeaseStore({
      client: createDynamoClient({ region: 'us-east-1' }),
      table: 'nowhere',
      name: 'small',
    });
    const lost = candidate(store, 'a');
    running.splice(0);
    await expect(lost.ended).rejects.toMatchObject({
      code: 'lease-table-missing',
      message: expect.stringContaining('aws dynamodb create-table --table-name nowhere'),
    });
  });
});

describe('the lease on disk', () => {
  it('keeps one file, however often it is renewed', async () => {
    const a = candidate(stores.file(), 'a');
    await until('five renewals', async () => (await readdir(folder)).some((name) => Number(name.split('.')[1]) > 5));
    await a.stop();
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe('durations that cannot work', () => {
  it.each([
    { leaseDurationMs: 10, renewDeadlineMs: 10, retryPeriodMs: 1 },
    { leaseDurationMs: 10, renewDeadlineMs: 5, retryPeriodMs: 5 },
    { leaseDurationMs: 10, renewDeadlineMs: 5, retryPeriodMs: 0 },
  ])('are refused: %o', (durations) => {
    const options = {
      store: stores.file(),
      clock: systemClock,
      logger: keepingLogger().logger,
      holder: 'a',
      newVersion: randomUUID,
      onElected: () => {},
      onStep: () => {},
    };
    expect(() => new Leadership({ ...options, ...durations })).toThrow(
      /lease duration > renew deadline > retry period/,
    );
  });
});
