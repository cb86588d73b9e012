import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrivals,
  arrivalsQuantile,
  countArrivals,
  LEVELS,
  NO_ARRIVALS,
} from '../../../src/plan/learn/arrivals.ts';

const WEB = '256cpu/512MiB';
const BATCH = '4096cpu/8192MiB';
const LOOK_MS = 15_000;
const WINDOW_MS = 240_000;
const LOOKS = WINDOW_MS / LOOK_MS;
const HOUR_MS = 3_600_000;

/** Looks at a cluster by the book: every 15 seconds, and a window ends with every sixteenth. */
class Watch {
  arrivals: Arrivals = NO_ARRIVALS;
  now = 0;
  wanted: Record<string, number> = {};

  constructor(wanted: Record<string, number> = { [WEB]: 10 }) {
    this.look(wanted);
  }

  look(wanted: Record<string, number>, afterMs = LOOK_MS): void {
    this.now += afterMs;
    this.wanted = wanted;
    this.arrivals = countArrivals(this.arrivals, wanted, { now: this.now, windowMs: WINDOW_MS });
  }

  /** A whole window in which so many tasks of a shape arrive; as many leave again before its end. */
  window(count: number, shape = WEB): void {
    const before = this.wanted;
    this.look({ ...before, [shape]: (before[shape] ?? 0) + count });
    for (let index = 1; index < LOOKS; index += 1) this.look(before);
  }

  windows(counts: readonly number[], shape = WEB): void {
    for (const count of counts) this.window(count, shape);
  }

  quantile(q: number, shape = WEB): number {
    return arrivalsQuantile(this.arrivals, q, { now: this.now })[shape] ?? 0;
  }
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('arrivals', () => {
  it('are none while as many tasks are wanted as before', () => {
    const watch = new Watch();
    watch.windows(times(50, 0));
    expect(watch.quantile(0.999)).toBe(0);
  });

  it('are what is wanted more, and what is wanted less takes none away', () => {
    const watch = new Watch({ [WEB]: 10 });
    watch.look({ [WEB]: 13 });
    watch.look({ [WEB]: 9 });
    watch.look({ [WEB]: 10 });
    expect(watch.arrivals.shapes[WEB]?.counted).toBe(4);
  });

  it('are all tasks of a shape that was not there at the look before', () => {
    const watch = new Watch({ [WEB]: 10 });
    watch.look({ [WEB]: 10, [BATCH]: 3 });
    expect(watch.arrivals.shapes[BATCH]?.counted).toBe(3);
  });

  it('are nothing at the first look: what runs then has not just come', () => {
    const watch = new Watch({ [WEB]: 5_000 });
    watch.windows(times(30, 0));
    expect(watch.quantile(0.999)).toBe(0);
  });

  it.each([
    ['after a break of more than a window', WINDOW_MS + 1],
    ['after a day', 24 * HOUR_MS],
    ['after the clock was put back', -LOOK_MS],
  ])('are nothing %s', (_name, afterMs) => {
    const watch = new Watch({ [WEB]: 10 });
    watch.look({ [WEB]: 11 });
    watch.look({ [WEB]: 500 }, afterMs);
    expect(watch.arrivals.shapes[WEB]).toMatchObject({ counted: 0, windows: 0 });
    expect(watch.arrivals.windowSince).toBe(watch.now);
  });

  it('are known for no shape of which fewer than twenty windows were seen', () => {
    const watch = new Watch();
    watch.windows(times(19, 4));
    expect(watch.quantile(0.95)).toBe(0);
    watch.window(4);
    expect(watch.quantile(0.95)).toBeGreaterThan(0);
  });

  it('of a burst now and then ask for nothing at 95 %', () => {
    const watch = new Watch();
    for (let day = 0; day < 5; day += 1) watch.windows([100, ...times(39, 0)]);
    expect([watch.quantile(0.95), watch.quantile(0.99) > 0]).toEqual([0, true]);
  });

  it('are counted for each shape alone', () => {
    const watch = new Watch({ [WEB]: 10, [BATCH]: 1 });
    watch.windows(times(40, 3), BATCH);
    expect([watch.quantile(0.95, WEB), watch.quantile(0.95, BATCH)]).toEqual([0, 3]);
  });

  it('of a quantile between two that are kept are those of the higher', () => {
    const watch = new Watch();
    watch.windows(Array.from({ length: 200 }, (_, index) => index % 12));
    expect(watch.quantile(0.94)).toBe(watch.quantile(0.95));
    expect(watch.quantile(0.96)).toBe(watch.quantile(0.98));
    expect(watch.quantile(1)).toBe(watch.quantile(0.999));
  });
});

describe('Poisson arrivals', () => {
  // The closed form: 95 % of windows hold at most 6 at a mean of 3, and at most 73 at a mean of 60.
  it.each([
    [3, 0.95, 6],
    [3, 0.99, 8],
    [60, 0.95, 73],
    [60, 0.99, 79],
  ])('of mean %d are covered at %d by about %d', (mean, q, expected) => {
    const watch = new Watch();
    watch.windows(spread(600, mean));
    expect(watch.quantile(q)).toBeGreaterThanOrEqual(expected);
    expect(watch.quantile(q)).toBeLessThanOrEqual(Math.ceil(expected * 1.09));
  });
});

describe('what is ordered for arrivals', () => {
  it('at most doubles from window to window, so one burst cannot double the cluster', () => {
    const watch = new Watch();
    watch.windows(times(20, 0));
    const seen: number[] = [];
    for (let index = 0; index < 30; index += 1) {
      watch.window(64);
      seen.push(watch.quantile(0.95));
    }
    const rising = seen.slice(
      seen.findIndex((count) => count > 0),
      seen.indexOf(64) + 1,
    );
    expect(rising).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(seen.at(-1)).toBe(64);
  });

  it('falls by half in an hour when what was seen falls', () => {
    const watch = new Watch();
    watch.windows(times(30, 64));
    expect(watch.quantile(0.5)).toBe(64);
    // From now on most windows held none, so half of them ask for none: what was ordered follows in its own time.
    watch.windows(times(32, 0));
    const atFirst = watch.quantile(0.5);
    watch.windows(times(HOUR_MS / WINDOW_MS, 0));
    expect(watch.quantile(0.5)).toBeGreaterThanOrEqual(Math.floor(atFirst / 2));
    expect(watch.quantile(0.5)).toBeLessThanOrEqual(Math.ceil(atFirst / 2));
    watch.windows(times((10 * HOUR_MS) / WINDOW_MS, 0));
    expect(watch.quantile(0.5)).toBe(0);
  });

  it('falls while nobody looks, too', () => {
    const watch = new Watch();
    watch.windows(times(30, 64));
    watch.windows(times(32, 0));
    const atFirst = watch.quantile(0.5);
    watch.now += HOUR_MS;
    expect(Math.abs(watch.quantile(0.5) - atFirst / 2)).toBeLessThanOrEqual(1);
  });

  it('is not forgotten over a quiet night', () => {
    const watch = new Watch();
    watch.windows(times(200, 5));
    const byDay = watch.quantile(0.95);
    watch.windows(times((12 * HOUR_MS) / WINDOW_MS, 0));
    expect(watch.quantile(0.95)).toBe(byDay);
  });

  it('is no more than the largest window ever held, and rises with the quantile', () => {
    const anyCounts = fc.array(fc.oneof(fc.constant(0), fc.nat(16)), { minLength: 18, maxLength: 60 });
    const property = fc.property(anyCounts, (counts) => {
      const watch = new Watch();
      let before = LEVELS.map(() => 0);
      for (const count of counts) {
        watch.window(count);
        const asked = LEVELS.map((q) => watch.quantile(q));
        asked.forEach((value, index) => {
          expect(value).toBeLessThanOrEqual(Math.max(...counts));
          expect(value).toBeGreaterThanOrEqual(asked[index - 1] ?? 0);
          // Rounded to whole tasks, what doubles may be one more than double.
          expect(value).toBeLessThanOrEqual(Math.max(1, 2 * (before[index] ?? 0) + 1));
        });
        before = asked;
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

describe('the record of arrivals', () => {
  const manyShapes = (count: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index + 1}cpu/1MiB`, index + 1]));

  it('keeps at most 300 shapes, those with the most arrivals', () => {
    const watch = new Watch({});
    watch.look(manyShapes(400));
    for (let index = 1; index <= LOOKS; index += 1) watch.look(manyShapes(400));
    expect(Object.keys(watch.arrivals.shapes)).toHaveLength(300);
    watch.look({ ...manyShapes(400), [BATCH]: 5 });
    expect(watch.arrivals.shapes[BATCH]?.counted).toBe(5);
    expect(Object.keys(watch.arrivals.shapes)).toHaveLength(300);
  });

  it('does not take for an arrival what it had no place to count', () => {
    const watch = new Watch(manyShapes(400));
    for (let index = 0; index < 3 * LOOKS; index += 1) watch.look(manyShapes(400));
    const counts = Object.values(watch.arrivals.shapes).map(({ counted, history }) => [counted, history.length]);
    expect(counts.filter(([counted, length]) => counted !== 0 || length !== 1)).toEqual([]);
  });

  it('forgets a shape that nobody wants any more and that came only once', () => {
    const watch = new Watch({ [WEB]: 1 });
    watch.window(3, BATCH);
    expect(watch.arrivals.shapes).toHaveProperty([BATCH]);
    const month = 30 * 24 * HOUR_MS;
    watch.look({ [WEB]: 1 }, month);
    for (let index = 0; index < LOOKS; index += 1) watch.look({ [WEB]: 1 });
    expect(Object.keys(watch.arrivals.shapes)).toEqual([WEB]);
  });

  it('is plain data: what is read back goes on as if it had never been written', () => {
    const watch = new Watch();
    watch.windows([3, 40, 0, 7]);
    const [now, windowMs] = [watch.now + LOOK_MS, WINDOW_MS];
    const readBack: Arrivals = JSON.parse(JSON.stringify(watch.arrivals));
    const next = countArrivals(readBack, { [WEB]: 12 }, { now, windowMs });
    expect(next).toEqual(countArrivals(watch.arrivals, { [WEB]: 12 }, { now, windowMs }));
  });

  it('of 60 shapes after a week of arrivals is small enough to be kept with every pass', () => {
    const shapes = Array.from({ length: 60 }, (_, index) => `${index + 1}cpu/1MiB`);
    const calm = Object.fromEntries(shapes.map((key) => [key, 10]));
    const watch = new Watch(calm);
    const counts = spread(1_000, 30);
    for (const count of counts) {
      watch.look(Object.fromEntries(shapes.map((key) => [key, 10 + count])), WINDOW_MS / 2);
      watch.look(calm, WINDOW_MS / 2);
    }
    expect(JSON.stringify(watch.arrivals).length).toBeLessThan(60 * 1_000);
  });
});

/** So many counts that are distributed as Poisson says, in an order that mixes them: no chance is needed for that. */
function spread(count: number, mean: number): number[] {
  const sorted = Array.from({ length: count }, (_, index) => poissonQuantile((index + 0.5) / count, mean));
  // 233 shares no factor with the counts used here, so every one of them comes exactly once.
  return sorted.map((_, index) => sorted[(index * 233) % count] ?? 0);
}

function poissonQuantile(share: number, mean: number): number {
  let [value, chance] = [0, Math.exp(-mean)];
  for (let reached = chance; reached < share; reached += chance) {
    value += 1;
    chance *= mean / value;
  }
  return value;
}
