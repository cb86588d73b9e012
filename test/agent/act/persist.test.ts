import { describe, expect, it } from 'vitest';
import { persist } from '../../../src/agent/act/persist.ts';
import { Failure, type FailureCode } from '../../../src/ports/failure.ts';
import { systemClock as clock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { steppedClock } from '../../support/stepped-clock.ts';
import { turnedClock } from '../../support/turned-clock.ts';

/** The least jitter: every retry follows at once. */
const rng = { next: () => 0 };
const endeavour = { doing: 'draining', untilAt: Number.POSITIVE_INFINITY, limitMs: 60_000 };
const never = new AbortController().signal;

/** Fails with each code in turn, then works. */
function failing(...codes: FailureCode[]) {
  const left = [...codes];
  return async () => {
    const code = left.shift();
    if (code !== undefined) throw new Failure(code, 'draining');
    return 'drained';
  };
}

/** Time passes only in the pauses between two attempts. */
function inPauses() {
  const stepped = steppedClock();
  const sleep = async (ms: number) => (ms === endeavour.limitMs ? undefined : stepped.sleep(ms));
  return { ...stepped, sleep };
}

describe('persistence', () => {
  it('gives the result of the first attempt that works, and says nothing when that is the first', async () => {
    const { logger, lines } = keepingLogger();
    expect(await persist({ clock, rng, logger }, endeavour, never, failing())).toEqual({
      result: 'drained',
      attempts: 1,
    });
    expect(lines).toEqual([]);
  });

  it('says a lasting failure once, and again when its reason changes', async () => {
    const { logger, lines } = keepingLogger();
    const attempt = failing('throttled', 'throttled', 'throttled', 'access-denied', 'access-denied');
    expect(await persist({ clock, rng, logger }, endeavour, never, attempt)).toMatchObject({ attempts: 6 });
    expect(lines.map(({ fields }) => fields.err)).toMatchObject([{ code: 'throttled' }, { code: 'access-denied' }]);
  });

  it('says once more, as an error, what has failed for ten seconds', async () => {
    const { logger, lines } = keepingLogger();
    const pausing = { clock: inPauses(), rng: { next: () => 0.9 }, logger };
    const attempt = failing(...Array.from({ length: 30 }, (): FailureCode => 'access-denied'));
    expect(await persist(pausing, endeavour, never, attempt)).toMatchObject({ attempts: 31 });
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'error']);
    expect(lines[1]).toMatchObject({ fields: { doing: 'draining', err: { code: 'access-denied' } } });
  });

  it('does not say so of what failed for less than that', async () => {
    const { logger, lines } = keepingLogger();
    const pausing = { clock: inPauses(), rng: { next: () => 0.9 }, logger };
    await persist(pausing, endeavour, never, failing('throttled', 'throttled', 'throttled', 'throttled'));
    expect(lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('makes one attempt even when the time is over already, and no second', async () => {
    const { logger } = keepingLogger();
    const over = { ...endeavour, untilAt: 0 };
    expect(await persist({ clock, rng, logger }, over, never, failing())).toMatchObject({ result: 'drained' });
    expect(await persist({ clock, rng, logger }, over, never, failing('throttled'))).toBe(null);
  });

  it('does not wait for a retry that would come too late', async () => {
    const { logger } = keepingLogger();
    const pauses: number[] = [];
    const stopped = {
      now: () => 0,
      monotonicMs: () => 0,
      sleep: async (ms: number) => {
        pauses.push(ms);
      },
    };
    const soonOver = { ...endeavour, untilAt: 50 };
    const longest = { clock: stopped, rng: { next: () => 0.9 }, logger };
    expect(await persist(longest, soonOver, never, failing('throttled'))).toBe(null);
    // Nothing but the bound on the one attempt.
    expect(pauses).toEqual([endeavour.limitMs]);
  });

  it('cuts off an attempt that hangs and makes another', async () => {
    const { logger } = keepingLogger();
    let attempts = 0;
    const hangsOnce = (signal: AbortSignal) => {
      attempts += 1;
      if (attempts > 1) return Promise.resolve('drained');
      return new Promise<string>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Failure('timed-out', 'draining'))),
      );
    };
    const limited = { ...endeavour, limitMs: 5 };
    expect(await persist({ clock, rng, logger }, limited, never, hangsOnce)).toMatchObject({ attempts: 2 });
  });

  it('ends without a word when the signal aborts', async () => {
    const { logger, lines } = keepingLogger();
    const controller = new AbortController();
    const abortsItself = async () => {
      controller.abort();
      throw new Failure('timed-out', 'draining');
    };
    expect(await persist({ clock, rng, logger }, endeavour, controller.signal, abortsItself)).toBe(null);
    expect(lines).toEqual([]);
  });

  it('lets a bug fly', async () => {
    const { logger } = keepingLogger();
    const buggy = async () => {
      throw new TypeError('undefined is not a function');
    };
    await expect(persist({ clock, rng, logger }, endeavour, never, buggy)).rejects.toThrow(TypeError);
    await expect(persist({ clock, rng, logger }, endeavour, never, failing('invariant-broken'))).rejects.toThrow();
  });

  it('asks more rarely where ECS throttles what can wait, and never later than half of what is left', async () => {
    const { logger } = keepingLogger();
    const turned = turnedClock();
    const patient = { ...endeavour, untilAt: turned.now() + 40_000, whenThrottled: { baseMs: 30_000, capMs: 30_000 } };
    const askedAtMs: number[] = [];
    const throttledTwice = failing('throttled', 'throttled');
    const asking = persist({ clock: turned, rng: { next: () => 0.8 }, logger }, patient, never, async () => {
      askedAtMs.push(turned.monotonicMs());
      await throttledTwice();
    });
    await turned.turn(40_000);
    expect((await asking)?.attempts).toBe(3);
    expect(askedAtMs).toEqual([0, 20_000, 30_000]);
  });
});
