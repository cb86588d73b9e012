// Every placement is replayed task by task, and at each step the row that took the task is held against the rule of the
// strategy: ECS would have had no better one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacementStrategy } from '../../../src/model/service.ts';
import type { TaskShape } from '../../../src/model/task-shape.ts';
import { capacityOf, columnOf } from '../../../src/plan/capacity/capacity.ts';
import { placeAsEcs, type Whim } from '../../../src/plan/capacity/place-as-ecs.ts';
import { close, copyOf } from '../../../src/plan/capacity/table.ts';
import { countThatFit, occupy, type Room } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom } from '../../support/empty-rooms.ts';
import { someRooms, someShape } from '../../support/some-rooms.ts';

const ZONE: PlacementStrategy = { type: 'spread', field: 'attribute:ecs.availability-zone' };
const INSTANCE: PlacementStrategy = { type: 'spread', field: 'instanceId' };
const binpack = (field: 'cpu' | 'memory'): PlacementStrategy => ({ type: 'binpack', field });

const someStrategies = fc.constantFrom<PlacementStrategy[][]>(
  [],
  [{ type: 'random' }],
  [INSTANCE],
  [binpack('cpu')],
  [binpack('memory')],
  [ZONE, INSTANCE],
  [ZONE, binpack('memory')],
);
const someWhim = fc.constantFrom<Whim[]>('emptiest', 'fullest');

interface Question {
  readonly rooms: readonly Room[];
  readonly shape: TaskShape;
  readonly count: number;
  readonly strategies: readonly PlacementStrategy[];
  readonly whim?: Whim;
}

const GROUP = 'service:web';

/** Some rooms, up to so many tasks of one shape of which a few stand there already. */
const someQuestions = (strategies: fc.Arbitrary<readonly PlacementStrategy[]>): fc.Arbitrary<Question> =>
  fc.record({ rooms: someRooms(7), shape: someShape, count: fc.nat(12), strategies, whim: someWhim });

/** The rows the tasks land on. */
function landings({ rooms, shape, count, strategies, whim }: Question): number[] {
  const capacity = capacityOf({ now: rooms, inFlight: [] }, [shape], { empty: new Map(), groups: [GROUP] });
  const starting = { column: columnOf(capacity, shape), count, group: GROUP, strategies };
  return placeAsEcs(capacity, copyOf(capacity.table.free), starting, whim);
}

interface Step {
  readonly row: number;
  /** Rooms as they were when the task came. */
  readonly rooms: readonly Room[];
  /** Rows on which it could have landed. */
  readonly open: readonly number[];
  /** How many of the service stood on each row. */
  readonly standing: readonly number[];
}

/** Each landing with what there was to choose from. */
function stepsOf(question: Question): Step[] {
  const { shape } = question;
  let rooms = question.rooms;
  const standing = rooms.map(({ groups }) => groups.get(GROUP) ?? 0);
  return landings(question).map((row) => {
    // What keeps a shape from a room that was empty of something is not cured by what arrives meanwhile.
    const open = rooms.flatMap((room, at) =>
      countThatFit(room, shape) > 0 && countThatFit(question.rooms[at] ?? room, shape) > 0 ? [at] : [],
    );
    const step = { row, rooms, open, standing: [...standing] };
    rooms = rooms.map((room, at) => (at === row ? occupy(room, shape, 1) : room));
    standing[row] = (standing[row] ?? 0) + 1;
    return step;
  });
}

const zoneOf = (rooms: readonly Room[], row: number) => rooms[row]?.zone ?? '';

/** Tasks of the service by zone, of the zones where one more fits. */
function openZones({ rooms, open, standing }: Step): Map<string, number> {
  const zones = new Map(open.map((row) => [zoneOf(rooms, row), 0]));
  standing.forEach((count, row) => {
    const zone = zoneOf(rooms, row);
    if (zones.has(zone)) zones.set(zone, (zones.get(zone) ?? 0) + count);
  });
  return zones;
}

describe('placing as ECS does', () => {
  it('never puts a task where it does not fit, whatever the strategy', () => {
    fc.assert(
      fc.property(someQuestions(someStrategies), (question) => {
        for (const { row, open } of stepsOf(question)) expect(open).toContain(row);
      }),
      { numRuns: 3_000 },
    );
  });

  it('stops before all are placed only where none more fits anywhere', () => {
    fc.assert(
      fc.property(someQuestions(someStrategies), (question) => {
        const landed = landings(question);
        expect(landed.length).toBeLessThanOrEqual(question.count);
        if (landed.length === question.count) return;
        const left = question.rooms.map((room, row) =>
          occupy(room, question.shape, landed.filter((at) => at === row).length),
        );
        const fits = left.map((room, row) =>
          Math.min(countThatFit(room, question.shape), countThatFit(question.rooms[row] ?? room, question.shape)),
        );
        expect(fits.every((count) => count === 0)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each<[string, readonly PlacementStrategy[]]>([
    ['spread over zones', [ZONE]],
    ['no strategy', []],
    ['spread over zones, then instances', [ZONE, INSTANCE]],
    ['spread over zones, then packing', [ZONE, binpack('cpu')]],
  ])('with %s goes to the zone with the fewest tasks, of those that have room', (_, strategies) => {
    fc.assert(
      fc.property(someQuestions(fc.constant(strategies)), (question) => {
        for (const step of stepsOf(question)) {
          const zones = openZones(step);
          expect(zones.get(zoneOf(step.rooms, step.row))).toBe(Math.min(...zones.values()));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, readonly PlacementStrategy[]]>([
    ['spread over instances', [INSTANCE]],
    ['spread over zones, then instances', [ZONE, INSTANCE]],
  ])('with %s goes to an instance with the fewest tasks', (_, strategies) => {
    fc.assert(
      fc.property(someQuestions(fc.constant(strategies)), (question) => {
        for (const { row, rooms, open, standing } of stepsOf(question)) {
          const among = strategies.includes(ZONE)
            ? open.filter((at) => zoneOf(rooms, at) === zoneOf(rooms, row))
            : open;
          expect(standing[row]).toBe(Math.min(...among.map((at) => standing[at] ?? 0)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['cpu', 'cpuUnits'],
    ['memory', 'memoryMiB'],
  ] as const)('with packing by %s goes to an instance with the least of it left', (field, resource) => {
    fc.assert(
      fc.property(someQuestions(fc.constantFrom([binpack(field)], [ZONE, binpack(field)])), (question) => {
        for (const { row, rooms, open } of stepsOf(question)) {
          const among = question.strategies.includes(ZONE)
            ? open.filter((at) => zoneOf(rooms, at) === zoneOf(rooms, row))
            : open;
          expect(rooms[row]?.[resource]).toBe(Math.min(...among.map((at) => rooms[at]?.[resource] ?? 0)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes by a whim, where the strategy leaves it open, the emptiest instances in turn or fills the fullest', () => {
    const rooms = [2048, 8192, 4096].map((cpuUnits) => anEmptyRoom('m5', { zone: 'a', cpuUnits, memoryMiB: 60_000 }));
    const question = { rooms, shape: aShape({ cpuUnits: 1024, memoryMiB: 64 }), count: 6, strategies: [] };
    expect(landings({ ...question, whim: 'emptiest' })).toEqual([1, 2, 0, 1, 2, 0]);
    expect(landings({ ...question, whim: 'fullest' })).toEqual([0, 0, 2, 2, 2, 2]);
    const random = { ...question, strategies: [{ type: 'random' as const }] };
    expect(landings({ ...random, whim: 'emptiest' })).toEqual(landings({ ...question, whim: 'emptiest' }));
  });

  it('goes on in other zones when one is full', () => {
    const rooms = ['a', 'b', 'c'].map((zone) =>
      anEmptyRoom('m5', { zone, cpuUnits: zone === 'b' ? 1024 : 4096, memoryMiB: 60_000 }),
    );
    const question = { rooms, shape: aShape({ cpuUnits: 1024, memoryMiB: 64 }), count: 9, strategies: [ZONE] };
    expect(landings(question).sort()).toEqual([0, 0, 0, 0, 1, 2, 2, 2, 2]);
  });

  it('levels out what stands unevenly before it adds to every instance', () => {
    const groups = (count: number) => new Map(count === 0 ? [] : [[GROUP, count]]);
    const rooms = [3, 0, 1].map((count) => anEmptyRoom('m5', { zone: 'a', cpuUnits: 60_000, groups: groups(count) }));
    const question = { rooms, shape: aShape({ cpuUnits: 1, memoryMiB: 1 }), count: 6, strategies: [INSTANCE] };
    const counts = [0, 1, 2].map((row) => landings(question).filter((at) => at === row).length);
    expect(counts[0]).toBeLessThan(2);
    expect([3 + (counts[0] ?? 0), counts[1] ?? 0, 1 + (counts[2] ?? 0)].sort()).toEqual([3, 3, 4]);
  });

  it('uses no row that is closed', () => {
    const shape = aShape({ cpuUnits: 1, memoryMiB: 1 });
    const rooms = ['a', 'b'].map((zone) => anEmptyRoom('m5', { zone }));
    const capacity = capacityOf({ now: rooms, inFlight: [] }, [shape], { empty: new Map(), groups: [GROUP] });
    const free = copyOf(capacity.table.free);
    close(free, 0);
    const starting = { column: 0, count: 3, group: GROUP, strategies: [ZONE] };
    expect(placeAsEcs(capacity, free, starting)).toEqual([1, 1, 1]);
  });

  it('knows a service none of whose tasks stands anywhere', () => {
    const shape = aShape({ cpuUnits: 1, memoryMiB: 1 });
    const capacity = capacityOf({ now: [anEmptyRoom('m5')], inFlight: [] }, [shape], { empty: new Map(), groups: [] });
    const starting = { column: 0, count: 2, group: 'service:new', strategies: [INSTANCE] };
    expect(placeAsEcs(capacity, copyOf(capacity.table.free), starting)).toEqual([0, 0]);
  });
});
