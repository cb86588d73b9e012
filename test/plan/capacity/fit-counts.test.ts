import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceId } from '../../../src/model/ids.ts';
import type { TaskShape } from '../../../src/model/task-shape.ts';
import { capacityOf, columnOf } from '../../../src/plan/capacity/capacity.ts';
import { commonObstacle, fitsLeft, fitsNow, obstacles } from '../../../src/plan/capacity/fit-counts.ts';
import { close, copyOf, take } from '../../../src/plan/capacity/table.ts';
import { countThatFit, obstacleTo, type Room } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';
import { someRooms, someShapes } from '../../support/some-rooms.ts';

const capacityIn = (now: readonly Room[], shapes: readonly TaskShape[], inFlight: readonly Room[] = []) =>
  capacityOf({ now, inFlight }, shapes, { empty: new Map(), groups: [] });

describe('what keeps one more task from a row', () => {
  it('is what keeps it from the room', () => {
    fc.assert(
      fc.property(someRooms(5), someShapes, (rooms, shapes) => {
        const capacity = capacityIn(rooms, shapes);
        for (const shape of shapes) {
          const obstacleOn = obstacles(capacity, columnOf(capacity, shape));
          const ofRows = rooms.map((_, row) => obstacleOn(row));
          expect(ofRows).toEqual(rooms.map((room) => obstacleTo(room, shape)));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is in common what most rows that take tasks lack, and of equals the first by name', () => {
    const shape = aShape({ cpuUnits: 1000, memoryMiB: 1000 });
    const room = (owner: string, cpuUnits: number, memoryMiB: number) =>
      anEmptyRoom('a', { owner: instanceId(owner), cpuUnits, memoryMiB });
    const wide = [room('i-1', 2000, 100), room('i-2', 100, 2000), room('i-3', 2000, 200)];
    const inFlight = [room('i-8', 5, 2000), room('i-9', 5, 2000)];
    expect(commonObstacle(capacityIn(wide, [shape], inFlight), 0)).toBe('memory');
    expect(commonObstacle(capacityIn(wide.slice(0, 2), [shape]), 0)).toBe('cpu');
    expect(commonObstacle(capacityIn([room('i-1', 2000, 2000)], [shape]), 0)).toBeNull();
    expect(commonObstacle(capacityIn([], [shape]), 0)).toBeNull();
  });
});

describe('how many more of a shape fit', () => {
  it('is the sum over the rooms, those in flight apart', () => {
    fc.assert(
      fc.property(someRooms(4), someRooms(3), someShapes, (now, inFlight, shapes) => {
        const capacity = capacityIn(now, shapes, inFlight);
        const sum = (rooms: readonly Room[], shape: TaskShape) =>
          rooms.reduce((total, room) => total + Math.min(1_000_000, countThatFit(room, shape)), 0);
        const counts = fitsNow(capacity);
        for (const shape of shapes) {
          const expected = { now: sum(now, shape), inFlight: sum(inFlight, shape) };
          expect(counts[columnOf(capacity, shape)]).toEqual(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is counted anew on the rows that changed', () => {
    const shape = aShape({ cpuUnits: 1024, memoryMiB: 1024 });
    const capacity = capacityIn([anEmptyRoom('a'), anEmptyRoom('b')], [shape]);
    const [now] = fitsNow(capacity);
    if (now === undefined) throw new Error('the shape has no column');
    const free = copyOf(capacity.table.free);
    expect(fitsLeft(capacity, 0, { now, free, changed: new Set() })).toBe(4);
    close(free, 0);
    take(capacity.table, free, 1, 0, 1);
    expect(fitsLeft(capacity, 0, { now, free, changed: new Set([0, 1]) })).toBe(1);
  });
});
