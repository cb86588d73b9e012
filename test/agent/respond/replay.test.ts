// Whatever happens between two derivations, the end is the same: steps done and forgotten, restarts, signals that come
// and go in any order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Memory, memoryOfNewBoot, NO_MEMORY, readMemory } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { Situation } from '../../../src/agent/respond/situation.ts';
import { FATES, type Fate, Instance } from './instance.ts';
import { anySettings, anySignals, anySituation, anyTasks, aSituation, HOUR, MINUTE, NOW } from './situations.ts';

/** What lets every step of a situation fall due, with the same causes standing. */
const allDue = (situation: Situation): Situation => {
  const last = Math.max(situation.now, ...respond(situation).steps.map(({ at }) => at));
  return { ...situation, now: last };
};

/** Signals one after another, with the time between them. */
const anyHistory = fc.record({
  settings: anySettings,
  bootedAt: fc.integer({ min: 0, max: 3 * HOUR }).map((ms) => NOW - ms),
  moments: fc.array(
    fc.record({
      signals: anySignals,
      laterMs: fc.oneof(fc.integer({ min: 0, max: 2 * MINUTE }), fc.integer({ min: 0, max: HOUR })),
      tasks: anyTasks,
      isLooked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

type History = typeof anyHistory extends fc.Arbitrary<infer Value> ? Value : never;

function* situationsOf({ settings, bootedAt, moments }: History): Generator<Omit<Situation, 'memory'>> {
  let now = NOW;
  for (const { signals, laterMs, tasks, isLooked } of moments) {
    now += laterMs;
    yield { now, bootedAt, signals, here: isLooked ? { tasks, isComplete: true } : null, settings };
  }
}

describe('any response', () => {
  it('comes in the order of time, is not planned for the past, and has an id for each step', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { steps } = respond(situation);
        const instants = steps.map(({ at }) => at);
        expect(instants).toEqual([...instants].sort((a, b) => a - b));
        expect(Math.min(NOW, ...instants)).toBe(NOW);
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
      }),
    );
  });

  it('is the same in whatever order the tasks are listed', () => {
    fc.assert(
      fc.property(anySituation, fc.infiniteStream(fc.nat()), (situation, dice) => {
        const keyed = (situation.here?.tasks ?? []).map((task) => ({ task, key: dice.next().value }));
        const tasks = keyed.sort((a, b) => a.key - b.key).map(({ task }) => task);
        const here = situation.here && { ...situation.here, tasks };
        expect(respond({ ...situation, here })).toEqual(respond(situation));
      }),
    );
  });

  it('asks for nothing again once it was done', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const instance = new Instance();
        const due = allDue(situation);
        instance.settle(due);
        const times = new Map<string, number>();
        for (const one of instance.done) times.set(one, (times.get(one) ?? 0) + 1);
        expect([...times.values()].filter((count) => count > 1)).toEqual([]);
        const count = instance.done.length;
        expect(instance.settle(due).steps.filter(({ at }) => at <= due.now)).toEqual([]);
        expect(instance.done).toHaveLength(count);
      }),
    );
  });

  it('is the same from a memory that was written and read', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const instance = new Instance();
        for (const situation of situationsOf(history)) {
          const checked = () => {
            const read = readMemory(JSON.parse(JSON.stringify(instance.memory)));
            expect(read).toEqual(instance.memory);
            instance.memory = read ?? NO_MEMORY;
          };
          instance.settle(situation, checked);
        }
      }),
    );
  });

  it('ends the same when the memory of any of its steps is lost', () => {
    fc.assert(
      fc.property(anySituation, fc.array(fc.nat(2), { maxLength: 40 }), (situation, losses) => {
        const due = allDue(situation);
        const [smooth, rough] = [new Instance(), new Instance()];
        smooth.settle(due);
        let before: Memory = NO_MEMORY;
        let step = 0;
        rough.settle(due, () => {
          const loss = losses[step++] ?? 2;
          // 0: we crashed before this one step was on disk. 1: the file is gone altogether. 2: all is well.
          if (loss < 2) rough.memory = loss === 0 ? before : NO_MEMORY;
          before = rough.memory;
        });
        expect(rough.effects()).toEqual(smooth.effects());
      }),
    );
  });
});

const anyFates = (...fates: readonly Fate[]) => fc.array(fc.constantFrom(...fates), { maxLength: 40 });

/** One step goes as the first says, the next as the second; all is well after the last. */
const inTurn = (fates: readonly Fate[]) => {
  const left = fates.values();
  return (): Fate => left.next().value ?? 'done';
};

describe('over any history of signals', () => {
  it('what we set is taken back at the latest when nothing stands any more, whatever fails and whenever we crash', () => {
    fc.assert(
      fc.property(anyHistory, anyFates(...FATES), (history, fates) => {
        const fateOf = inTurn(fates);
        const instance = new Instance();
        let last = NOW;
        for (const situation of situationsOf(history)) {
          instance.settle(situation, () => {}, fateOf);
          last = situation.now;
        }
        // Ten minutes after any deadline, or when the longest recommendation is over.
        for (const laterMs of [0, 3 * HOUR])
          instance.settle(aSituation({ now: last + laterMs, settings: history.settings }));
        expect([instance.draining, instance.cordon, instance.notice]).toEqual([null, null, null]);
        expect(instance.memory).toEqual({ ...NO_MEMORY, over: instance.memory.over });
      }),
    );
  });

  it('DRAINING is remembered as ours exactly while it is, although steps fail', () => {
    fc.assert(
      fc.property(anyHistory, anyFates('done', 'fails'), fc.nat(8), (history, fates, operatorAt) => {
        const fateOf = inTurn(fates);
        const instance = new Instance();
        let index = 0;
        for (const situation of situationsOf(history)) {
          if (index++ === operatorAt) instance.draining ??= 'operator';
          const { steps } = respond({ ...situation, memory: instance.memory });
          if (instance.draining !== 'us') expect(steps.map(({ kind }) => kind)).not.toContain('undrain');
          instance.settle(situation, () => {}, fateOf);
          expect(instance.memory.drained !== null).toBe(instance.draining === 'us');
        }
      }),
    );
  });

  it("an operator's DRAINING is never undone, reboots, failures and crashes or not", () => {
    fc.assert(
      fc.property(anyHistory, fc.array(fc.boolean()), anyFates(...FATES), (history, reboots, fates) => {
        const fateOf = inTurn(fates);
        const instance = new Instance();
        instance.draining = 'operator';
        let bootedAt = history.bootedAt;
        let index = 0;
        for (const situation of situationsOf(history)) {
          if (reboots[index++] === true) {
            bootedAt = situation.now;
            instance.memory = memoryOfNewBoot(instance.memory);
          }
          instance.settle({ ...situation, bootedAt }, () => {}, fateOf);
          expect(instance.draining).toBe('operator');
        }
      }),
    );
  });

  it('a posture is never lifted while a cause stands that asks for it', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const instance = new Instance();
        for (const situation of situationsOf(history)) {
          const { cause, steps } = respond({ ...situation, memory: instance.memory });
          const kinds = steps.map(({ kind }) => kind);
          const lifted = kinds.filter((kind) => kind === 'uncordon' || kind === 'clear-notice' || kind === 'undrain');
          // A voluntary one may want less than what stood before it.
          if (cause !== null) expect(lifted.filter((kind) => !cause.isVoluntary || kind !== 'undrain')).toEqual([]);
          instance.settle(situation);
          if (cause?.isVoluntary === false) expect(instance.draining).toBe('us');
        }
      }),
    );
  });

  it('no task is told twice to stop', () => {
    fc.assert(
      fc.property(anyHistory, anySettings, (history, settings) => {
        const instance = new Instance();
        const told: string[] = [];
        let stood = false;
        for (const situation of situationsOf({ ...history, settings })) {
          const { cause } = instance.settle(situation);
          if (!stood) told.length = 0; // a cause later the same task may be told again: it did not stop
          stood = cause !== null;
          told.push(...instance.done.splice(0).filter((one) => one.startsWith('stop-task')));
          expect(new Set(told).size).toBe(told.length);
        }
      }),
    );
  });

  it('a rebalance recommendation is lifted exactly once, however it comes and goes', () => {
    const anyPresence = fc.array(fc.record({ isThere: fc.boolean(), laterMs: fc.integer({ min: 1, max: HOUR }) }));
    fc.assert(
      fc.property(anyPresence, fc.integer({ min: 1, max: 2 * HOUR }), (presence, liftAfterMs) => {
        const instance = new Instance();
        const recommendation = { rebalance: { kind: 'rebalance', noticedAt: NOW } } as const;
        const settings = { rebalance: { response: 'cordon', liftAfterMs } } as const;
        let now = NOW;
        instance.settle(aSituation({ signals: recommendation, settings }));
        for (const { isThere, laterMs } of [...presence, { isThere: true, laterMs: 2 * HOUR }]) {
          now += laterMs;
          instance.settle(aSituation({ signals: isThere ? recommendation : {}, now, settings }));
          expect(instance.cordon).toBe(now < NOW + liftAfterMs ? 'rebalance' : null);
        }
        expect(instance.done.filter((one) => one.endsWith('cordon'))).toEqual(['uncordon']);
        expect(instance.done.filter((one) => one.startsWith('cordon'))).toEqual(['cordon rebalance']);
      }),
    );
  });
});
