import { describe, expect, it } from 'vitest';
import { capacityOf, columnOf, countsOf, demandsOf } from '../../../src/plan/capacity/capacity.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom, emptyRoomsOf } from '../../support/empty-rooms.ts';

const [small, large] = [aShape({ cpuUnits: 100 }), aShape({ cpuUnits: 2000 })];
const capacity = capacityOf(
  { now: [anEmptyRoom('m5.large', { zone: 'b' })], inFlight: [anEmptyRoom('m5.large', { zone: 'a' })] },
  [large, small, { ...small }],
  { empty: emptyRoomsOf({ 'z.large': {}, 'a.large': {} }), groups: ['service:web'] },
);

describe('the capacity of a cluster', () => {
  it('has a column for each distinct shape, and rows in flight behind those that take tasks', () => {
    expect(capacity.shapes.map(({ cpuUnits }) => cpuUnits)).toEqual([100, 2000]);
    expect(capacity.nowRows).toBe(1);
    expect(capacity.rooms.map(({ zone }) => zone)).toEqual(['b', 'a']);
  });

  it('has its types in the order of their names', () => {
    expect(capacity.typeNames).toEqual(['a.large', 'z.large']);
    expect(capacity.types.rows).toBe(2);
  });

  it('adds up demands of one shape, and tells them by shape again', () => {
    const counts = countsOf(capacity, [
      { shape: small, count: 2 },
      { shape: { ...small }, count: 3 },
      { shape: large, count: 0 },
    ]);
    expect([...counts]).toEqual([5, 0]);
    expect(demandsOf(capacity, counts)).toEqual([{ shape: small, count: 5 }]);
  });

  it('knows no column for a shape it was not asked about: that is a bug of the caller', () => {
    expect(() => columnOf(capacity, aShape({ cpuUnits: 1 }))).toThrow(RangeError);
  });

  it('works out what spreading over an attribute means only once', () => {
    expect(capacity.spread('ecs.availability-zone')).toBe(capacity.spread('ecs.availability-zone'));
    expect(capacity.spread('ecs.availability-zone').rows).toHaveLength(2);
  });
});
