import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeKey, type TaskShape } from '../../../src/model/task-shape.ts';
import { type Capacity, capacityOf, demandsOf } from '../../../src/plan/capacity/capacity.ts';
import { type Packing, pack } from '../../../src/plan/capacity/pack.ts';
import { close, copyOf, tableOf } from '../../../src/plan/capacity/table.ts';
import { countThatFit, occupy, type Room } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';
import { someRooms, someShapes } from '../../support/some-rooms.ts';

const someCounts = fc.array(fc.nat(4), { minLength: 7, maxLength: 7 });

/** Moves as [column, row, count], in the order they were made. */
function movesOf({ moves }: Packing): [number, number, number][] {
  return Array.from({ length: moves.length / 3 }, (_, at) => [
    moves[at * 3] ?? -1,
    moves[at * 3 + 1] ?? -1,
    moves[at * 3 + 2] ?? -1,
  ]);
}

/** The tasks moved in one by one, as people would do it: throws where there is no room. */
function replayed(rooms: readonly Room[], shapes: readonly TaskShape[], packing: Packing): void {
  const left = [...rooms];
  for (const [column, row, count] of movesOf(packing)) {
    const [room, shape] = [left[row], shapes[column]];
    if (room === undefined || shape === undefined) throw new Error(`no room ${row} or no shape ${column}`);
    if (countThatFit(room, shape) < count) throw new Error(`${count} of ${shapeKey(shape)} do not fit`);
    left[row] = occupy(room, shape, count);
  }
}

describe('packing', () => {
  it('puts no task where there is no room for it', () => {
    fc.assert(
      fc.property(someRooms(5), someShapes, someCounts, (rooms, shapes, wanted) => {
        const table = tableOf(rooms, shapes);
        const counts = Int32Array.from(shapes, (_, column) => wanted[column] ?? 0);
        expect(() => replayed(rooms, shapes, pack(table, table.free, counts))).not.toThrow();
      }),
      { numRuns: 3_000 },
    );
  });

  it('neither loses a task nor invents one', () => {
    fc.assert(
      fc.property(someRooms(5), someShapes, someCounts, (rooms, shapes, wanted) => {
        const table = tableOf(rooms, shapes);
        const counts = Int32Array.from(shapes, (_, column) => wanted[column] ?? 0);
        const packing = pack(table, table.free, counts);
        const found = packing.unplaced.slice();
        for (const [column, , count] of movesOf(packing)) found[column] = (found[column] ?? 0) + count;
        expect([...found]).toEqual([...counts]);
        expect(packing.unplacedTasks).toBe(packing.unplaced.reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves no task without a place for which there still is one', () => {
    fc.assert(
      fc.property(someRooms(5), someShapes, someCounts, (rooms, shapes, wanted) => {
        const table = tableOf(rooms, shapes);
        const counts = Int32Array.from(shapes, (_, column) => wanted[column] ?? 0);
        const { free, unplaced } = pack(table, table.free, counts);
        expect(pack(table, free, unplaced).unplaced).toEqual(unplaced);
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing it is given', () => {
    fc.assert(
      fc.property(someRooms(4), someShapes, someCounts, (rooms, shapes, wanted) => {
        const table = tableOf(rooms, shapes);
        const counts = Int32Array.from(shapes, (_, column) => wanted[column] ?? 0);
        const before = structuredClone({ table, counts });
        pack(table, table.free, counts);
        expect({ table, counts }).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order in which the shapes are named', () => {
    const outcome = (capacity: Capacity, wanted: ReadonlyMap<string, number>) => {
      const counts = Int32Array.from(capacity.shapes, (shape) => wanted.get(shapeKey(shape)) ?? 0);
      const packing = pack(capacity.table, capacity.table.free, counts);
      return { moves: movesOf(packing), unplaced: demandsOf(capacity, packing.unplaced) };
    };
    fc.assert(
      fc.property(someRooms(5), someShapes, someCounts, (rooms, shapes, wanted) => {
        const named = new Map(shapes.map((shape, column) => [shapeKey(shape), wanted[column] ?? 0]));
        const [one, other] = [shapes, shapes.toReversed()].map((order) =>
          capacityOf({ now: rooms, inFlight: [] }, order, { empty: new Map(), groups: [] }),
        );
        if (one === undefined || other === undefined) return;
        expect(outcome(other, named)).toEqual(outcome(one, named));
      }),
      { numRuns: 500 },
    );
  });

  it('fills the tightest room first, and keeps the large ones whole', () => {
    const rooms = [1024, 4096, 2048].map((cpuUnits) => anEmptyRoom('m5', { cpuUnits, memoryMiB: 4 * cpuUnits }));
    const table = tableOf(rooms, [aShape({ cpuUnits: 1024, memoryMiB: 1024 })]);
    expect(movesOf(pack(table, table.free, Int32Array.of(3)))).toEqual([
      [0, 0, 1],
      [0, 2, 2],
    ]);
  });

  it('tries other orders where the first leaves a task out, as long as there are few rooms', () => {
    // Largest share first takes the memory of the first room for the tall one, and the wide one finds no cpu elsewhere.
    const [tall, wide] = [aShape({ cpuUnits: 2, memoryMiB: 8 }), aShape({ cpuUnits: 7, memoryMiB: 3 })];
    const rooms = [anEmptyRoom('a', { cpuUnits: 8, memoryMiB: 8 }), anEmptyRoom('b', { cpuUnits: 3, memoryMiB: 16 })];
    const table = tableOf(rooms, [tall, wide]);
    expect(pack(table, table.free, Int32Array.of(1, 1)).unplacedTasks).toBe(0);
  });

  it('uses no room that is closed', () => {
    const table = tableOf([anEmptyRoom('a'), anEmptyRoom('b')], [aShape({ cpuUnits: 0, memoryMiB: 0 })]);
    const free = copyOf(table.free);
    close(free, 0);
    expect(movesOf(pack(table, free, Int32Array.of(5)))).toEqual([[0, 1, 5]]);
  });
});
