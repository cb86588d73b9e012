// The kernel's arrays against the rooms they are made of: a question to either has the same answer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SHAPE, type TaskShape } from '../../../src/model/task-shape.ts';
import { groundObstacle } from '../../../src/plan/capacity/ground.ts';
import { close, copyOf, fitOn, tableOf, take } from '../../../src/plan/capacity/table.ts';
import { countThatFit, occupy, type Room } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';
import { someRooms, someShapes } from '../../support/some-rooms.ts';

/** Where a task may only stand beside another one, the kernel does not wait for that one to come. */
function countLeft(before: Room, room: Room, shape: TaskShape): number {
  if (groundObstacle(before, shape) !== null) return 0;
  return Math.min(Number.MAX_SAFE_INTEGER, countThatFit(room, shape));
}

describe('a table', () => {
  it('says how many of a shape fit as the room itself does', () => {
    fc.assert(
      fc.property(someRooms(5), someShapes, (rooms, shapes) => {
        const table = tableOf(rooms, shapes);
        rooms.forEach((room, row) => {
          const ofRow = shapes.map((_, column) => fitOn(table, table.free, row, column));
          expect(ofRow).toEqual(shapes.map((shape) => Math.min(Number.MAX_SAFE_INTEGER, countThatFit(room, shape))));
        });
      }),
      { numRuns: 3_000 },
    );
  });

  it('says after tasks have moved in what the room says that is left', () => {
    const moves = fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 3 })), { maxLength: 6 });
    fc.assert(
      fc.property(someRooms(1), someShapes, moves, ([empty], shapes, list) => {
        if (empty === undefined) return;
        const table = tableOf([empty], shapes);
        const free = copyOf(table.free);
        let room = empty;
        for (const [which, wish] of list) {
          const column = which % shapes.length;
          const count = Math.min(wish, fitOn(table, free, 0, column));
          if (count === 0) continue;
          take(table, free, 0, column, count);
          room = occupy(room, shapes[column] ?? NO_SHAPE, count);
          const ofTable = shapes.map((_, other) => fitOn(table, free, 0, other));
          expect(ofTable).toEqual(shapes.map((shape) => countLeft(empty, room, shape)));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('counts once what fits each row, and knows it of rows it has met before', () => {
    fc.assert(
      fc.property(someRooms(4), someRooms(4), someShapes, (rooms, others, shapes) => {
        const seen = tableOf([...rooms, ...others], shapes);
        const table = tableOf([...others, ...rooms], shapes);
        const counted = (each: typeof table) =>
          Array.from({ length: each.rows }, (_, row) =>
            shapes.map((_, column) => Math.min(1_000_000, fitOn(each, each.free, row, column))),
          ).flat();
        expect([...seen.fits]).toEqual(counted(seen));
        expect([...table.fits]).toEqual(counted(table));
      }),
      { numRuns: 500 },
    );
  });

  it('calls a shape constrained by its own rows alone, whatever other tables of these shapes have held', () => {
    const zonal = aShape({ expressions: ['attribute:ecs.availability-zone == a'] });
    const room = (zone: string) => anEmptyRoom('m5.large', { zone });
    expect([...tableOf([room('a')], [zonal]).constrained]).toEqual([0]);
    expect([...tableOf([room('a'), room('b')], [zonal]).constrained]).toEqual([1]);
    expect([...tableOf([room('a')], [zonal]).constrained]).toEqual([0]);
  });

  it('has no place on a row that is closed, not even for a task that needs nothing', () => {
    const table = tableOf([anEmptyRoom('m5.large')], [aShape({ cpuUnits: 0, memoryMiB: 0 })]);
    expect(fitOn(table, table.free, 0, 0)).toBe(1_000_000);
    const free = copyOf(table.free);
    close(free, 0);
    expect(fitOn(table, free, 0, 0)).toBe(0);
    expect(fitOn(table, table.free, 0, 0)).toBe(1_000_000);
  });

  it('tells apart more claims than one word of bits holds', () => {
    const ports = Array.from({ length: 70 }, (_, at) => `tcp:${8000 + at}` as const);
    const shapes = ports.map((port) => aShape({ cpuUnits: 1, memoryMiB: 1, hostPorts: [port] }));
    const table = tableOf([anEmptyRoom('m5.large', { takenPorts: new Set(['tcp:8031', 'tcp:8064']) })], shapes);
    const taken = shapes.flatMap((_, column) => (fitOn(table, table.free, 0, column) === 0 ? [ports[column]] : []));
    expect(taken).toEqual(['tcp:8031', 'tcp:8064']);
  });

  it('packs what has least choice first, then what is largest', () => {
    const shapes = [
      aShape({ cpuUnits: 100, memoryMiB: 100 }),
      aShape({ cpuUnits: 2000, memoryMiB: 2000 }),
      aShape({ cpuUnits: 100, memoryMiB: 100, hostPorts: ['tcp:80'] }),
      aShape({ cpuUnits: 100, memoryMiB: 100, expressions: ['attribute:ecs.availability-zone == a'] }),
    ];
    const { columnOrder } = tableOf([anEmptyRoom('m5.large', { zone: 'b' })], shapes);
    expect([...columnOrder]).toEqual([3, 2, 1, 0]);
  });
});
