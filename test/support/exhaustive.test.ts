// The judge of the kernel, judged itself: by trying every assignment of tasks to instances, with no cleverness at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import { canHold, leastToHold, type SmallInstance, type Wanted } from './exhaustive.ts';

const EMPTY: SmallInstance = {
  cpuUnits: 0,
  memoryMiB: 0,
  gpus: 0,
  eniSlots: 0,
  takenPorts: [],
  groups: [],
  attributes: {},
};

const room = (part: Partial<SmallInstance>): SmallInstance => ({ ...EMPTY, cpuUnits: 4, memoryMiB: 4, ...part });
const task = (part: Partial<TaskShape>, count = 1): Wanted => ({ shape: { ...NO_SHAPE, ...part }, count });

/** Every assignment, and of each whether every instance stands it. */
function tryEverything(instances: readonly SmallInstance[], wanted: readonly Wanted[]): boolean {
  const tasks = wanted.flatMap(({ shape, count }) => Array.from({ length: count }, () => shape));
  const assignments = instances.length ** tasks.length;
  for (let code = 0; code < assignments; code += 1) {
    const standing = instances.map((): TaskShape[] => []);
    tasks.forEach((shape, index) => {
      standing[Math.floor(code / instances.length ** index) % instances.length]?.push(shape);
    });
    if (standing.every((shapes, index) => stands(instances[index] ?? EMPTY, shapes))) return true;
  }
  return false;
}

function stands(instance: SmallInstance, shapes: readonly TaskShape[]): boolean {
  const sum = (of: (shape: TaskShape) => number) => shapes.reduce((total, shape) => total + of(shape), 0);
  const ports = shapes.flatMap(({ hostPorts }) => hostPorts);
  const groups = [...instance.groups, ...shapes.flatMap(({ group }) => (group === null ? [] : [group]))];
  return (
    shapes.length === 0 ||
    (sum(({ cpuUnits }) => cpuUnits) <= instance.cpuUnits &&
      sum(({ memoryMiB }) => memoryMiB) <= instance.memoryMiB &&
      sum(({ gpus }) => gpus) <= instance.gpus &&
      sum(({ eniSlots }) => eniSlots) <= instance.eniSlots &&
      new Set([...ports, ...instance.takenPorts]).size === ports.length + instance.takenPorts.length &&
      shapes.every(({ isDistinct, group }) => !isDistinct || groups.filter((each) => each === group).length === 1) &&
      shapes.every(({ requiredAttributes }) =>
        requiredAttributes.every(({ name, value }) => value === instance.attributes[name]),
      ))
  );
}

const shape = fc
  .record({
    cpuUnits: fc.integer({ min: 0, max: 3 }),
    memoryMiB: fc.integer({ min: 0, max: 3 }),
    gpus: fc.constantFrom(0, 0, 0, 1),
    eniSlots: fc.constantFrom(0, 0, 1),
    hostPorts: fc.constantFrom([], [], [], ['tcp:80' as const]),
    requiredAttributes: fc.constantFrom([], [], [], [{ name: 'zone', value: 'a' }]),
    group: fc.constantFrom(null, null, null, 'service:web'),
  })
  .map((part): TaskShape => ({ ...NO_SHAPE, ...part, isDistinct: part.group !== null }));
const wanted = fc
  .array(fc.record({ shape, count: fc.integer({ min: 0, max: 3 }) }), { maxLength: 3 })
  .filter((list) => list.reduce((sum, { count }) => sum + count, 0) <= 5);
const instance = fc
  .record({
    cpuUnits: fc.integer({ min: -1, max: 5 }),
    memoryMiB: fc.integer({ min: 0, max: 5 }),
    gpus: fc.integer({ min: 0, max: 2 }),
    eniSlots: fc.integer({ min: 0, max: 2 }),
    takenPorts: fc.constantFrom([], [], ['tcp:80' as const]),
    groups: fc.constantFrom([], [], ['service:web']),
    attributes: fc.constantFrom({ zone: 'a' }, { zone: 'b' }, {}),
  })
  .map((part): SmallInstance => part);

describe('the exhaustive search', () => {
  it('agrees with trying every assignment', () => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 3 }), wanted, (instances, demand) => {
        expect(canHold(instances, demand)).toBe(tryEverything(instances, demand));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it('finds the one arrangement that largest first misses', () => {
    const rooms = [room({ cpuUnits: 10 }), room({ cpuUnits: 10 })];
    // 4 + 3 + 3 twice; largest first puts 4 + 4 together and has a 3 left.
    const demand = [task({ cpuUnits: 4 }, 2), task({ cpuUnits: 3 }, 4)];
    expect(canHold(rooms, demand)).toBe(true);
    expect(canHold(rooms, [...demand, task({ cpuUnits: 1 })])).toBe(false);
  });

  it('never adds up what is free on different instances', () => {
    expect(canHold([room({ cpuUnits: 3 }), room({ cpuUnits: 3 })], [task({ cpuUnits: 6 })])).toBe(false);
  });

  it('holds nothing at all on no instances', () => {
    expect(canHold([], [])).toBe(true);
    expect(canHold([], [task({})])).toBe(false);
  });

  it('counts the fewest equal instances', () => {
    const pairs = [task({ cpuUnits: 3 }, 3), task({ cpuUnits: 1 }, 3)];
    expect(leastToHold(room({}), pairs)).toBe(3);
    expect(leastToHold(room({}), [task({ cpuUnits: 1, isDistinct: true, group: 'service:web' }, 4)])).toBe(4);
    expect(leastToHold(room({}), [])).toBe(0);
  });

  it('knows when not even one task fits an empty instance', () => {
    expect(leastToHold(room({}), [task({ cpuUnits: 5 })])).toBe(null);
    expect(leastToHold(room({}), [task({ cpuUnits: 5 }, 0)])).toBe(0);
  });

  it('evaluates no expressions rather than guessing', () => {
    expect(() => canHold([room({})], [task({ expressions: ['attribute:a exists'] })])).toThrow('not evaluated');
  });
});
