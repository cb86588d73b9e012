import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { SignalBoard } from '../../../src/agent/signals/board.ts';
import { interruptionSource } from '../../../src/agent/signals/interruption.ts';
import { Outage } from '../../../src/agent/signals/outage.ts';
import { rebalanceSource } from '../../../src/agent/signals/rebalance.ts';
import { type WatchOptions, watchSignals } from '../../../src/agent/signals/watch.ts';
import { createInstanceMetadata } from '../../../src/aws/instance-metadata.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { imdsAnswering, type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import { turnedClock } from '../../support/turned-clock.ts';
import { until } from '../../support/until.ts';
import { quietMetadata } from './quiet-metadata.ts';

const TERMINATE = '{"action":"terminate","time":"2026-11-21T08:02:00Z"}';
const LATER = '{"action":"terminate","time":"2026-11-21T08:02:30Z"}';
const UNSEEN = 'the metadata service cannot be read: a notice would go unseen';
const AT = (time: string) => ({ kind: 'interruption', action: 'terminate', deadlineAt: Date.parse(time) });

let server: ScriptedServer | null = null;
let ending: () => Promise<void> = async () => {};
afterEach(async () => {
  await ending();
  await server?.close();
  server = null;
});

/** A watch that runs, with everything it told. */
function running(over: Pick<WatchOptions, 'sources'> & Partial<WatchOptions>) {
  const { logger, lines, said } = keepingLogger();
  const board = new SignalBoard();
  const count = { polls: 0, watching: 0 };
  const controller = new AbortController();
  const clock = over.clock ?? systemClock;
  const outage = new Outage({ clock, logger, blindAfterMs: 60_000, onBlind: () => {} });
  const options: WatchOptions = {
    keepsConnections: () => true,
    isKnownHost: () => false,
    board,
    outage,
    clock,
    logger,
    startGraceMs: 60_000,
    onWatching: () => {
      count.watching += 1;
    },
    onPoll: () => {
      count.polls += 1;
    },
    ...over,
  };
  const whole = watchSignals(options, controller.signal);
  ending = async () => {
    controller.abort();
    await whole.catch(() => {});
  };
  const polls = (more: number) => {
    const before = count.polls;
    return until(`${more} more polls`, () => count.polls >= before + more);
  };
  return { over: whole, board, count, lines, said, polls, stop: () => controller.abort() };
}

/** A watch for notices over a metadata service whose answer can be changed while it runs. */
async function aWatch(
  options: { startGraceMs?: number; endpoint?: string; status?: number; hasTokens?: boolean } = {},
) {
  let read: RequestListener = (_request, response) => response.writeHead(options.status ?? 404).end();
  const switchedOff: RequestListener = (_request, response) => response.writeHead(403).end();
  const answering = imdsAnswering((request, response) => read(request, response));
  server = await startScriptedServer(options.hasTokens === false ? switchedOff : answering);
  const endpoint = options.endpoint ?? server.url;
  const metadata = createInstanceMetadata({ endpoint, clock: systemClock, timeoutMs: 500 });
  const watch = running({ sources: [interruptionSource(metadata, 2)], startGraceMs: options.startGraceMs ?? 60_000 });
  const answer = (status: number, body = '') => {
    read = (_request, response) => response.writeHead(status).end(body);
  };
  return { ...watch, answer };
}

describe('the watch', () => {
  it('tells of no notice while there is none', async () => {
    const watch = await aWatch();
    await watch.polls(5);
    expect(watch.board.signals).toEqual({ interruption: null });
    expect(watch.count.watching).toBe(1);
    expect(watch.lines).toEqual([]);
  });

  it('tells of a notice once, however often it is seen', async () => {
    const watch = await aWatch();
    watch.answer(200, TERMINATE);
    await until('the notice', () => watch.board.signals.interruption?.kind === 'interruption');
    const seen = watch.board.signals;
    await watch.polls(5);
    expect(watch.board.signals).toBe(seen);
    expect(seen.interruption).toEqual(AT('2026-11-21T08:02:00Z'));
  });

  it('tells again of another time, and not of the same notice after an outage', async () => {
    const watch = await aWatch();
    watch.answer(200, TERMINATE);
    await until('the notice', () => watch.board.signals.interruption?.kind === 'interruption');
    const seen = watch.board.signals;
    watch.answer(503);
    await until('the outage', () => watch.said(UNSEEN).length === 1);
    expect(watch.board.signals).toBe(seen);
    watch.answer(200, TERMINATE);
    await watch.polls(3);
    expect(watch.board.signals).toBe(seen);
    watch.answer(200, LATER);
    await until('the later notice', () => watch.board.signals !== seen);
    expect(watch.board.signals.interruption).toEqual(AT('2026-11-21T08:02:30Z'));
  });

  it('tells when a notice is gone', async () => {
    const watch = await aWatch();
    watch.answer(200, TERMINATE);
    await until('the notice', () => watch.board.signals.interruption?.kind === 'interruption');
    watch.answer(404);
    await until('the end of it', () => watch.board.signals.interruption === null);
    expect(watch.lines).toEqual([]);
  });

  it('tells of an outage once when it starts and once when it ends', async () => {
    const watch = await aWatch();
    await watch.polls(2);
    watch.answer(503);
    await watch.polls(5);
    expect(watch.lines.map(({ message }) => message)).toEqual([UNSEEN]);
    watch.answer(404);
    await watch.polls(5);
    expect(watch.lines.map(({ message }) => message)).toEqual([UNSEEN, 'the metadata service can be read again']);
  });

  it('goes on polling during an outage, so that whoever watches it knows it is alive', async () => {
    const watch = await aWatch();
    watch.answer(200, 'garbage');
    await watch.polls(10);
    expect(watch.said(UNSEEN)).toHaveLength(1);
  });

  it('ends when it is told to', async () => {
    const watch = await aWatch();
    await watch.polls(1);
    watch.stop();
    await expect(watch.over).resolves.toBeUndefined();
  });
});

describe('at the start', () => {
  it('a host where nobody answers for the whole grace is not EC2', async () => {
    const watch = await aWatch({ endpoint: 'http://127.0.0.1:1', startGraceMs: 30 });
    await expect(watch.over).rejects.toMatchObject({ code: 'not-on-ec2', kind: 'operator' });
    expect(watch.count.watching).toBe(0);
  });

  it.each([403, 503])(
    'a metadata service that only refuses with %d is EC2, but nothing is watched yet',
    async (status) => {
      const watch = await aWatch({ startGraceMs: 0, status });
      await watch.polls(5);
      expect(watch.count.watching).toBe(0);
      expect(watch.said(UNSEEN)).toHaveLength(1);
      watch.answer(200, TERMINATE);
      await until('the notice', () => watch.board.signals.interruption?.kind === 'interruption');
      expect(watch.count.watching).toBe(1);
    },
  );

  it('metadata that is switched off, so that there is not even a token, is EC2, but nothing is watched', async () => {
    const watch = await aWatch({ startGraceMs: 0, hasTokens: false });
    await watch.polls(5);
    expect(watch.count.watching).toBe(0);
  });

  it('a service that answered once may go away for longer than the grace', async () => {
    const watch = await aWatch({ startGraceMs: 0 });
    await watch.polls(2);
    await server?.close();
    await watch.polls(5);
    expect(watch.said(UNSEEN)).toHaveLength(1);
  });
});

describe('several sources', () => {
  const noticesOf = (interruptionNotice: () => Promise<null>, periodMs = 1) =>
    interruptionSource(quietMetadata({ interruptionNotice }), periodMs);

  it('never hold up the notice, and no reading overlaps another of its kind', async () => {
    const clock = turnedClock();
    const held = new AbortController();
    let asked = 0;
    const notices = noticesOf(async () => {
      asked += 1;
      await clock.sleep(1_000_000, held.signal);
      return null;
    });
    const slow = { ...rebalanceSource(quietMetadata(), 1), read: untilAborted };
    const watch = running({ sources: [notices, slow], clock });
    await clock.turn(100);
    expect([asked, watch.board.signals]).toEqual([1, {}]);
    held.abort();
    await clock.turn(100);
    expect(asked).toBeGreaterThan(50);
    expect(watch.board.signals).toEqual({ interruption: null });
  });

  it('fail on their own: what one said last stands, and the others are read', async () => {
    let isFailing = false;
    const metadata = quietMetadata({
      rebalanceRecommendation: async () => {
        if (isFailing) throw new Failure('refused', 'reading');
        return { noticedAt: 1 };
      },
    });
    const watch = running({ sources: [interruptionSource(metadata, 1), rebalanceSource(metadata, 1)] });
    await until('both', () => Object.keys(watch.board.signals).length === 2);
    isFailing = true;
    await until('a word', () => watch.said('a signal cannot be read').length === 1);
    await watch.polls(3);
    expect(watch.board.signals.rebalance).toEqual({ kind: 'rebalance', noticedAt: 1 });
    expect(watch.lines).toHaveLength(1);
  });

  it('end together when one breaks in a way that is no failure of the world', async () => {
    const broken = noticesOf(async () => {
      throw new TypeError('a bug');
    });
    const watch = running({ sources: [broken, rebalanceSource(quietMetadata(), 1)] });
    await expect(watch.over).rejects.toThrow(TypeError);
  });

  it('wait for an operator who must act, too', async () => {
    const denied = noticesOf(async () => {
      throw new Failure('access-denied', 'reading');
    });
    const watch = running({ sources: [denied] });
    await watch.polls(3);
    expect(watch.said(UNSEEN)).toHaveLength(1);
  });

  it.each([
    ['as often as configured while connections are kept', true, 100, 20, 0],
    // 1.2 requests a second of 10 packets, with 10.24 packets to spend: each period is 1.172 times as long.
    ['less often, together, where they are not', false, 86, 18, 1],
  ])('are read %s', async (_name, keepsConnections, ofNotices, ofRebalance, told) => {
    const clock = turnedClock();
    const read = { notices: 0, rebalance: 0, host: 0 };
    const count = (name: keyof typeof read) => async () => {
      read[name] += 1;
      return null;
    };
    const sources: WatchOptions['sources'] = [
      { kind: 'interruption', periodMs: 1_000, isMetadata: true, read: count('notices') },
      { kind: 'host-shutdown', periodMs: 1_000, isMetadata: false, read: count('host') },
      { kind: 'rebalance', periodMs: 5_000, isMetadata: true, read: count('rebalance') },
    ];
    const watch = running({ sources, clock, keepsConnections: () => keepsConnections });
    await clock.turn(99_999);
    // What costs the metadata service nothing is read at every beat.
    expect(read).toEqual({ notices: ofNotices, rebalance: ofRebalance, host: ofNotices });
    expect(watch.said('it is asked less often')).toHaveLength(told);
  });
});

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Failure('timed-out', 'reading')));
  });
}
