import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterLook,
  afterRefusal,
  afterStart,
  type DaemonState,
  isDue,
  LEAST_PAUSE_MS,
  MOST_PAUSE_MS,
  NEVER_STARTED,
  PROVEN_MS,
  type Seen,
  VISIBLE_MS,
} from '../../../src/agent/ready/restart.ts';
import { taskArn } from '../../../src/model/ids.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const first = taskArn('arn:aws:ecs:us-east-1:123456789012:task/test/first');
const seen = (is: Seen['is'], ended: readonly (typeof first)[] = []): Seen => ({ is, ended: new Set(ended) });
const looks = fc.array(
  fc.record({
    is: fc.constantFrom<Seen['is']>('absent', 'absent', 'pending', 'running'),
    hasEnded: fc.boolean(),
    afterMs: fc.integer({ min: 1, max: 700_000 }),
    answer: fc.constantFrom('started', 'lost', 'refused'),
    chance,
  }),
  { maxLength: 60 },
);

/** Plays what is seen, asking ECS whenever it is time; gives each instant of asking and each state. */
function play(
  script: readonly { is: Seen['is']; hasEnded: boolean; afterMs: number; answer: string; chance: number }[],
  check: (before: DaemonState, after: DaemonState, look: { is: Seen['is']; hasEnded: boolean }, nowMs: number) => void,
) {
  let state: DaemonState = NEVER_STARTED;
  let nowMs = 0;
  for (const look of script) {
    nowMs += look.afterMs;
    const after = afterLook(state, seen(look.is, look.hasEnded ? [first] : []), nowMs, look.chance);
    check(state, after, look, nowMs);
    state = after;
    if (!isDue(state, nowMs)) continue;
    if (look.answer === 'refused') state = afterRefusal(state, nowMs, look.chance);
    else state = afterStart(state, look.answer === 'lost' ? null : first, nowMs);
  }
}

describe('the restart of a required daemon', () => {
  it('never starts one while one is there', () => {
    fc.assert(
      fc.property(looks, (script) =>
        play(script, (_before, after, { is }, nowMs) => {
          if (is !== 'absent') expect(isDue(after, nowMs)).toBe(false);
        }),
      ),
    );
  });

  it('never starts a second one before the first had half a minute to appear, or is known to have ended', () => {
    fc.assert(
      fc.property(looks, (script) =>
        play(script, (before, after, { hasEnded }, nowMs) => {
          if (before.kind !== 'starting' || nowMs - before.sinceMs >= VISIBLE_MS) return;
          const isKnownToHaveEnded = before.taskArn !== null && hasEnded;
          if (!isKnownToHaveEnded) expect(isDue(after, nowMs)).toBe(false);
        }),
      ),
    );
  });

  it('pauses between one second and five minutes after each failure, and is due after that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), chance, (failures, luck) => {
        const before: DaemonState = { kind: 'waiting', notBeforeMs: 0, failures };
        const after = afterRefusal(before, 1_000, luck);
        if (after.kind !== 'waiting') throw new Error('it waits after a refusal');
        const pauseMs = after.notBeforeMs - 1_000;
        expect(pauseMs).toBeGreaterThanOrEqual(LEAST_PAUSE_MS);
        expect(pauseMs).toBeLessThanOrEqual(MOST_PAUSE_MS);
        expect(isDue(after, 1_000)).toBe(false);
        expect(isDue(after, after.notBeforeMs)).toBe(true);
      }),
    );
  });

  it('is never stuck: whatever happened, an absence that lasts is answered', () => {
    fc.assert(
      fc.property(looks, (script) => {
        let last: DaemonState = NEVER_STARTED;
        let atMs = 0;
        play(script, (_before, after, _look, nowMs) => {
          last = after;
          atMs = nowMs;
        });
        const lost = afterLook(last, seen('absent'), atMs + VISIBLE_MS, 0);
        expect(isDue(afterLook(lost, seen('absent'), 0, 0), atMs + VISIBLE_MS + MOST_PAUSE_MS)).toBe(true);
      }),
    );
  });

  it('begins anew with short pauses after ten minutes of running, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 2 * PROVEN_MS }), (failures, ranMs) => {
        const running = afterLook({ kind: 'waiting', notBeforeMs: 0, failures }, seen('running'), 0, 0);
        const ended = afterLook(running, seen('absent'), ranMs, 0);
        expect(ended.failures).toBe(ranMs >= PROVEN_MS ? 1 : failures + 1);
      }),
    );
  });
});
