import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/ports/failure.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { assertSchedule, startTicker } from '../../src/runtime/ticker.ts';
import { type TurnedClock, turnedClock } from '../support/turned-clock.ts';
import { until } from '../support/until.ts';

/** A schedule that does not come round while a test runs. */
const NEVER = '0 0 0 29 2 *';

const START = Date.parse('2026-11-21T08:00:00Z');

/** Work that ends when it is told to. */
function gatedWork() {
  const gates: (() => void)[] = [];
  const run = () => new Promise<void>((resolve) => gates.push(resolve));
  return { run, started: () => gates.length, finish: () => gates.at(-1)?.() };
}

const tickerOf = (schedule: string, run: () => Promise<void>, clock: TurnedClock = turnedClock(START)) =>
  startTicker({ schedule: () => schedule, run, clock });

/** A ticker that only notes when it ran, in seconds of the monotonic clock. */
function notedTicker(schedule: string | (() => string), clock: TurnedClock) {
  const ranAt: number[] = [];
  const ticker = startTicker({
    schedule: typeof schedule === 'string' ? () => schedule : schedule,
    run: async () => {
      ranAt.push(clock.monotonicMs() / 1_000);
    },
    clock,
  });
  return { ticker, ranAt };
}

describe('a ticker', () => {
  it('runs on its schedule', async () => {
    const clock = turnedClock(START + 2_500);
    const { ticker, ranAt } = notedTicker('*/15 * * * * *', clock);
    await clock.turn(60_000);
    await ticker.stop();
    expect(ranAt).toEqual([12.5, 27.5, 42.5, 57.5]);
  });

  it('runs on the clock of the machine', async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const ticker = startTicker({ schedule: () => '* * * * * *', run, clock: systemClock });
    await until('two runs', () => runs >= 2);
    await ticker.stop();
  });

  it('waits for a day as for a second', async () => {
    const clock = turnedClock(START);
    const { ticker, ranAt } = notedTicker('30 1 * * * *', clock);
    await clock.turn(2 * 3_600_000);
    await ticker.stop();
    expect(ranAt).toEqual([90, 3_690]);
  });

  it('takes a schedule that has changed for the next wait', async () => {
    const clock = turnedClock(START);
    let schedule = '*/15 * * * * *';
    const { ticker, ranAt } = notedTicker(() => schedule, clock);
    await clock.turn(20_000);
    schedule = '*/5 * * * * *';
    await clock.turn(20_000);
    await ticker.stop();
    expect(ranAt).toEqual([15, 30, 35, 40]);
  });

  it('runs soon after a poke', async () => {
    const work = gatedWork();
    const ticker = tickerOf(NEVER, work.run);
    ticker.poke();
    expect(work.started()).toBe(1);
    work.finish();
    await ticker.stop();
  });

  it('makes one further run of any number of pokes during a run, and never two at once', async () => {
    const work = gatedWork();
    const ticker = tickerOf(NEVER, work.run);
    for (let poke = 0; poke < 5; poke += 1) ticker.poke();
    expect(work.started()).toBe(1);
    work.finish();
    await until('the second run', () => work.started() === 2);
    work.finish();
    await ticker.stop();
    expect(work.started()).toBe(2);
  });

  it('lets a tick pass that comes while a run is going on', async () => {
    const clock = turnedClock(START);
    const work = gatedWork();
    const ticker = tickerOf('* * * * * *', work.run, clock);
    await clock.turn(3_500);
    expect(work.started()).toBe(1);
    work.finish();
    await clock.turn(100);
    expect(work.started()).toBe(1);
    const stopped = ticker.stop();
    await stopped;
    expect(work.started()).toBe(1);
  });

  it('is stopped only when the present run is over, and does not run again', async () => {
    const work = gatedWork();
    const ticker = tickerOf(NEVER, work.run);
    ticker.poke();
    let isStopped = false;
    const stopped = ticker.stop().then(() => {
      isStopped = true;
    });
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    work.finish();
    await stopped;
    ticker.poke();
    expect(work.started()).toBe(1);
    await expect(ticker.ended).resolves.toBeUndefined();
  });

  it('ends with the first error that a run lets out', async () => {
    const bug = new Failure('invariant-broken', 'planning');
    let runs = 0;
    const ticker = tickerOf(NEVER, async () => {
      runs += 1;
      throw bug;
    });
    ticker.poke();
    await expect(ticker.ended).rejects.toBe(bug);
    ticker.poke();
    expect(runs).toBe(1);
    await ticker.stop();
  });
});

describe('a wall clock that is set while a ticker waits', () => {
  it.each([
    ['back by an hour', -3_600_000],
    ['forward by an hour', 3_600_000],
    ['back by a few seconds', -7_000],
    ['back by less than a second', -600],
    ['to 1970', -Date.parse('2026-11-21T08:00:00Z')],
  ])('%s makes no run later than the schedule', async (_, byMs) => {
    const clock = turnedClock(START);
    const { ticker, ranAt } = notedTicker('*/15 * * * * *', clock);
    await clock.turn(52_000);
    clock.stepWall(byMs);
    await clock.turn(68_000);
    await ticker.stop();
    const gaps = [...ranAt, 120].map((at, index) => at - (ranAt[index - 1] ?? 0));
    // A step of less than a second is not told from a clock that is being slewed.
    expect(Math.max(...gaps)).toBeLessThan(16);
  });

  it('past what was due makes up for it at once', async () => {
    const clock = turnedClock(START);
    const { ticker, ranAt } = notedTicker('0 0 9 * * *', clock);
    await clock.turn(1_830_000);
    clock.stepWall(3_600_000);
    await clock.turn(3_600_000);
    await ticker.stop();
    expect(ranAt).toHaveLength(1);
    expect(ranAt[0]).toBeLessThanOrEqual(1_830 + 60);
  });

  it('and left alone makes no run that is not due', async () => {
    const clock = turnedClock(START);
    const { ticker, ranAt } = notedTicker(NEVER, clock);
    await clock.turn(3_600_000);
    await ticker.stop();
    expect(ranAt).toEqual([]);
  });
});

describe('a schedule', () => {
  it.each(['*/15 * * * * *', '*/5 * * * *', '0 9 * * 1-5'])('%s can be read', (schedule) => {
    expect(() => assertSchedule(schedule)).not.toThrow();
  });

  it.each(['', 'every minute', '99 * * * * *', '* * *'])('"%s" is bad configuration', (schedule) => {
    expect(() => tickerOf(schedule, async () => {})).toThrow(
      expect.objectContaining({ code: 'bad-configuration', message: expect.stringContaining(`"${schedule}"`) }),
    );
  });
});
