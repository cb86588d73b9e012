import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskShape } from '../../../src/model/task-shape.ts';
import { instancesToHold } from '../../../src/plan/capacity/instances-to-hold.ts';
import { pack } from '../../../src/plan/capacity/pack.ts';
import { tableOf } from '../../../src/plan/capacity/table.ts';
import { countThatFit, notWorked, type Room } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';
import { someRooms, someShapes } from '../../support/some-rooms.ts';

const someCounts = fc.array(fc.nat(6), { minLength: 7, maxLength: 7 });
const someEmptyRoom = someRooms(1).filter((rooms) => rooms.length === 1);

function needed(room: Room, shapes: readonly TaskShape[], counts: readonly number[]): number | null {
  return instancesToHold(tableOf([room], shapes), 0, Int32Array.from(counts));
}

describe('the number of empty instances that hold a demand', () => {
  it('is enough: packed onto so many of them, nothing is left', () => {
    fc.assert(
      fc.property(someEmptyRoom, someShapes, someCounts, ([room], shapes, wanted) => {
        if (room === undefined) return;
        const counts = shapes.map((_, column) => wanted[column] ?? 0);
        const instances = needed(room, shapes, counts);
        if (instances === null) return;
        const rooms = Array.from({ length: instances }, () => ({ ...room, worked: notWorked() }));
        const table = tableOf(rooms, shapes);
        expect(pack(table, table.free, Int32Array.from(counts)).unplacedTasks).toBe(0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is none exactly where one of the tasks does not fit even an empty instance', () => {
    fc.assert(
      fc.property(someEmptyRoom, someShapes, someCounts, ([room], shapes, wanted) => {
        if (room === undefined) return;
        const counts = shapes.map((_, column) => wanted[column] ?? 0);
        const isImpossible = shapes.some((shape, column) => counts[column] !== 0 && countThatFit(room, shape) === 0);
        expect(needed(room, shapes, counts) === null).toBe(isImpossible);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is at least what cpu and memory ask for in sum, and at most one for each task', () => {
    fc.assert(
      fc.property(someEmptyRoom, someShapes, someCounts, ([room], shapes, wanted) => {
        if (room === undefined) return;
        const counts = shapes.map((_, column) => wanted[column] ?? 0);
        const instances = needed(room, shapes, counts);
        if (instances === null) return;
        const sum = (of: (shape: TaskShape) => number) =>
          shapes.reduce((total, shape, column) => total + of(shape) * (counts[column] ?? 0), 0);
        expect(instances * room.cpuUnits).toBeGreaterThanOrEqual(sum(({ cpuUnits }) => cpuUnits));
        expect(instances * room.memoryMiB).toBeGreaterThanOrEqual(sum(({ memoryMiB }) => memoryMiB));
        expect(instances).toBeLessThanOrEqual(sum(() => 1));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the very number where all tasks are of one shape', () => {
    fc.assert(
      fc.property(someEmptyRoom, someShapes, fc.integer({ min: 1, max: 10_000 }), ([room], [shape], count) => {
        if (room === undefined || shape === undefined) return;
        const each = countThatFit(room, shape);
        expect(needed(room, [shape], [count])).toBe(each === 0 ? null : Math.ceil(count / each));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is zero for no tasks', () => {
    expect(needed(anEmptyRoom('a'), [aShape()], [0])).toBe(0);
  });

  it('counts equal instances at once: a hundred thousand tasks take no longer than a hundred', () => {
    const shapes = [aShape({ cpuUnits: 512, memoryMiB: 512 }), aShape({ cpuUnits: 1024, memoryMiB: 3_000 })];
    expect(needed(anEmptyRoom('a', { cpuUnits: 2048, memoryMiB: 7_690 }), shapes, [100_000, 50_000])).toBe(50_000);
  });
});
