import { afterEach, describe, expect, it } from 'vitest';
import { FastLane } from '../../src/controller/fast-lane.ts';
import { Failure } from '../../src/ports/failure.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { turnedClock } from '../support/turned-clock.ts';

const PERIOD_MS = 5_000;

let life: AbortController;
afterEach(() => life.abort());

/** A lane over a cluster that is what the test says; looks and passes in seconds of the monotonic clock. */
function aLane() {
  const clock = turnedClock();
  const { logger, lines } = keepingLogger();
  const at = {
    isLeading: true,
    isUnusual: false,
    isAffordable: true,
    isOwable: true,
    isPressed: false,
    isNew: false,
    failure: null as Failure | null,
  };
  const looks: number[] = [];
  const passes: number[] = [];
  const seconds = () => clock.monotonicMs() / 1_000;
  let passBeganAtMs = 0;
  const lane = new FastLane({
    notices: {
      async look() {
        looks.push(seconds());
        if (at.failure !== null) throw at.failure;
        const { isNew } = at;
        at.isNew = false;
        return isNew;
      },
      get canOwePass() {
        return at.isOwable;
      },
      get canAffordPass() {
        return at.isAffordable;
      },
      get isPressed() {
        return at.isPressed;
      },
    },
    isLeading: () => at.isLeading,
    isUnusual: () => at.isUnusual,
    passBeganAtMs: () => passBeganAtMs,
    startPass: () => {
      passes.push(seconds());
      passBeganAtMs = clock.monotonicMs();
    },
    periodMs: () => PERIOD_MS,
    clock,
    logger,
  });
  life = new AbortController();
  const over = lane.run(life.signal);
  return { lane, clock, at, looks, passes, lines, over };
}

describe('between two passes', () => {
  it('the leader looks every few seconds, and a quiet cluster gets no pass for it', async () => {
    const { clock, looks, passes } = aLane();
    await clock.turn(15_000);
    expect(looks).toEqual([0, 5, 10, 15]);
    expect(passes).toEqual([]);
  });

  it('what is new brings a pass at once', async () => {
    const { clock, at, passes } = aLane();
    await clock.turn(6_000);
    at.isNew = true;
    await clock.turn(5_000);
    expect(passes).toEqual([10]);
  });

  it('a standby looks at nothing', async () => {
    const { lane, clock, at, looks } = aLane();
    await clock.turn(1_000);
    at.isLeading = false;
    lane.poke();
    await clock.turn(20_000);
    expect(looks).toEqual([0]);
  });

  it('a look that fails is told when that begins and when it ends, and the next is made all the same', async () => {
    const { clock, at, looks, lines } = aLane();
    at.failure = new Failure('throttled', 'listing');
    await clock.turn(12_000);
    at.failure = null;
    await clock.turn(10_000);
    expect(looks).toEqual([0, 5, 10, 15, 20]);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('a bug in a look is let out', async () => {
    const { clock, at, over } = aLane();
    const out = expect(over).rejects.toThrow('no such thing');
    at.failure = new TypeError('no such thing') as unknown as Failure; // as a bug would be
    await clock.turn(5_000);
    await out;
  });
});

describe('while something is under way', () => {
  it('passes come as often as looks', async () => {
    const { clock, at, passes } = aLane();
    at.isUnusual = true;
    await clock.turn(20_000);
    expect(passes).toEqual([5, 10, 15, 20]);
  });

  it('they wait until our share of calls is enough for one', async () => {
    const { clock, at, passes } = aLane();
    at.isUnusual = true;
    at.isAffordable = false;
    await clock.turn(12_000);
    at.isAffordable = true;
    await clock.turn(5_000);
    expect(passes).toEqual([15]);
  });

  it('a pass for what is new comes at once where it can be owed', async () => {
    const { lane, clock, at, passes } = aLane();
    at.isUnusual = true;
    at.isAffordable = false;
    await clock.turn(7_500);
    at.isNew = true;
    lane.poke();
    await clock.turn(100);
    expect(passes).toEqual([7.5]);
  });

  it('a pass for what is new comes also where the share is spent, but not one a second', async () => {
    const { lane, clock, at, passes } = aLane();
    at.isAffordable = false;
    at.isOwable = false;
    for (let second = 0; second < 20; second += 1) {
      at.isNew = true;
      lane.poke();
      await clock.turn(1_000);
    }
    expect(passes).toEqual([5, 10, 15]);
  });
});

describe('a poke', () => {
  it('makes the next look come at once', async () => {
    const { lane, clock, at, looks, passes } = aLane();
    await clock.turn(2_500);
    at.isNew = true;
    lane.poke();
    await clock.turn(100);
    expect([looks, passes]).toEqual([[0, 2.5], [2.5]]);
  });

  it('need not wait because the leader has just looked by himself', async () => {
    const { lane, clock, looks } = aLane();
    await clock.turn(5_100);
    lane.poke();
    await clock.turn(100);
    expect(looks).toEqual([0, 5, 5.1]);
  });

  it('that finds nothing brings no pass', async () => {
    const { lane, clock, passes } = aLane();
    await clock.turn(2_500);
    lane.poke();
    await clock.turn(1_000);
    expect(passes).toEqual([]);
  });

  it('is one of a thousand as good as alone: a look a second at most', async () => {
    const { lane, clock, looks } = aLane();
    for (let pokes = 0; pokes < 1_000; pokes += 1) {
      lane.poke();
      await clock.turn(10);
    }
    // The first is the leader's own.
    const poked = looks.slice(1);
    expect(poked.length).toBeLessThanOrEqual(11);
    expect(poked.every((look, index) => index === 0 || look - (poked[index - 1] ?? 0) >= 1)).toBe(true);
  });

  it('waits for its turn while AWS is busy', async () => {
    const { lane, clock, at, looks } = aLane();
    at.isPressed = true;
    for (let pokes = 0; pokes < 10; pokes += 1) {
      lane.poke();
      await clock.turn(1_000);
    }
    expect(looks).toEqual([0, 5, 10]);
  });
});
