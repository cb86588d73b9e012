import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SHAPE, shapeKey, type TaskShape } from '../../../src/model/task-shape.ts';
import { type LargestSeen, rememberShapes, type UsedShape } from '../../../src/plan/learn/largest-seen.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const aShape = (cpuUnits: number, over: Partial<TaskShape> = {}): TaskShape => ({
  ...NO_SHAPE,
  cpuUnits,
  memoryMiB: 2 * cpuUnits,
  ...over,
});
const used = (cpuUnits: number, ...users: string[]): UsedShape => ({ shape: aShape(cpuUnits), users });
const look = (before: LargestSeen, now: number, ...shapes: UsedShape[]): LargestSeen =>
  rememberShapes(before, shapes, { now, forgetMs: DAY_MS });

describe('a shape', () => {
  it('enters the moment it is used', () => {
    expect(look({}, 5, used(256, 'web'))).toEqual({
      '256cpu/512MiB': { shape: aShape(256), users: ['web'], lastUsedAt: 5 },
    });
  });

  it('stays with its last users for as long as it may be remembered, and no longer', () => {
    const seen = look({}, 0, used(256, 'family:nightly'));
    const later = look(seen, DAY_MS);
    expect(later['256cpu/512MiB']).toEqual({ shape: aShape(256), users: ['family:nightly'], lastUsedAt: 0 });
    expect(look(later, DAY_MS + 1)).toEqual({});
  });

  it('that is used again is remembered from then on', () => {
    const seen = look(look({}, 0, used(256, 'family:a')), HOUR_MS, used(256, 'family:b'));
    expect(seen['256cpu/512MiB']).toEqual({ shape: aShape(256), users: ['family:b'], lastUsedAt: HOUR_MS });
  });

  it('is forgotten at the next look where nothing is to be remembered', () => {
    const seen = look({}, 0, used(256, 'web'));
    expect(rememberShapes(seen, [], { now: 1, forgetMs: 0 })).toEqual({});
  });

  it('of several users is one, with all of them in order', () => {
    expect(look({}, 0, used(256, 'web', 'api'), used(256, 'batch', 'web'))['256cpu/512MiB']?.users).toEqual([
      'api',
      'batch',
      'web',
    ]);
  });

  it('under another constraint is another', () => {
    const bound = { shape: aShape(256, { architecture: 'arm64' }), users: ['web'] };
    expect(Object.keys(look({}, 0, used(256, 'web'), bound))).toHaveLength(2);
  });
});

describe('a larger definition that comes and goes (F10)', () => {
  it('is seen at once, and the room for it does not vanish with the task', () => {
    const looks = [[used(256, 'web')], [used(256, 'web'), used(4_096, 'family:report')], [used(256, 'web')]];
    const largestOf = (shapes: readonly UsedShape[]): number => Math.max(...shapes.map(({ shape }) => shape.cpuUnits));
    let seen: LargestSeen = {};
    const ours = looks.map((shapes, hour) => {
      seen = look(seen, hour * HOUR_MS, ...shapes);
      return largestOf(Object.values(seen));
    });
    // The naive yardstick, what is used at this moment, jumps sixteenfold and back.
    expect(looks.map(largestOf)).toEqual([256, 4_096, 256]);
    expect(ours).toEqual([256, 4_096, 4_096]);
    expect(Object.keys(look(seen, HOUR_MS + DAY_MS + 1, used(256, 'web')))).toEqual(['256cpu/512MiB']);
  });
});

describe('too many shapes', () => {
  const many = (count: number, from: number): UsedShape[] =>
    Array.from({ length: count }, (_, index) => used(from + index, 'web'));

  it('lose those unused for longest', () => {
    const seen = look(look({}, 0, used(1, 'old')), 1_000, ...many(299, 100));
    expect(Object.keys(seen)).toHaveLength(300);
    const full = look(seen, 2_000, used(50, 'new'));
    expect(Object.keys(full)).toHaveLength(300);
    expect(full).not.toHaveProperty(['1cpu/2MiB']);
  });

  it('lose none that is in use', () => {
    const seen = look(look({}, 0, used(1, 'old')), 1_000, ...many(400, 100));
    expect(Object.keys(seen)).toHaveLength(400);
    expect(seen).not.toHaveProperty(['1cpu/2MiB']);
  });
});

describe('any shapes', () => {
  const anyUsed = fc.array(
    fc.record({
      shape: fc.integer({ min: 1, max: 6 }).map((size) => aShape(size * 128)),
      users: fc.array(fc.constantFrom('web', 'api', 'family:batch'), { maxLength: 3 }),
    }),
    { maxLength: 8 },
  );

  it('are remembered alike and in the same order, in whatever order they come', () => {
    const property = fc.property(anyUsed, anyUsed, (first, second) => {
      const [ahead, behind] = [
        look(look({}, 0, ...first), 1, ...second),
        look(look({}, 0, ...first.toReversed()), 1, ...second.toReversed()),
      ];
      expect(JSON.stringify(behind)).toBe(JSON.stringify(ahead));
      expect(Object.keys(ahead)).toEqual(Object.keys(ahead).toSorted());
    });
    fc.assert(property);
  });

  it('are those in use, and the unused that may still be remembered, under their own keys', () => {
    const property = fc.property(anyUsed, anyUsed, fc.integer({ min: 0, max: 2 * DAY_MS }), (first, second, later) => {
      const seen = look(look({}, 0, ...first), later, ...second);
      const inUse = second.map(({ shape }) => shapeKey(shape));
      const remembered = later <= DAY_MS ? first.map(({ shape }) => shapeKey(shape)) : [];
      expect(Object.keys(seen)).toEqual([...new Set([...inUse, ...remembered])].sort());
      for (const [key, { shape, lastUsedAt }] of Object.entries(seen)) {
        expect(key).toBe(shapeKey(shape));
        expect(lastUsedAt).toBe(inUse.includes(key) ? later : 0);
      }
    });
    fc.assert(property);
  });
});
