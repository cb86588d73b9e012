// A few random worlds, short ones: `npm run soak` plays more, and longer.
import { expect, test } from 'vitest';
import { play } from '../../src/simulator/play/play.ts';
import { randomScenario } from '../../src/simulator/random/random-scenario.ts';

const HOURS = 4;

for (let seed = 1; seed <= 4; seed += 1) {
  test(`in the random world of seed ${seed} every invariant holds: npm run soak -- --seed ${seed} --seeds 1 --hours ${HOURS}`, async () => {
    const { violations, passes } = await play(randomScenario(seed, HOURS));
    expect(violations).toEqual([]);
    expect(passes).toBeGreaterThan(HOURS * 200);
  }, 60_000);
}

test('a seed makes the same world every time, and another seed another one', () => {
  expect(randomScenario(7, 24)).toEqual(randomScenario(7, 24));
  expect(randomScenario(7, 24)).not.toEqual({ ...randomScenario(8, 24), name: 'seed 7', seed: 7 });
});
