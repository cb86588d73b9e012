import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryKeeper } from '../../../src/agent/act/keeper.ts';
import { type Memory, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const never = new AbortController().signal;
const DRAINED: Memory = {
  ...NO_MEMORY,
  drained: { cause: 'maintenance/a', since: 1_000 },
  notice: 'maintenance@2026-11-21T09:00:00Z',
  seen: { 'maintenance/a': 1_000 },
  taken: ['drain/maintenance/a'],
};

interface Start {
  readonly bootId?: string;
  readonly instanceId?: string;
  readonly upSince?: number;
}

function starting(folder: string) {
  const path = join(folder, 'state.json');
  const clock = steppedClock();
  const { logger, said } = keepingLogger();
  let asked = 0;
  const start = ({ bootId = 'boot-1', instanceId = 'i-a', upSince = 0 }: Start = {}) => {
    const known = async () => {
      asked += 1;
      return instanceId;
    };
    return MemoryKeeper.open({ path, boot: { id: bootId, upSince }, clock, logger, instanceId: known }, never);
  };
  return { path, clock, start, said, asked: () => asked };
}

describe('what the agent did', () => {
  it('is known after a restart, without asking which instance this is', async () => {
    const { start, asked } = starting(aFolder());
    await (await start()).keep(DRAINED);
    expect((await start()).memory).toEqual(DRAINED);
    expect(asked()).toBe(0);
  });

  it('is on disk when that is told, also where something newer took its place before it was written', async () => {
    const { start, path } = starting(aFolder());
    const keeper = await start();
    const seenAtEach = [1, 2, 3, 4].map((since) => {
      const kept = keeper.keep({ ...DRAINED, drained: { cause: 'maintenance/a', since } });
      return kept.then(() => JSON.parse(readFileSync(path, 'utf8')).memory.drained.since >= since);
    });
    expect(await Promise.all(seenAtEach)).toEqual([true, true, true, true]);
  });

  it('is only what must be taken back after a reboot of the same instance', async () => {
    const { start } = starting(aFolder());
    const first = await start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    const { memory } = await start({ bootId: 'boot-2' });
    expect(memory).toMatchObject({ drained: DRAINED.drained, notice: DRAINED.notice, seen: {}, taken: [] });
  });

  it('is nothing on another instance, as one made from an image of this one', async () => {
    const { start, said } = starting(aFolder());
    const first = await start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    expect((await start({ bootId: 'boot-2', instanceId: 'i-b' })).memory).toEqual(NO_MEMORY);
    expect(said('of another instance')).toHaveLength(1);
  });

  it('is on disk with its instance also when that was learned late', async () => {
    const { start, path } = starting(aFolder());
    const keeper = await start();
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
    expect((await start()).memory).toEqual(NO_MEMORY);
    expect(said('the agent begins anew')).toHaveLength(1);
  });

  it('is kept in memory where it cannot be written, and that is said once', async () => {
    const { start, said } = starting(join(aFolder(), 'missing'));
    const keeper = await start();
    await keeper.keep(DRAINED);
    await keeper.keep({ ...DRAINED, notice: null });
    expect(keeper.memory).toEqual({ ...DRAINED, notice: null });
    expect(said('cannot be written')).toHaveLength(1);
  });

  it('is not written again while nothing changes', async () => {
    const { start, path } = starting(aFolder());
    const keeper = await start();
    await keeper.keep(DRAINED);
    writeFileSync(path, 'somebody else');
    await keeper.keep({ ...DRAINED });
    expect(readFileSync(path, 'utf8')).toBe('somebody else');
  });
});

describe('when this boot began', () => {
  it('is after the last word of the boot before, whatever the host says of its uptime', async () => {
    const { start, clock } = starting(aFolder());
    const first = await start();
    first.knowInstance('i-a');
    await first.keep(DRAINED);
    expect((await start({ bootId: 'boot-2' })).bootedAt).toBe(clock.now() + 1);
    expect(first.bootedAt).toBe(0);
  });

  it('stays the same over restarts', async () => {
    const { start } = starting(aFolder());
    await (await start({ upSince: 5_000 })).keep(DRAINED);
    expect((await start({ upSince: 6_000 })).bootedAt).toBe(5_000);
  });
});
