import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryKeeper } from '../../../src/agent/act/keeper.ts';
import { ResponseClock } from '../../../src/agent/act/response-clock.ts';
import { type Memory, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { containerInstanceArn } from '../../../src/model/ids.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { turnedClock } from '../../support/turned-clock.ts';

const DRAINED: Memory = {
  ...NO_MEMORY,
  drained: { cause: 'maintenance/a', since: 1_000 },
  notice: 'maintenance@2026-11-21T09:00:00Z',
  seen: { 'maintenance/a': 1_000 },
  taken: ['drain/maintenance/a'],
};

const { logger: SILENT } = keepingLogger();

interface Start {
  readonly bootId?: string;
  readonly instanceId?: string;
  readonly upSince?: number;
  readonly time?: ResponseClock;
}

function starting(folder: string) {
  const path = join(folder, 'state.json');
  const clock = turnedClock();
  const { logger, said } = keepingLogger();
  const open = ({ bootId = 'boot-1', upSince = 0, time = new ResponseClock(clock, logger) }: Start = {}) =>
    MemoryKeeper.open({ path, boot: { id: bootId, upSince }, clock: time, logger });
  /** One that has learned its instance. */
  const start = ({ instanceId = 'i-a', ...boot }: Start = {}) => {
    const keeper = open(boot);
    keeper.knowInstance(instanceId);
    return keeper;
  };
  return { path, clock, open, start, said };
}

describe('what the agent did', () => {
  it('is known after a restart, before it is known which instance this is', async () => {
    const { start, open } = starting(aFolder());
    await start().keep(DRAINED);
    const again = open();
    expect(again.memory).toEqual(DRAINED);
    expect([again.isOfThisBoot, again.isWaiting]).toEqual([true, false]);
  });

  it('is not known after a reboot, nor written over, until it is known which instance this is', async () => {
    const { start, open, path } = starting(aFolder());
    await start().keep(DRAINED);
    const kept = readFileSync(path, 'utf8');
    const rebooted = open({ bootId: 'boot-2' });
    await rebooted.keep({ ...NO_MEMORY, over: ['rebalance/1'] });
    expect([rebooted.memory.drained, rebooted.isWaiting, readFileSync(path, 'utf8')]).toEqual([null, true, kept]);
    rebooted.knowInstance('i-a');
    expect(rebooted.memory).toMatchObject({ drained: DRAINED.drained, over: ['rebalance/1'] });
  });

  it.each([
    ['is still on the same container instance after a reboot', 'arn:a', DRAINED.drained],
    ['is not on one that was registered anew at the reboot', 'arn:b', null],
  ])('%s', async (_what, arn, drained) => {
    const { start, open } = starting(aFolder());
    const first = start();
    first.knowIdentity({ cluster: 'production', containerInstanceArn: containerInstanceArn('arn:a') });
    await first.keep(DRAINED);
    const rebooted = open({ bootId: 'boot-2' });
    rebooted.knowIdentity({ cluster: 'production', containerInstanceArn: containerInstanceArn(arn) });
    rebooted.knowInstance('i-a');
    expect(rebooted.memory.drained).toEqual(drained);
  });

  it.each([
    ['goes on in its own time after a restart', 'boot-1', true],
    ['is in the time of the host after a reboot', 'boot-2', false],
  ])('%s', async (_what, bootId, isHeld) => {
    const { start, open, clock } = starting(aFolder());
    const [before, after] = [new ResponseClock(clock, SILENT), new ResponseClock(clock, SILENT)];
    before.heed({ kind: 'interruption', action: 'terminate', deadlineAt: clock.now() + 3_600_000 });
    await start({ time: before }).keep(DRAINED);
    open({ bootId, time: after });
    expect(after.now()).toBe((isHeld ? before : clock).now());
  });

  it('is waited for no longer than a disk may take', async () => {
    const { start, clock } = starting(aFolder());
    let isKept = false;
    // Nothing is written while nobody turns the clock or waits for the disk.
    const keeping = start()
      .keep(DRAINED)
      .then(() => {
        isKept = true;
      });
    await clock.turn(500);
    expect(isKept).toBe(true);
    await keeping;
  });

  it('is not on a container instance that was registered anew', async () => {
    const { start, open } = starting(aFolder());
    const keeper = start();
    keeper.knowIdentity({ cluster: 'production', containerInstanceArn: containerInstanceArn('arn:a') });
    await keeper.keep(DRAINED);
    keeper.knowIdentity({ cluster: 'production', containerInstanceArn: containerInstanceArn('arn:a') });
    expect(keeper.memory).toEqual(DRAINED);
    keeper.knowIdentity({ cluster: 'production', containerInstanceArn: containerInstanceArn('arn:b') });
    expect(keeper.memory).toMatchObject({ drained: null, notice: null, seen: DRAINED.seen, taken: [] });
    await keeper.keep(keeper.memory);
    expect(open().identity).toEqual({ cluster: 'production', containerInstanceArn: 'arn:b' });
  });

  it('is on disk when that is told, also where something newer took its place before it was written', async () => {
    const { start, path } = starting(aFolder());
    const keeper = start();
    const seenAtEach = [1, 2, 3, 4].map((since) => {
      const kept = keeper.keep({ ...DRAINED, drained: { cause: 'maintenance/a', since } });
      return kept.then(() => JSON.parse(readFileSync(path, 'utf8')).memory.drained.since >= since);
    });
    expect(await Promise.all(seenAtEach)).toEqual([true, true, true, true]);
  });

  it('is only what must be taken back after a reboot of the same instance', async () => {
    const { start } = starting(aFolder());
    const first = start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    const { memory } = start({ bootId: 'boot-2' });
    expect(memory).toMatchObject({ drained: DRAINED.drained, notice: DRAINED.notice, seen: {}, taken: [] });
  });

  it('is nothing on another instance, as one made from an image of this one', async () => {
    const { start, said } = starting(aFolder());
    const first = start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    expect(start({ bootId: 'boot-2', instanceId: 'i-b' }).memory).toEqual(NO_MEMORY);
    expect(said('of another instance')).toHaveLength(1);
  });

  it('is on disk with its instance also when that was learned late', async () => {
    const { start, path } = starting(aFolder());
    const keeper = start();
    await keeper.keep(DRAINED);
    keeper.knowInstance('i-a');
    await keeper.keep(DRAINED);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ instanceId: 'i-a', memory: DRAINED });
  });

  it.each([
    ['half a file', '{"version":1,"instanceId":"i-'],
    ['an empty file', ''],
    ['a later version', '{"version":2}'],
    ['a file without its memory', '{"version":1,"instanceId":null,"bootId":"b","bootedAt":1,"writtenAt":1}'],
  ])('is begun anew, and that is said, with %s', async (_what, text) => {
    const { start, path, said } = starting(aFolder());
    writeFileSync(path, text);
    expect(start().memory).toEqual(NO_MEMORY);
    expect(said('the agent begins anew')).toHaveLength(1);
  });

  it('is kept in memory where it cannot be written, and that is said once', async () => {
    const { start, said } = starting(join(aFolder(), 'missing'));
    const keeper = start();
    await keeper.keep(DRAINED);
    await keeper.keep({ ...DRAINED, notice: null });
    expect(keeper.memory).toEqual({ ...DRAINED, notice: null });
    expect(said('cannot be written')).toHaveLength(1);
  });

  it('is not written again while nothing changes', async () => {
    const { start, path } = starting(aFolder());
    const keeper = start();
    await keeper.keep(DRAINED);
    writeFileSync(path, 'somebody else');
    await keeper.keep({ ...DRAINED });
    expect(readFileSync(path, 'utf8')).toBe('somebody else');
  });
});

describe('when this boot began', () => {
  it('is after the last word of the boot before, whatever the host says of its uptime', async () => {
    const { start, clock } = starting(aFolder());
    const first = start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    const writtenAt = clock.now();
    await clock.turn(10);
    expect(start({ bootId: 'boot-2' }).bootedAt).toBe(writtenAt + 1);
    expect(first.bootedAt).toBe(0);
  });

  it('stays the same over restarts', async () => {
    const { start } = starting(aFolder());
    await start({ upSince: 5_000 }).keep(DRAINED);
    expect(start({ upSince: 6_000 }).bootedAt).toBe(5_000);
  });
});
