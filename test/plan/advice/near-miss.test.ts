import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearMisses } from '../../../src/plan/advice/near-miss.ts';
import { countThatFit } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { emptyRoomsOf, type RoomSpec, someEmptyRooms, someNeeds } from '../../support/empty-rooms.ts';

const NO_NAMES = new Map<string, string>();

function missesOn(room: RoomSpec, shape: Parameters<typeof aShape>[0]) {
  return nearMisses(emptyRoomsOf({ 'm5.large': room }), [aShape(shape)], NO_NAMES);
}

describe('a near miss is told', () => {
  it('of the second 4,096 MiB task on 8 GiB, of which 7,985 MiB register (F7)', () => {
    expect(missesOn({ cpuUnits: 2_048, memoryMiB: 7_985 }, { cpuUnits: 512, memoryMiB: 4_096 })).toEqual([
      {
        shape: '512cpu/4096MiB',
        instanceType: 'm5.large',
        fits: 1,
        resource: 'memory',
        missing: 207,
        share: 207 / 4_096,
      },
    ]);
  });

  it('of a task that the type hosts not once', () => {
    expect(missesOn({ memoryMiB: 7_985 }, { memoryMiB: 8_192 })).toMatchObject([
      { fits: 0, resource: 'memory', missing: 207 },
    ]);
  });

  it('of cpu that a daemon takes', () => {
    expect(missesOn({ cpuUnits: 1_984, memoryMiB: 8_000 }, { cpuUnits: 1_024 })).toMatchObject([
      { fits: 1, resource: 'cpu', missing: 64, share: 0.0625 },
    ]);
  });

  it('by the name the report has for the shape', () => {
    const shape = aShape({ memoryMiB: 8_000 });
    const names = new Map([['512cpu/8000MiB', '512cpu/8000MiB#2']]);
    expect(nearMisses(emptyRoomsOf({ 'm5.large': { memoryMiB: 7_985 } }), [shape], names)).toMatchObject([
      { shape: '512cpu/8000MiB#2' },
    ]);
  });

  it('first where one more is worth most', () => {
    const empty = emptyRoomsOf({ a: { memoryMiB: 3_999 }, b: { memoryMiB: 995 }, c: { memoryMiB: 999 } });
    const misses = nearMisses(empty, [aShape({ cpuUnits: 0, memoryMiB: 1_000 })], NO_NAMES);
    expect(misses.map(({ instanceType }) => instanceType)).toEqual(['c', 'b', 'a']);
  });
});

describe('no near miss is told', () => {
  it.each<[string, RoomSpec, Parameters<typeof aShape>[0]]>([
    ['of a task that misses by more than a twentieth', { memoryMiB: 7_690 }, { memoryMiB: 8_192 }],
    ['of one more that misses by more than a tenth of one', { memoryMiB: 9_880 }, { cpuUnits: 0, memoryMiB: 1_000 }],
    ['where everything just fits', { memoryMiB: 8_192 }, { memoryMiB: 4_096 }],
    ['where cpu lacks as well', { cpuUnits: 1_000, memoryMiB: 7_985 }, { cpuUnits: 512, memoryMiB: 4_096 }],
    ['where a network interface lacks as well', { memoryMiB: 7_985, eniSlots: 1 }, { memoryMiB: 4_096, eniSlots: 1 }],
    ['where a GPU lacks as well', { memoryMiB: 7_985 }, { memoryMiB: 8_192, gpus: 1 }],
    ['of a second task with a fixed host port', { memoryMiB: 7_985 }, { memoryMiB: 4_096, hostPorts: ['tcp:80'] }],
    ['on a type of another architecture', { memoryMiB: 7_985 }, { memoryMiB: 8_192, architecture: 'arm64' }],
  ])('%s', (_what, room, shape) => {
    expect(missesOn(room, shape)).toEqual([]);
  });
});

describe('for all types and shapes', () => {
  it('one more fits once each needs its part of what is missing less', () => {
    fc.assert(
      fc.property(someEmptyRooms, fc.array(someNeeds, { minLength: 1, maxLength: 4 }), (empty, needs) => {
        const shapes = needs.map(aShape);
        for (const miss of nearMisses(empty, shapes, NO_NAMES)) {
          const dimension = miss.resource === 'cpu' ? 'cpuUnits' : 'memoryMiB';
          const part = Math.ceil(miss.missing / (miss.fits + 1));
          const room = empty.get(miss.instanceType);
          // The name is the key where there are no names, and the key holds the sizes.
          const shape = shapes.find((each) => miss.shape.startsWith(`${each.cpuUnits}cpu/${each.memoryMiB}MiB`));
          if (room === undefined || shape === undefined) throw new Error(`nobody asked about ${miss.shape}`);
          expect(countThatFit(room, shape)).toBe(miss.fits);
          expect(countThatFit(room, { ...shape, [dimension]: shape[dimension] - part })).toBeGreaterThan(miss.fits);
          expect(part).toBeLessThanOrEqual(Math.ceil(0.05 * shape[dimension]));
        }
      }),
    );
  });

  it('a room of a type that is a little short is found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 8_192 }), fc.integer({ min: 1, max: 20 }), (memoryMiB, count) => {
        const room = { cpuUnits: 100_000, memoryMiB: memoryMiB * count - 1 };
        expect(missesOn(room, { cpuUnits: 1, memoryMiB })).toMatchObject([{ fits: count - 1, missing: 1 }]);
      }),
    );
  });
});
