import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallBudget } from '../../../src/controller/observe/call-budget.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const LIMIT = { burst: 100, perSecond: 20 };
const SHARE = { sustained: 0.1, burst: 0.25 };
const once = async () => ({ tries: 1 });
const thrown = (failure: Failure) => async (): Promise<{ tries: number }> => {
  throw failure;
};

function aBudget() {
  const clock = steppedClock();
  return { clock, budget: new CallBudget({ limit: LIMIT, share: SHARE, clock }) };
}

async function takeAll(budget: CallBudget): Promise<number> {
  let taken = 0;
  while (budget.available() > 0) {
    await budget.call(once);
    taken += 1;
  }
  return taken;
}

describe('a budget of calls', () => {
  it('holds a quarter of the burst and refills a tenth of the rate', async () => {
    const { clock, budget } = aBudget();
    expect(await takeAll(budget)).toBe(25);
    clock.advance(5_000);
    expect(await takeAll(budget)).toBe(10);
    clock.advance(60_000);
    expect(await takeAll(budget)).toBe(25);
  });

  it('is never exceeded by what can wait, in whatever rhythm it comes', async () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(30_000), isPressed: fc.boolean() }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (rhythm) => {
        const { clock, budget } = aBudget();
        let taken = 0;
        let elapsedMs = 0;
        for (const { waitMs, isPressed } of rhythm) {
          clock.advance(waitMs);
          elapsedMs += waitMs;
          if (isPressed) await budget.call(async () => ({ tries: 2 }));
          taken += (await takeAll(budget)) + (isPressed ? 2 : 0);
          const urgent = 2 * rhythm.length;
          expect(taken).toBeLessThanOrEqual(25 + (elapsedMs / 1000) * 2 + urgent);
        }
      }),
    );
  });

  it('lets what is urgent through when it is spent, and is paid back before anything else is available', async () => {
    const { clock, budget } = aBudget();
    await takeAll(budget);
    for (let call = 0; call < 10; call += 1) await budget.call(once);
    clock.advance(5_000);
    expect(budget.available()).toBe(0);
    clock.advance(1_000);
    expect(budget.available()).toBe(2);
  });

  it('owes no more than one burst, however long a crisis lasts', async () => {
    const { clock, budget } = aBudget();
    for (let call = 0; call < 500; call += 1) await budget.call(once);
    clock.advance(13_000);
    expect(budget.available()).toBe(1);
  });

  it('halves when a call is throttled, and comes back within five minutes', async () => {
    const { clock, budget } = aBudget();
    await expect(budget.call(thrown(new Failure('throttled', 'listing')))).rejects.toThrow('listing');
    expect(budget.isPressed()).toBe(true);
    await takeAll(budget);
    clock.advance(5_000);
    expect(budget.available()).toBe(5);
    clock.advance(150_000);
    expect(budget.isPressed()).toBe(false);
    clock.advance(10_000);
    expect(budget.available()).toBe(25);
  });

  it('counts every try, and takes an answer that needed several for a sign of trouble', async () => {
    const { budget } = aBudget();
    await budget.call(async () => ({ tries: 3 }));
    expect(budget.isPressed()).toBe(true);
    expect(budget.available()).toBe(12);
  });

  it('takes several failures at once for one trouble', async () => {
    const { clock, budget } = aBudget();
    const fail = () => budget.call(thrown(new Failure('throttled', 'listing'))).catch(() => {});
    await fail();
    await fail();
    await takeAll(budget);
    clock.advance(5_000);
    expect(budget.available()).toBe(5);
  });

  it('is not pressed by a refusal, which says nothing of how busy AWS is', async () => {
    const { budget } = aBudget();
    await expect(budget.call(thrown(new Failure('refused', 'listing')))).rejects.toThrow('listing');
    expect(budget.isPressed()).toBe(false);
    expect(budget.available()).toBe(24);
  });
});
