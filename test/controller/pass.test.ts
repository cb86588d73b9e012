// Passes over a cluster on paper, with a full check that answers when the test says so.
import { describe, expect, it } from 'vitest';
import { Leadership } from '../../src/controller/leadership.ts';
import { Passes } from '../../src/controller/pass.ts';
import type { PoolCheck } from '../../src/plan/capacity/pool-check.ts';
import type { Policy } from '../../src/plan/policy.ts';
import type { PlanReport } from '../../src/plan/report.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { FullCheck } from '../../src/ports/full-check.ts';
import { aHeadroom, aPolicy, aSnapshot, type Host, NOW } from '../support/builders.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { paperSources } from '../support/paper-sources.ts';
import { steppedClock } from '../support/stepped-clock.ts';

/**
 * One instance a pool, in more pools than a pass looks at itself. The lightest is the only one whose loss hurts: its one
 * task needs a port that is taken everywhere else.
 */
const LIGHTEST = 'm5.large/us-east-1a';
const HOSTS: readonly Host[] = [
  { id: 'i-0', zone: 'us-east-1a', tasks: { edge: 1 } },
  ...['b', 'c', 'd', 'e', 'f'].map((letter, index) => ({
    id: `i-${index + 1}`,
    zone: `us-east-1${letter}`,
    tasks: { web: 2 },
    containerInstance: { takenPorts: ['tcp:80' as const] },
  })),
];
const STILL = new AbortController().signal;
const TROUBLE = 'could not be checked';

/** A check whose pieces stay under way until the test answers them, or until it is closed. */
class HeldCheck implements FullCheck<PoolCheck, string[]> {
  readonly asked: PoolCheck[] = [];
  isOver = false;
  #pending: { answer: (pools: string[]) => void; fail: (error: Failure) => void } | null = null;

  run(work: PoolCheck): Promise<string[]> {
    this.asked.push(work);
    return new Promise((answer, fail) => {
      this.#pending = { answer, fail };
    });
  }

  answer(pools: string[]): Promise<void> {
    this.#pending?.answer(pools);
    return settled();
  }

  fail(): Promise<void> {
    this.#pending?.fail(new Failure('unavailable', 'checking'));
    return settled();
  }

  /** What is under way ends a little later, as with a thread. */
  async close(): Promise<void> {
    void settled().then(() => {
      this.isOver = true;
      this.#pending?.fail(new Failure('unavailable', 'closed'));
    });
  }
}

/** Whoever waited for an answer has had it once the event loop has gone round. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

function stage(special: Partial<Policy> = {}) {
  const clock = steppedClock(NOW);
  const snapshot = aSnapshot({
    hosts: HOSTS,
    services: [{ name: 'web' }, { name: 'edge', shape: { hostPorts: ['tcp:80'] } }],
  });
  const units = snapshot.fleet?.targetUnits ?? 0;
  const { logger, said } = keepingLogger();
  const sources = paperSources(snapshot, clock);
  const leadership = new Leadership({
    store: { read: async () => null, write: async () => false },
    clock,
    logger,
    holder: 'test',
    newVersion: () => '1',
    leaseDurationMs: 3,
    renewDeadlineMs: 2,
    retryPeriodMs: 1,
    onElected: () => {},
    onStep: () => {},
  });
  const check = new HeldCheck();
  // Whatever is missing after a loss, the fleet may not change its size: here a pass only looks.
  const policy = aPolicy({
    headroom: aHeadroom({ survive: 'pool', largestTasks: 0 }),
    fleet: { name: 'general', minUnits: units, maxUnits: units },
    ...special,
  });
  const passes = new Passes(sources, { ...sources, leadership, logger }, () => policy, check);
  const pass = async (): Promise<PlanReport> => {
    clock.advance(15_000);
    const result = await passes.run(STILL);
    if (result === null) throw new Error('the pass was aborted');
    expect(result).toMatchObject({ failure: null, report: { gaps: [] } });
    return result.report;
  };
  return { check, passes, pass, said, clock };
}

/** The report names the loss that is worst among those the pass looked at. */
const lostIn = ({ scenarios }: PlanReport) => scenarios.map(({ lost }) => lost);

describe('the check of every pool', () => {
  it('is given all pools, and tells the next pass which of the light ones to look at', async () => {
    const { check, pass } = stage();
    expect(lostIn(await pass())).not.toContain(LIGHTEST);
    expect(check.asked[0]?.pools).toHaveLength(HOSTS.length);
    await check.answer([LIGHTEST]);
    expect(lostIn(await pass())).toContain(LIGHTEST);
  });

  it('is one at a time, while passes go on', async () => {
    const { check, pass } = stage();
    await pass();
    await pass();
    expect(check.asked).toHaveLength(1);
    await check.answer([LIGHTEST]);
    await pass();
    expect(check.asked).toHaveLength(2);
  });

  it('is not asked the same again once it has answered, until this process leads anew', async () => {
    const { check, passes, pass } = stage();
    await pass();
    await check.answer([]);
    await pass();
    expect(check.asked).toHaveLength(1);
    passes.elected();
    await pass();
    expect(check.asked).toHaveLength(2);
  });

  it('answers nobody once this process has led anew', async () => {
    const { check, passes, pass } = stage();
    await pass();
    passes.elected();
    await pass();
    await check.answer([LIGHTEST]);
    expect(lostIn(await pass())).not.toContain(LIGHTEST);
    await check.answer([LIGHTEST]);
    expect(lostIn(await pass())).toContain(LIGHTEST);
  });

  it('is not asked for by a pass in whose midst this process came to lead anew', async () => {
    const { check, passes, pass } = stage();
    const last = passes.run(STILL);
    passes.elected();
    expect(await last).toBeNull();
    expect(check.asked).toEqual([]);
    await pass();
    expect(check.asked).toHaveLength(1);
  });

  it('that fails is warned of once, and tried again at the next pass', async () => {
    const { check, pass, said } = stage();
    for (let tries = 1; tries <= 3; tries += 1) {
      await pass();
      expect(check.asked).toHaveLength(tries);
      await check.fail();
    }
    expect(said(TROUBLE).map(({ level }) => level)).toEqual(['warn']);
  });

  it('that works again is said, and a trouble after that is warned of anew', async () => {
    const { check, pass, said } = stage();
    await pass();
    await check.fail();
    await pass();
    await check.answer([LIGHTEST]);
    expect(said('is checked again')).toHaveLength(1);
    expect(lostIn(await pass())).toContain(LIGHTEST);
    await check.fail();
    expect(said(TROUBLE)).toHaveLength(2);
  });
});

describe('the age of an instance', () => {
  it('is not what our clock was set forward by', async () => {
    const { retirement, fleet } = aPolicy();
    const { pass, clock } = stage({ fleet, retirement: { ...retirement, minimumAgeMs: 7_200_000 } });
    const isYoung = ({ scaleIn }: PlanReport) => scaleIn.unremovable.some(({ reason }) => reason === 'too-young');
    expect(isYoung(await pass())).toBe(true);
    clock.stepWall(7_200_000);
    expect(isYoung(await pass())).toBe(true);
    clock.advance(7_200_000);
    expect(isYoung(await pass())).toBe(false);
  });
});

describe('the end of passes', () => {
  it('ends a check that is under way and waits for its end, which is no trouble', async () => {
    const { check, passes, pass, said } = stage();
    await pass();
    await passes.close();
    expect(check.isOver).toBe(true);
    expect(said(TROUBLE)).toEqual([]);
  });

  it('is reached with a check under way also where the last pass was stopped in the middle', async () => {
    const { passes, pass, said } = stage();
    await pass();
    const stop = new AbortController();
    const last = passes.run(stop.signal);
    stop.abort();
    expect(await last).toBeNull();
    await passes.close();
    expect(said('')).toEqual(said('where we stand'));
  });

  it('comes at once where nothing was ever checked', async () => {
    const { passes } = stage();
    await expect(passes.close()).resolves.toBeUndefined();
  });
});
