import { describe, expect, it } from 'vitest';
import { NO_PAINT } from '../../src/cli/paint.ts';
import { renderStory } from '../../src/cli/render-story.ts';
import type { Expectation } from '../../src/sandbox/story/expectation.ts';
import type { Figures } from '../../src/sandbox/story/figures/figures.ts';

const FIGURES: Figures = {
  durationMs: 52_000,
  notices: [
    {
      instanceId: 'i-1',
      noticedAt: 0,
      deadlineAt: 20_000,
      drainingAfterMs: 640,
      raisedAfterMs: 900,
      replacedAfterMs: null,
      endedAfterMs: 20_000,
      taskEnds: [],
    },
  ],
  shortfalls: [{ act: 2, service: 'web', shortAt: 0, raisedAfterMs: 800 }],
  tasks: {
    started: 3,
    pendingP50Ms: 700,
    pendingMaxMs: 4_900,
    ends: { exited: 5, 'stop-timeout-used-up': 1, 'cut-short': 0, 'killed-without-sigterm': 2 },
    lost: [],
  },
  failOvers: [],
  duplicatedWrites: [],
  writesWithoutLease: [],
  retirements: [],
  processFailures: [],
  calls: [{ service: 'ecs', action: 'ListTasks', calls: 12, errors: 1 }],
  refusedCalls: [],
  sandboxFailures: [],
  curve: [{ at: 0, targetUnits: 4, fulfilledUnits: 4, usableUnits: 4 }],
};

const held: Expectation = { act: 1, name: 'it is steady', held: true, detail: 'it was' };
const broken: Expectation = { act: 4, name: 'it drains', held: false, detail: 'it did not' };

const render = (expectations: readonly Expectation[]) =>
  renderStory({ figures: FIGURES, expectations }, { from: 0, until: 52_000 }, NO_PAINT);

describe('the page at the end of the story', () => {
  it.each([
    /^notice -> DRAINING accepted +0\.64 s$/m,
    /^notice -> replacement joined +never$/m,
    /^shortfall -> target raised \(act 2\) +0\.80 s$/m,
    /^tasks pending, p50 \/ max of 3 +0\.70 s \/ 4\.90 s$/m,
    /^leader killed -> standby leads +none$/m,
    /^tasks ended in their own time +6$/m,
    /^tasks killed without SIGTERM +2$/m,
    /^ecs +ListTasks +12 +1$/m,
  ])('has the figure %s', (line) => {
    expect(render([held])).toMatch(line);
  });

  it('says that all expectations held when they did', () => {
    expect(render([held])).toMatch(/All 1 expectations held\.\n$/);
  });

  it('names the ones that did not', () => {
    expect(render([held, broken])).toMatch(/1 of 2 expectations did not hold:\n {2}act 4: it drains \(it did not\)\n$/);
  });
});
