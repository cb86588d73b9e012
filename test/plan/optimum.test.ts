// The kernel against an exhaustive search: a yes is a proof and never wrong; a no may be, and how often is measured.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelHolds, kernelNeeds, measurePackingGap, questionOf } from '../../bench/packing-gap.ts';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import { pack } from '../../src/plan/capacity/pack.ts';
import { canHold, leastToHold, type SmallInstance, type Wanted } from '../support/exhaustive.ts';
import { roomOf } from '../support/small-cases.ts';

const shape = fc
  .record({
    cpuUnits: fc.integer({ min: 0, max: 6 }),
    memoryMiB: fc.integer({ min: 0, max: 6 }),
    gpus: fc.constantFrom(0, 0, 0, 1, 2),
    eniSlots: fc.constantFrom(0, 0, 1),
    hostPorts: fc.constantFrom([], [], [], ['tcp:80' as const], ['tcp:80' as const, 'udp:53' as const]),
    requiredAttributes: fc.constantFrom([], [], [], [{ name: 'zone', value: 'a' }], [{ name: 'ssd', value: null }]),
    group: fc.constantFrom(null, null, null, 'service:web', 'service:api'),
  })
  .map((part): TaskShape => ({ ...NO_SHAPE, ...part, isDistinct: part.group !== null }));
const wanted = fc
  .array(fc.record({ shape, count: fc.integer({ min: 0, max: 4 }) }), { maxLength: 4 })
  .filter((list) => list.reduce((sum, { count }) => sum + count, 0) <= 8);
const instance: fc.Arbitrary<SmallInstance> = fc.record({
  cpuUnits: fc.integer({ min: 0, max: 10 }),
  memoryMiB: fc.integer({ min: 0, max: 10 }),
  gpus: fc.integer({ min: 0, max: 3 }),
  eniSlots: fc.integer({ min: 0, max: 3 }),
  takenPorts: fc.constantFrom([], [], ['tcp:80' as const], ['udp:53' as const]),
  groups: fc.constantFrom([], [], ['service:web'], ['service:web', 'service:api']),
  attributes: fc.constantFrom<Record<string, string>[]>({ zone: 'a' }, { zone: 'b', ssd: '' }, {}),
});

const EMPTY: SmallInstance = {
  cpuUnits: 0,
  memoryMiB: 0,
  gpus: 0,
  eniSlots: 0,
  takenPorts: [],
  groups: [],
  attributes: {},
};

describe('the kernel, against an exhaustive search', () => {
  it('never says that tasks fit which cannot', () => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 6 }), wanted, (instances, demand) => {
        if (kernelHolds(instances, demand)) expect(canHold(instances, demand)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('leaves no task out that has a place of its own', () => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 6 }), shape, (instances, task) => {
        const one = [{ shape: task, count: 1 }];
        expect(kernelHolds(instances, one)).toBe(canHold(instances, one));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never counts on fewer instances than hold the tasks, and knows when none ever will', () => {
    fc.assert(
      fc.property(instance, wanted, (empty, demand) => {
        const [greedy, exact] = [kernelNeeds(empty, demand), leastToHold(empty, demand)];
        if (exact === null) expect(greedy).toBe(null);
        else expect(greedy ?? -1).toBeGreaterThanOrEqual(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it('places each task it does not report, on an instance that has the room for all it was given', () => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 6 }), wanted, (instances, demand) => {
        const { table, counts } = questionOf(instances.map(roomOf), demand);
        const { free, moves, unplaced } = pack(table, table.free, counts);
        const moved = new Int32Array(counts.length);
        for (let at = 0; at < moves.length; at += 3) {
          const column = moves[at] ?? 0;
          moved[column] = (moved[column] ?? 0) + (moves[at + 2] ?? 0);
        }
        expect([...moved].map((count, column) => count + (unplaced[column] ?? 0))).toEqual([...counts]);
        expect(Math.min(0, ...free.cpu, ...free.memory, ...free.gpus, ...free.enis)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts no two tasks on one instance whose expressions keep each away from the other', () => {
    const avoiding = (group: string, other: string): Wanted => ({
      shape: { ...NO_SHAPE, cpuUnits: 1, group, expressions: [`not(task:group == ${other})`] },
      count: 1,
    });
    const room = { ...EMPTY, cpuUnits: 9 };
    const mutual = [avoiding('service:a', 'service:b'), avoiding('service:b', 'service:a')];
    const oneSided = [avoiding('service:a', 'service:b'), avoiding('service:b', 'service:c')];
    expect([kernelHolds([room], mutual), kernelHolds([room, room], mutual), kernelNeeds(room, mutual)]).toEqual([
      false,
      true,
      2,
    ]);
    // The one that minds comes first, and the other one does not mind.
    expect(kernelHolds([room], oneSided)).toBe(true);
  });

  // Measured over 20,000 cases by `npm run bench`; here over fewer, with room for the smaller number.
  it('seldom needs an instance more than the optimum, and never more than one', () => {
    const { buying, placing } = measurePackingGap(1_500, 1);
    expect(buying.tooFew + placing.wrongYes).toBe(0);
    expect(buying.solvable).toBeGreaterThan(500);
    expect(buying.oneMore / buying.solvable).toBeLessThanOrEqual(0.02);
    expect(buying.moreThanOne).toBe(0);
    expect(placing.solvable).toBeGreaterThan(300);
    expect(placing.wrongNo / placing.solvable).toBeLessThanOrEqual(0.02);
  });
});
