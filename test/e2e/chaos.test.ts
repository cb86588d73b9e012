// The whole story again, while a seeded hand kills any of its processes at any moment: leader, standby, agents, each
// restarted a second later as systemd would. Whatever dies when, no task that could have been saved may be lost, and
// nobody may act without the lease. More seeds: SPOTKEEPER_CHAOS_SEEDS=1,2,3 npx vitest run test/e2e/chaos.test.ts
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { writesWithoutLease } from '../../src/sandbox/story/figures/leadership.ts';
import { taskFigures } from '../../src/sandbox/story/figures/tasks.ts';
import { buildStage, type Stage } from '../../src/sandbox/story/stage.ts';
import { playStory } from '../../src/sandbox/story/story.ts';
import { between, pick, seededRng } from '../../src/world/seeded-rng.ts';

const SEEDS = (process.env.SPOTKEEPER_CHAOS_SEEDS ?? '1').split(',').map(Number);
/** Between two kills. Often enough that notices, retirements and elections are hit in the middle. */
const PAUSE_MS = [500, 5_000] as const;

describe('a story in which processes are killed at random', () => {
  it.each(SEEDS)('loses no task and has no two leaders acting, seed %i', { timeout: 240_000 }, async (seed) => {
    const ended = new AbortController();
    const said: string[] = [];
    const stage = await buildStage({
      clock: systemClock,
      seed,
      program: 'dist/spotkeeper.js',
      narrator: {
        tell: (event, sinceStartMs) => said.push(`${(sinceStartMs / 1000).toFixed(1)} ${JSON.stringify(event)}`),
      },
      signal: new AbortController().signal,
    });
    try {
      const killing = killAtRandom(stage, seed, ended.signal);
      const { expectations } = await playStory(stage);
      ended.abort();
      const kills = await killing;
      const evidence = { events: stage.world.history.events, records: stage.sandbox.log.records, marks: stage.marks };
      const verdict = {
        lost: taskFigures(evidence).lost,
        withoutLease: writesWithoutLease(evidence),
        unplayed: expectations.filter(({ name, held }) => name === 'the act is played to its end' && !held),
      };
      const story = [...kills, ...said].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)).join('\n');
      expect(verdict, story).toEqual({ lost: [], withoutLease: [], unplayed: [] });
      expect(kills.length).toBeGreaterThan(3);
    } finally {
      ended.abort();
      await stage.close();
    }
  });
});

/** Kills until the signal aborts; resolves to what it killed and when. */
async function killAtRandom(stage: Stage, seed: number, signal: AbortSignal): Promise<string[]> {
  const rng = seededRng(seed * 7919);
  const kills: string[] = [];
  while (!signal.aborted) {
    await systemClock.sleep(between(rng, PAUSE_MS), signal);
    const alive = stage.processes.list().filter(({ pid }) => pid !== null);
    if (signal.aborted || alive.length === 0) continue;
    const { name } = pick(rng, alive);
    const at = stage.driver.now;
    if (!stage.processes.kill(name, 'SIGKILL')) continue;
    stage.marks.kills.push({ name, at });
    kills.push(`${((at - stage.marks.startedAt) / 1000).toFixed(1)} SIGKILL ${name}`);
  }
  return kills;
}
