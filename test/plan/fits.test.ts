import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskShape } from '../../src/model/task-shape.ts';
import { type Demand, instancesToHold, unplaced } from '../../src/plan/fits.ts';
import { countThatFit, type Room } from '../../src/plan/room.ts';
import { aShape } from '../support/builders.ts';

const room = (cpuUnits: number, memoryMiB: number, takenPorts: Room['takenPorts'] = new Set()): Room => ({
  owner: null,
  cpuUnits,
  memoryMiB,
  takenPorts,
});

describe('the count of tasks that fit a room', () => {
  it('is the smallest quotient over the dimensions', () => {
    expect(countThatFit(room(1000, 5000), aShape({ cpuUnits: 200, memoryMiB: 2000 }))).toBe(2);
  });

  it('is one at most for a shape with a host port, and none where the port is taken', () => {
    const shape = aShape({ cpuUnits: 1, memoryMiB: 1, hostPorts: ['tcp:80'] });
    expect(countThatFit(room(1000, 1000), shape)).toBe(1);
    expect(countThatFit(room(1000, 1000, new Set(['tcp:80'])), shape)).toBe(0);
    expect(countThatFit(room(1000, 1000, new Set(['udp:80'])), shape)).toBe(1);
  });

  it('is not bounded by a resource the shape does not reserve', () => {
    expect(countThatFit(room(0, 4096), aShape({ cpuUnits: 0, memoryMiB: 1024 }))).toBe(4);
  });

  it('never comes from a sum over instances: 600/1200 free in four pieces holds one task of 200/200, not three', () => {
    const rooms = [room(100, 200), room(100, 200), room(100, 200), room(300, 600)];
    const shape = aShape({ cpuUnits: 200, memoryMiB: 200 });
    expect(rooms.map((each) => countThatFit(each, shape))).toEqual([0, 0, 0, 1]);
    expect(unplaced(rooms, [{ shape, count: 3 }])).toEqual([{ shape, count: 2 }]);
  });
});

describe('packing', () => {
  it('places large shapes before small ones, so small ones do not take the only room that large ones have', () => {
    const large = aShape({ cpuUnits: 1000, memoryMiB: 1000 });
    const small = aShape({ cpuUnits: 100, memoryMiB: 100 });
    const rooms = [room(1000, 1000), room(500, 500)];
    expect(
      unplaced(rooms, [
        { shape: small, count: 5 },
        { shape: large, count: 1 },
      ]),
    ).toEqual([]);
  });

  it('needs as many empty instances as the demand fills, and says so when a shape fits none', () => {
    const shape = aShape({ cpuUnits: 600, memoryMiB: 100 });
    expect(instancesToHold(room(1300, 1000), [{ shape, count: 5 }])).toBe(3);
    expect(instancesToHold(room(500, 1000), [{ shape, count: 1 }])).toBeNull();
    expect(instancesToHold(room(500, 1000), [])).toBe(0);
  });
});

const shapes = fc.record({
  cpuUnits: fc.integer({ min: 0, max: 8 }),
  memoryMiB: fc.integer({ min: 1, max: 8 }),
  hostPorts: fc.constantFrom([] as const, ['tcp:80'] as const),
});
const demands = fc.array(fc.record({ shape: shapes, count: fc.integer({ min: 0, max: 3 }) }), { maxLength: 3 });
const rooms = fc.array(
  fc.record({ cpuUnits: fc.integer({ min: 0, max: 12 }), memoryMiB: fc.integer({ min: 0, max: 12 }) }),
  { maxLength: 3 },
);
const asRooms = (sizes: { cpuUnits: number; memoryMiB: number }[]) =>
  sizes.map((size) => room(size.cpuUnits, size.memoryMiB));
const count = (list: readonly Demand[]) => list.reduce((sum, demand) => sum + demand.count, 0);

describe('packing, whatever the input', () => {
  it('never says that a demand fits when an exhaustive search says it does not', () => {
    fc.assert(
      fc.property(rooms, demands, (sizes, wanted) => {
        const fitsGreedily = unplaced(asRooms(sizes), wanted).length === 0;
        return !fitsGreedily || fitsExhaustively(asRooms(sizes), wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same answer for any order of the demand', () => {
    fc.assert(
      fc.property(rooms, demands, (sizes, wanted) => {
        expect(unplaced(asRooms(sizes), [...wanted].reverse())).toEqual(unplaced(asRooms(sizes), wanted));
      }),
    );
  });

  it('leaves out no task: what is unplaced is never more than what was asked', () => {
    fc.assert(fc.property(rooms, demands, (sizes, wanted) => count(unplaced(asRooms(sizes), wanted)) <= count(wanted)));
  });

  it('finds that the instances it asks for do hold the demand', () => {
    fc.assert(
      fc.property(demands, (wanted) => {
        const empty = room(12, 12);
        const needed = instancesToHold(empty, wanted);
        if (needed === null) return true;
        return (
          unplaced(
            Array.from({ length: needed }, () => empty),
            wanted,
          ).length === 0
        );
      }),
    );
  });
});

/** Tries every room for every task. */
function fitsExhaustively(all: readonly Room[], wanted: readonly Demand[]): boolean {
  const tasks: TaskShape[] = wanted.flatMap((demand) => Array.from({ length: demand.count }, () => demand.shape));
  const tryFrom = (index: number, left: readonly Room[]): boolean => {
    const task = tasks[index];
    if (task === undefined) return true;
    return left.some((candidate, at) => {
      if (countThatFit(candidate, task) === 0) return false;
      const smaller: Room = {
        owner: null,
        cpuUnits: candidate.cpuUnits - task.cpuUnits,
        memoryMiB: candidate.memoryMiB - task.memoryMiB,
        takenPorts: new Set([...candidate.takenPorts, ...task.hostPorts]),
      };
      return tryFrom(index + 1, left.with(at, smaller));
    });
  };
  return tryFrom(0, all);
}
