import { describe, expect, it } from 'vitest';
import { groupCountsOf, spreadOver } from '../../../src/plan/capacity/group-counts.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';

const room = (zone: string | null, groups: Record<string, number> = {}) =>
  anEmptyRoom('m5', { zone, groups: new Map(Object.entries(groups)) });

describe('what stands on each row', () => {
  const rooms = [room('b', { web: 2, other: 5 }), room('a', { api: 1, web: 1 }), room('b', { web: 3 }), room(null)];
  const standing = groupCountsOf(rooms, ['api', 'web']);
  const order = Uint32Array.of(3, 2, 1, 0);

  it('is counted for the groups that are asked about', () => {
    expect(standing.pairs.map((pairs) => [...pairs])).toEqual([[1, 2], [0, 1, 1, 1], [1, 3], []]);
  });

  it('has one place for a group that is named twice', () => {
    expect([...groupCountsOf(rooms, ['api', 'api', 'web']).places]).toEqual([...standing.places]);
  });

  it('is summed by the value of an attribute, values in order and rows in the given one', () => {
    const spread = spreadOver(rooms, standing, { attribute: 'ecs.availability-zone', order });
    expect(spread.rows.map((part) => [...part])).toEqual([[3], [1], [2, 0]]);
    expect([...spread.counts]).toEqual([0, 0, 1, 1, 0, 5]);
  });

  it('is one sum where nothing tells rows apart', () => {
    const spread = spreadOver(rooms, standing, { attribute: null, order });
    expect([spread.rows.map((part) => [...part]), [...spread.counts]]).toEqual([[[3, 2, 1, 0]], [1, 6]]);
    expect(spread.reversed.map((part) => [...part])).toEqual([[0, 1, 2, 3]]);
  });

  it('is counted anew when the groups change, and the same rooms stay', () => {
    expect(groupCountsOf(rooms, ['web', 'other']).pairs.map((pairs) => [...pairs])).toEqual([
      [0, 2, 1, 5],
      [0, 1],
      [0, 3],
      [],
    ]);
    expect(groupCountsOf(rooms, ['api', 'web']).pairs.map((pairs) => [...pairs])[0]).toEqual([1, 2]);
  });
});
