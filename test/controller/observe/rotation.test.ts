import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rotation } from '../../../src/controller/observe/rotation.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const passes = fc.array(fc.array(fc.nat(79), { maxLength: 60 }), { minLength: 1, maxLength: 60 });

function rotationOf(size: number): Rotation<number> {
  const rotation = new Rotation<number>(steppedClock());
  for (let id = 0; id < size; id += 1) rotation.seen(id);
  return rotation;
}

describe('a rotation', () => {
  it('lets nobody wait longer than its bound, whoever is asked for first, and never reads more than it may', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 20 }), passes, (size, most, wishes) => {
        const rotation = rotationOf(size);
        const bound = Math.ceil(size / Math.ceil(most / 4));
        const waited = new Array<number>(size).fill(0);
        for (const first of wishes) {
          const next = rotation.next(most, first);
          expect(next.length).toBe(Math.min(most, size));
          expect(new Set(next).size).toBe(next.length);
          for (let id = 0; id < size; id += 1) waited[id] = (waited[id] ?? 0) + 1;
          for (const id of next) {
            waited[id] = 0;
            rotation.seen(id);
          }
          expect(Math.max(...waited)).toBeLessThan(bound + 1);
        }
      }),
    );
  });

  it('reads those that are needed before the others', () => {
    expect(rotationOf(10).next(4, [7, 8, 9])).toEqual([7, 8, 9, 0]);
  });

  it('keeps a quarter of the places for the longest unseen', () => {
    expect(rotationOf(10).next(4, [6, 7, 8, 9])).toEqual([6, 7, 8, 0]);
  });

  it('counts those that have not been read since an instant', () => {
    const clock = steppedClock();
    const rotation = new Rotation<number>(clock);
    for (let id = 0; id < 4; id += 1) rotation.seen(id);
    expect(rotation.unseenSince(clock.monotonicMs())).toBe(0);
    clock.advance(1_000);
    rotation.seen(1);
    rotation.forget(2);
    expect(rotation.unseenSince(clock.monotonicMs())).toBe(2);
  });

  it('knows nothing of one that is forgotten, though it is needed', () => {
    const rotation = rotationOf(3);
    rotation.forget(1);
    expect(rotation.next(5, [1])).toEqual([0, 2]);
  });
});
