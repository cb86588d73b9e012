import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { watchForNotices } from '../../src/agent/watch.ts';
import { createInstanceMetadata } from '../../src/aws/instance-metadata.ts';
import type { InterruptionNotice } from '../../src/ports/metadata.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { imdsAnswering, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const TERMINATE = '{"action":"terminate","time":"2026-11-21T08:02:00Z"}';
const LATER = '{"action":"terminate","time":"2026-11-21T08:02:30Z"}';
const UNSEEN = 'the metadata service cannot be read: a notice would go unseen';

let server: ScriptedServer | null = null;
let ending: () => Promise<void> = async () => {};
afterEach(async () => {
  await ending();
  await server?.close();
  server = null;
});

/** A watch over a metadata service whose answer can be changed while it runs. */
async function aWatch(
  options: { startGraceMs?: number; endpoint?: string; status?: number; hasTokens?: boolean } = {},
) {
  let read: RequestListener = (_request, response) => response.writeHead(options.status ?? 404).end();
  const switchedOff: RequestListener = (_request, response) => response.writeHead(403).end();
  const answering = imdsAnswering((request, response) => read(request, response));
  server = await startScriptedServer(options.hasTokens === false ? switchedOff : answering);
  const { logger, lines, said } = keepingLogger();
  const notices: InterruptionNotice[] = [];
  const count = { polls: 0, watching: 0 };
  const controller = new AbortController();
  const metadata = createInstanceMetadata({ endpoint: options.endpoint ?? server.url, clock, timeoutMs: 500 });
  const over = watchForNotices(
    {
      metadata,
      clock,
      logger,
      pollMs: 2,
      startGraceMs: options.startGraceMs ?? 60_000,
      onNotice: (notice) => notices.push(notice),
      onWatching: () => {
        count.watching += 1;
      },
      onPoll: () => {
        count.polls += 1;
      },
    },
    controller.signal,
  );
  ending = async () => {
    controller.abort();
    await over.catch(() => {});
  };
  const polls = (more: number) => {
    const before = count.polls;
    return until(`${more} more polls`, () => count.polls >= before + more);
  };
  const answer = (status: number, body = '') => {
    read = (_request, response) => response.writeHead(status).end(body);
  };
  return { over, notices, count, lines, said, polls, answer, stop: () => controller.abort() };
}

describe('the watch', () => {
  it('tells of no notice while there is none', async () => {
    const watch = await aWatch();
    await watch.polls(5);
    expect(watch.notices).toEqual([]);
    expect(watch.count.watching).toBe(1);
    expect(watch.lines).toEqual([]);
  });

  it('tells of a notice once, however often it is seen', async () => {
    const watch = await aWatch();
    watch.answer(200, TERMINATE);
    await watch.polls(5);
    expect(watch.notices).toEqual([{ action: 'terminate', deadlineAt: Date.parse('2026-11-21T08:02:00Z') }]);
  });

  it('tells again of another time, and not of the same notice after an outage', async () => {
    const watch = await aWatch();
    watch.answer(200, TERMINATE);
    await watch.polls(3);
    watch.answer(503);
    await watch.polls(3);
    watch.answer(200, TERMINATE);
    await watch.polls(3);
    expect(watch.notices).toHaveLength(1);
    watch.answer(200, LATER);
    await watch.polls(3);
    expect(watch.notices).toHaveLength(2);
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
      await until('the notice', () => watch.notices.length === 1);
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
