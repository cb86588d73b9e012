import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/ports/failure.ts';
import { assertSchedule, startTicker } from '../../src/runtime/ticker.ts';
import { until } from '../support/until.ts';

/** A schedule that does not come round while a test runs. */
const NEVER = '0 0 0 29 2 *';

/** Work that ends when it is told to. */
function gatedWork() {
  const gates: (() => void)[] = [];
  const run = () => new Promise<void>((resolve) => gates.push(resolve));
  return { run, started: () => gates.length, finish: () => gates.at(-1)?.() };
}

describe('a ticker', () => {
  it('runs on its schedule', async () => {
    let runs = 0;
    const ticker = startTicker('* * * * * *', async () => {
      runs += 1;
    });
    await until('two runs', () => runs >= 2);
    await ticker.stop();
  });

  it('runs soon after a poke', async () => {
    const work = gatedWork();
    const ticker = startTicker(NEVER, work.run);
    ticker.poke();
    expect(work.started()).toBe(1);
    work.finish();
    await ticker.stop();
  });

  it('makes one further run of any number of pokes during a run, and never two at once', async () => {
    const work = gatedWork();
    const ticker = startTicker(NEVER, work.run);
    for (let poke = 0; poke < 5; poke += 1) ticker.poke();
    expect(work.started()).toBe(1);
    work.finish();
    await until('the second run', () => work.started() === 2);
    work.finish();
    await ticker.stop();
    expect(work.started()).toBe(2);
  });

  it('lets a tick pass that comes while a run is going on', async () => {
    const work = gatedWork();
    const ticker = startTicker('* * * * * *', work.run);
    await until('the first run', () => work.started() === 1);
    const second = new Date().getSeconds();
    await until(
      'the next tick to be over',
      () => new Date().getSeconds() !== second && new Date().getMilliseconds() > 200,
    );
    expect(work.started()).toBe(1);
    const stopped = ticker.stop();
    work.finish();
    await stopped;
    expect(work.started()).toBe(1);
  });

  it('is stopped only when the present run is over, and does not run again', async () => {
    const work = gatedWork();
    const ticker = startTicker(NEVER, work.run);
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
    const ticker = startTicker(NEVER, async () => {
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

describe('a schedule', () => {
  it.each(['*/15 * * * * *', '*/5 * * * *', '0 9 * * 1-5'])('%s can be read', (schedule) => {
    expect(() => assertSchedule(schedule)).not.toThrow();
  });

  it.each(['', 'every minute', '99 * * * * *', '* * *'])('"%s" is bad configuration', (schedule) => {
    expect(() => startTicker(schedule, async () => {})).toThrow(
      expect.objectContaining({ code: 'bad-configuration', message: expect.stringContaining(`"${schedule}"`) }),
    );
  });
});
