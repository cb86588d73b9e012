// Who leads, and who writes, with real controllers as processes: each trouble by itself, and then many at random.
// The gate plays a few rounds; npm run test:leadership plays 200, and SPOTKEEPER_LEASE_SEEDS=1,2,3 those of other seeds.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../src/sandbox/faults.ts';
import { isWrite, type RequestRecord } from '../../src/sandbox/request-log.ts';
import { leaseHolder } from '../../src/sandbox/story/figures/leadership.ts';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { LeaseRounds, SHORT_LEASE } from '../support/lease-rounds.ts';
import { until } from '../support/until.ts';
import { WallClock } from '../support/wall-clock.ts';

const SEEDS = (process.env.SPOTKEEPER_LEASE_SEEDS ?? '1').split(',').map(Number);
const ROUNDS = Number(process.env.SPOTKEEPER_LEASE_ROUNDS ?? 15);
/** After each so many somebody must come to lead again. */
const ROUNDS_TO_RECOVER = 5;

let stage: ControllerStage;
afterEach(() => stage.close());

const by = (name: string, action: string) => stage.requests(action).filter(({ caller }) => caller?.name === name);

/** Everything that would change ECS or EC2, whatever it was answered, in order of arrival. */
const writes = (): RequestRecord[] =>
  stage.sandbox.log.records
    .filter(({ service, action }) => (service === 'ecs' || service === 'ec2') && isWrite(action))
    .sort((a, b) => a.number - b.number);

/** In words, every write that came while another, or nobody, held the lease. */
function withoutLease(): string[] {
  const { records } = stage.sandbox.log;
  return writes().flatMap(({ number, action, at, caller }) => {
    const holder = leaseHolder({ records }, at);
    return holder === caller?.name
      ? []
      : [`${at}: request ${number}, ${action} by ${caller?.name}, lease of ${holder}`];
  });
}

/** In words, everybody who wrote again after another had, without having taken the lease in between. */
function interleaved(): string[] {
  const takes = stage.requests('PutItem');
  const lastNumbers = new Map<string, number>();
  const found: string[] = [];
  let before = '';
  for (const { number, caller } of writes()) {
    const name = caller?.name ?? '';
    const last = lastNumbers.get(name);
    const hasTaken = takes.some(
      (take) => take.caller?.name === name && take.number > (last ?? 0) && take.number < number,
    );
    if (name !== before && last !== undefined && !hasTaken) found.push(`request ${number} by ${name} after ${before}`);
    lastNumbers.set(name, number);
    before = name;
  }
  return found;
}

/** Long enough that a busy machine does not take it from anybody. */
const LEASE = { ...SHORT_LEASE, durationSeconds: 3, renewDeadlineSeconds: 2.4 };

/** Two controllers over one lease: `a` leads, `b` stands by, and somebody moves the target all the time. */
async function aLeaderAndAStandby(environment: Readonly<Record<string, string>> = {}) {
  stage = await setControllerStage();
  const config = await stage.configure({ lease: LEASE }, { targetCapacity: { min: 4, max: 4 } });
  const a = await stage.start('a', config, environment);
  await until('a to lead', () => by('a', 'PutItem').length > 0);
  const b = await stage.start('b', config, environment);
  await until('b to stand by', () => by('b', 'GetItem').length > 0);
  return { a, b };
}

const moveTarget = () =>
  stage.sandbox.driver.inPresent(() => stage.sandbox.world.ec2.modifyFleet(stage.fleetId, { targetUnits: 3 }));

const awayFromMinimum = () =>
  until('the target to be moved', () => {
    if (stage.fleet.state === 'active' && stage.fleet.targetUnits === 4) moveTarget();
    return stage.fleet.state === 'active' && stage.fleet.targetUnits === 3;
  });

const writesOf = (name: string) => by(name, 'ModifySpotFleetRequest').length;

/** Resolves when this controller has moved the target back. */
async function untilWrites(name: string): Promise<void> {
  const before = writesOf(name);
  await until(`${name} to write`, () => {
    if (stage.fleet.state === 'active' && stage.fleet.targetUnits === 4) moveTarget();
    return writesOf(name) > before;
  });
}

describe('a leader', () => {
  it('that is ended gives its lease to a standby at its next look, long before the lease would be over', async () => {
    stage = await setControllerStage();
    const lease = { ...SHORT_LEASE, durationSeconds: 300, renewDeadlineSeconds: 100, retryPeriodSeconds: 0.5 };
    const config = await stage.configure({ lease });
    const a = await stage.start('a', config);
    await until('a to lead', () => by('a', 'PutItem').length > 0);
    await stage.start('b', config);
    await until('b to stand by', () => by('b', 'GetItem').length > 0);
    a.child.kill('SIGTERM');
    await until('b to lead', () => by('b', 'PutItem').length > 0);
    expect(await a.over).toEqual({ code: 0, signal: null });
    const released = by('a', 'PutItem').at(-1)?.number ?? Number.NaN;
    const taken = by('b', 'PutItem')[0]?.number ?? Number.NaN;
    // A look is at most a retry period after the last one.
    const looks = by('b', 'GetItem').filter(({ number }) => number > released && number < taken);
    expect(looks).toHaveLength(1);
  });

  it('that is killed is followed by a standby, which writes in its first pass', async () => {
    const { a } = await aLeaderAndAStandby();
    a.child.kill('SIGKILL');
    await untilWrites('b');
    expect(withoutLease()).toEqual([]);
  });

  it('that was stopped in the middle of a pass for longer than its lease writes nothing when it wakes', async () => {
    const { a } = await aLeaderAndAStandby();
    await untilWrites('a');
    // Between what a pass reads first and its write there is time to stop it.
    stage.sandbox.faults.add({
      service: 'ecs',
      action: 'ListTasks',
      caller: 'a',
      effect: { kind: 'latency', latencyMs: 1_000 },
    });
    await awayFromMinimum();
    const moved = stage.sandbox.log.records.at(-1)?.number ?? 0;
    await until('a to have seen that', () => (by('a', 'DescribeSpotFleetRequests').at(-1)?.number ?? 0) > moved);
    a.child.kill('SIGSTOP');
    await untilWrites('b');
    const written = writesOf('a');
    a.child.kill('SIGCONT');
    await until('a to come to its write, and to hold it back', () => a.stderr().includes('holding back a write'));
    await untilWrites('b');
    expect(writesOf('a')).toBe(written);
    expect(withoutLease()).toEqual([]);
  });

  it.each<[string, FaultEffect]>([
    ['down', { kind: 'error', code: 'InternalServerError', status: 500, message: 'down' }],
    ['throttled', { kind: 'throttle' }],
    ['slow', { kind: 'latency', latencyMs: 3_000 }],
  ])(
    'stands down while DynamoDB is %s for everybody, nobody writes, and somebody leads again after',
    { timeout: 90_000 },
    async (_, effect) => {
      const { a } = await aLeaderAndAStandby();
      await untilWrites('a');
      const id = stage.sandbox.faults.add({ service: 'dynamodb', action: '*', effect });
      await until('a to stand down', () => a.stderr().includes('standing by'));
      const written = writes().length;
      await awayFromMinimum();
      // It looks on, and does no more than that.
      const looks = stage.sandbox.log.records.length;
      await until('some tries more', () => stage.sandbox.log.records.length > looks + 3);
      expect(writes()).toHaveLength(written);
      stage.sandbox.faults.remove(id);
      await until('somebody to write', () => writes().length > written, 60_000);
      expect(withoutLease()).toEqual([]);
    },
  );

  it('that alone cannot reach DynamoDB is followed by the standby, and stands by when it can again', async () => {
    await aLeaderAndAStandby();
    const effect = { kind: 'error', code: 'InternalServerError', status: 500, message: 'down' } as const;
    const id = stage.sandbox.faults.add({ service: 'dynamodb', action: '*', caller: 'a', effect });
    await untilWrites('b');
    stage.sandbox.faults.remove(id);
    const before = by('a', 'GetItem').length;
    await until('a to look again', () => by('a', 'GetItem').length > before + 3);
    await untilWrites('b');
    expect({ withoutLease: withoutLease(), interleaved: interleaved() }).toEqual({ withoutLease: [], interleaved: [] });
  });

  it.each([
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ])('goes on leading when the clocks are set %s by a day, and a standby stands by', async (_, stepMs) => {
    const folder = await mkdtemp(join(tmpdir(), 'spotkeeper-test-'));
    const wall = new WallClock(join(folder, 'off-by-ms'));
    await aLeaderAndAStandby(wall.environment);
    await untilWrites('a');
    wall.set(stepMs);
    const looks = by('b', 'GetItem').length;
    await untilWrites('a');
    await until('b to have looked for longer than the lease', () => by('b', 'GetItem').length > looks + 40);
    expect(by('b', 'PutItem')).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describe('the lease table', () => {
  it('is made by the controller that is told to, and then it leads', async () => {
    stage = await setControllerStage();
    const config = await stage.configure({ lease: { ...SHORT_LEASE, table: 'made-on-demand' } });
    const controller = await stage.start('a', config, {}, null, ['--create-lease-table']);
    await until('it to lead', () => by('a', 'PutItem').length > 0);
    expect(by('a', 'CreateTable')).toHaveLength(1);
    controller.child.kill('SIGTERM');
    expect((await controller.over).code).toBe(0);
    // The option may stay in the unit.
    const again = await stage.start('b', config, {}, null, ['--create-lease-table']);
    await until('the next to lead', () => by('b', 'PutItem').length > 0);
    expect(by('b', 'CreateTable')).toEqual([]);
    expect(again.child.exitCode).toBeNull();
  });

  it('is no affair of a lease in a file', async () => {
    stage = await setControllerStage();
    const config = await stage.configure({ lease: { ...SHORT_LEASE, store: 'file', file: '/nowhere/lease' } });
    const controller = await stage.start('a', config, {}, null, ['--create-lease-table']);
    expect((await controller.over).code).toBe(2);
    expect(controller.stderr()).toContain('--create-lease-table is for lease.store dynamodb');
  });
});

describe(`${ROUNDS} rounds of trouble`, () => {
  it.each(SEEDS)(
    'never have two leaders write interleaved, nor anybody without the lease, seed %i',
    { timeout: 60_000 + ROUNDS * 6_000 },
    async (seed) => {
      stage = await setControllerStage();
      const folder = await mkdtemp(join(tmpdir(), 'spotkeeper-test-'));
      const over = new AbortController();
      const rounds = await LeaseRounds.start(stage, folder, seededRng(seed));
      const nudging = rounds.nudge(over.signal);
      try {
        await rounds.untilLed();
        for (let round = 1; round <= ROUNDS; round += 1) {
          await rounds.play();
          if (round % ROUNDS_TO_RECOVER === 0) await rounds.untilLed();
        }
      } finally {
        over.abort();
        await nudging;
        await rm(folder, { recursive: true });
      }
      const story = [...rounds.said, ...withoutLease()].sort().join('\n');
      expect({ withoutLease: withoutLease(), interleaved: interleaved() }, story).toEqual({
        withoutLease: [],
        interleaved: [],
      });
      const leaders = new Set(writes().map(({ caller }) => caller?.name));
      expect(leaders.size).toBeGreaterThan(ROUNDS / 10);
      expect(writes().length).toBeGreaterThan(ROUNDS / 4);
    },
  );
});
