// Who moves the target: never we ourselves, whatever becomes of what we ask, and always somebody else who does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTargetFought } from '../../../src/plan/conflicts/target-moved.ts';
import { asking, NO_WATCH, type TargetWatch, watchTarget } from '../../../src/plan/conflicts/target-watch.ts';
import { aFleet, NOW } from '../../support/builders.ts';

const at = (seconds: number) => NOW + seconds * 1_000;
const active = (targetUnits: number) => aFleet([], { targetUnits });
const modifying = (targetUnits: number) => aFleet([], { targetUnits, state: 'modifying' });

type Event = readonly [seconds: number, what: { ask: number } | { sees: ReturnType<typeof active> | null }];

function watched(...events: Event[]): TargetWatch {
  return events.reduce(
    (watch, [seconds, what]) =>
      'ask' in what ? asking(watch, what.ask, at(seconds)) : watchTarget(watch, what.sees, at(seconds)),
    NO_WATCH,
  );
}

const STANDS: readonly Event[] = [
  [-40, { sees: active(3) }],
  [0, { sees: active(3) }],
];
const asksFive: readonly Event[] = [...STANDS, [0, { ask: 5 }], [5, { sees: modifying(3) }], [15, { sees: active(5) }]];

describe('the target of the fleet', () => {
  it('that comes to what was asked for was moved by nobody else', () => {
    expect(watched(...asksFive).moves).toEqual([]);
  });

  it('that leaves what was asked for was moved, and told with what was asked and since when it stood', () => {
    expect(watched(...asksFive, [60, { sees: active(9) }]).moves).toEqual([
      { at: at(60), fromUnits: 5, fromSince: at(15), isFromOurs: true, toUnits: 9 },
    ]);
  });

  it('that goes back to what stood before is an old answer for half a minute, and then a move', () => {
    expect(watched(...asksFive, [20, { sees: active(3) }], [44, { sees: active(3) }]).moves).toEqual([]);
    expect(watched(...asksFive, [20, { sees: active(3) }], [46, { sees: active(3) }]).moves).toHaveLength(1);
  });

  it('that was never asked for counts as moved when it had stood for half a minute', () => {
    const found = (seconds: number): Event => [seconds, { sees: active(3) }];
    expect(watched(found(0), found(15), [29, { sees: active(9) }]).moves).toEqual([]);
    expect(watched(found(0), found(15), found(30), [45, { sees: active(9) }]).moves).toEqual([
      { at: at(45), fromUnits: 3, fromSince: at(0), isFromOurs: false, toUnits: 9 },
    ]);
  });

  it('that a new leader finds being modified is whatever it becomes', () => {
    const events: Event[] = [
      [0, { sees: active(3) }],
      [5, { sees: modifying(3) }],
      [90, { sees: modifying(3) }],
      [120, { sees: active(8) }],
    ];
    expect(watched(...events).moves).toEqual([]);
  });

  it('is not judged while it is modified, and not while nobody sees it', () => {
    expect(watched(...asksFive, [60, { sees: modifying(9) }], [75, { sees: null }]).moves).toEqual([]);
  });

  it('that was asked for in vain and moved by somebody else is told against the ask', () => {
    const { moves } = watched(...asksFive, [100, { ask: 4 }], [115, { sees: active(9) }]);
    expect(moves).toMatchObject([{ fromUnits: 4, fromSince: at(100), toUnits: 9 }]);
  });

  it('is watched from anew when the fleet has ended', () => {
    expect(watched(...asksFive, [60, { sees: aFleet([], { state: 'cancelled_running' }) }])).toEqual(NO_WATCH);
  });

  it('is no longer told to have been moved after an hour', () => {
    const moved: Event[] = [...asksFive, [60, { sees: active(9) }]];
    expect(watched(...moved, [3_600, { sees: active(9) }]).moves).toHaveLength(1);
    expect(watched(...moved, [3_661, { sees: active(9) }]).moves).toEqual([]);
  });
});

describe('a target that is set back each time', () => {
  const round = (from: number): Event[] => [
    [from, { ask: 5 }],
    [from + 40, { sees: active(5) }],
    [from + 100, { sees: active(3) }],
  ];
  const foughtAt = (seconds: number, ...events: Event[]) => isTargetFought(watched(...events), at(seconds));

  it('is fought for when that was the third time within half an hour', () => {
    expect(foughtAt(500, ...STANDS, ...round(0), ...round(200))).toBe(false);
    expect(foughtAt(700, ...STANDS, ...round(0), ...round(200), ...round(400))).toBe(true);
  });

  it('is no longer when the first is half an hour ago', () => {
    const thrice: Event[] = [...STANDS, ...round(0), ...round(200), ...round(400)];
    expect(foughtAt(1_899, ...thrice)).toBe(true);
    expect(foughtAt(1_901, ...thrice)).toBe(false);
  });

  it('is not fought for when somebody changes his mind three times and nobody answers', () => {
    const moves = [9, 10, 11, 12].map((units, index): Event => [60 * (index + 1), { sees: active(units) }]);
    expect(foughtAt(400, ...asksFive, ...moves)).toBe(false);
  });
});

/** A fleet that takes its time, answers that lag, leaders that come and go; seconds. */
interface Step {
  readonly after: number;
  /** How long ago what is seen now was so. */
  readonly lag: number;
  readonly isElected: boolean;
  readonly ask: { readonly units: number; readonly isLost: boolean; readonly takes: number } | null;
}

const someSteps = fc.array(
  fc.record<Step>({
    after: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 })),
    lag: fc.integer({ min: 0, max: 25 }),
    isElected: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    ask: fc.option(
      fc.record({
        units: fc.integer({ min: 2, max: 5 }),
        isLost: fc.boolean(),
        takes: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 300 })),
      }),
    ),
  }),
  { minLength: 2, maxLength: 60 },
);

/** What the fleet was from each second on. */
type Log = { readonly from: number; readonly state: 'active' | 'modifying'; readonly targetUnits: number }[];

const stateAt = (log: Log, second: number) => log.findLast(({ from }) => from <= second);

/** One leader after the other, who see, and ask where the fleet looks ready for it. */
function lives(steps: readonly Step[]): { watch: TargetWatch; log: Log; second: number } {
  const log: Log = [{ from: Number.NEGATIVE_INFINITY, state: 'active', targetUnits: 3 }];
  let [watch, second] = [NO_WATCH, 0];
  for (const { after, lag, isElected, ask } of steps) {
    second += after;
    if (isElected) watch = NO_WATCH;
    const shown = stateAt(log, second - lag);
    if (shown === undefined) throw new Error('the log has a beginning');
    const { state, targetUnits } = shown;
    watch = watchTarget(watch, aFleet([], { state, targetUnits }), at(second));
    if (ask === null || state !== 'active' || ask.units === targetUnits) continue;
    watch = asking(watch, ask.units, at(second));
    const real = stateAt(log, second);
    // AWS refuses while it works on another.
    if (ask.isLost || real?.state !== 'active') continue;
    log.push({ from: second, state: 'modifying', targetUnits: real.targetUnits });
    log.push({ from: second + ask.takes, state: 'active', targetUnits: ask.units });
  }
  return { watch, log, second };
}

describe('whoever leads, asks and is answered late', () => {
  it('accuses nobody while nobody else writes', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        expect(lives(steps).watch.moves).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds out whoever else does, when the fleet has stood still for a minute', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const { watch, log, second } = lives(steps);
        const quiet = second + 301;
        const { targetUnits } = stateAt(log, quiet) ?? { targetUnits: 0 };
        const settled = [0, 31, 62].reduce(
          (seen, after) => watchTarget(seen, active(targetUnits), at(quiet + after)),
          watch,
        );
        const moved = watchTarget(settled, active(7), at(quiet + 70));
        expect(moved.moves).toMatchObject([{ at: at(quiet + 70), toUnits: 7 }]);
      }),
    );
  });
});
