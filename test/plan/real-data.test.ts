// The kernel on what is really out there: every instance type that EC2 sells, and the task mix of a real cloud at several
// instants. The data is not part of the project; without it these tests say so and skip.
import { describe, expect, it } from 'vitest';
import { kernelNeeds } from '../../bench/packing-gap.ts';
import type { InstanceType } from '../../src/model/instance.ts';
import { NO_SHAPE } from '../../src/model/task-shape.ts';
import { emptyRooms } from '../../src/plan/net-capacity.ts';
import type { Room } from '../../src/plan/room.ts';
import { aSnapshot } from '../support/builders.ts';
import { leastToHold, type SmallInstance, type Wanted } from '../support/exhaustive.ts';
import { grouped, instanceTypeOf, missing, type Row, rowsOf } from '../support/real-data.ts';

const TYPES = 'instance-types.csv';
const TASKS = 'tasks-azure-2017a.csv';
const noTypes = missing(TYPES);
const noTasks = missing(TASKS) ?? noTypes;

/** Of a compute, a general and a memory family, and one size larger. */
const HOSTS = ['c5.4xlarge', 'm5.4xlarge', 'r5.2xlarge', 'c5.9xlarge'];
/** Seconds into the trace; its first day is a ramp-up. */
const INSTANTS = [90_000, 130_000, 170_000, 210_000, 250_000, 290_000];

describe.skipIf(noTypes !== null)(`every instance type${noTypes === null ? '' : ` (skipped: ${noTypes})`}`, () => {
  const types = noTypes === null ? rowsOf(TYPES).map(instanceTypeOf) : [];
  const rooms = noTypes === null ? roomsOf(types) : new Map<string, Room>();

  it('has a room before the first of it has joined', () => {
    expect(types.length).toBeGreaterThan(1_000);
    expect(types.filter(({ name }) => !rooms.has(name))).toEqual([]);
  });

  it('offers all of its cpu, and less memory than EC2 sells', () => {
    const odd = types.filter(({ name, nominal }) => {
      const { cpuUnits, memoryMiB } = rooms.get(name) ?? { cpuUnits: -1, memoryMiB: -1 };
      return cpuUnits !== nominal.cpuUnits || memoryMiB <= 0 || memoryMiB >= nominal.memoryMiB;
    });
    expect(odd).toEqual([]);
  });

  it('is not estimated far below what instances register, from 4 GiB on', () => {
    const odd = types.filter(({ name, nominal }) => {
      const net = rooms.get(name)?.memoryMiB ?? 0;
      return nominal.memoryMiB >= 4_096 && net < nominal.memoryMiB * 0.9;
    });
    expect(odd).toEqual([]);
  });

  it('takes as many tasks with an interface of their own as it has interfaces beside the first', () => {
    expect(types.filter(({ name, eniSlots }) => rooms.get(name)?.eniSlots !== eniSlots)).toEqual([]);
  });

  it('takes no GPU task without a whole GPU', () => {
    expect(types.filter(({ name, gpus }) => rooms.get(name)?.gpus !== gpus)).toEqual([]);
    expect(types.filter(({ gpus }) => gpus > 0).length).toBeGreaterThan(30);
  });
});

describe.skipIf(noTasks !== null)(
  `the tasks of a real cloud${noTasks === null ? '' : ` (skipped: ${noTasks})`}`,
  () => {
    const rows = noTasks === null ? rowsOf(TASKS) : [];
    const hosts = noTasks === null ? hostsOf(HOSTS) : [];

    it('are held by hardly more instances than no packing can do without, at any instant', () => {
      const answers = INSTANTS.flatMap((at) => {
        const running = rows.filter((row) => isRunning(row, at));
        return hosts.flatMap(({ name, empty }) => {
          const wanted = wantedOf(running).filter((each) => fitsAlone(empty, each));
          const [needed, bound] = [kernelNeeds(empty, wanted) ?? 0, boundOf(empty, wanted)];
          return [{ at, name, needed, bound, isClose: needed >= bound && needed <= Math.ceil(bound * 1.03) + 1 }];
        });
      });
      expect(answers.length).toBe(INSTANTS.length * HOSTS.length);
      expect(answers.filter(({ isClose }) => !isClose)).toEqual([]);
    });

    it('need no instance more than the optimum where a batch is small enough to know it', () => {
      const batches = grouped(rows, (row) => row.group ?? '');
      const small = [...batches.values()].filter(({ length }) => length >= 3 && length <= 8);
      const answers = hosts.flatMap(({ name, empty }) =>
        small.map((batch) => {
          const wanted = wantedOf(batch);
          return { name, wanted, greedy: kernelNeeds(empty, wanted), exact: leastToHold(empty, wanted) };
        }),
      );
      expect(answers.length).toBeGreaterThan(1_000);
      const worse = answers.filter(({ greedy, exact }) => greedy !== exact);
      expect(worse.filter(({ greedy, exact }) => (greedy ?? -1) < (exact ?? -1))).toEqual([]);
      expect(worse.length / answers.length).toBeLessThanOrEqual(0.02);
    });
  },
);

function roomsOf(types: readonly InstanceType[]): Map<string, Room> {
  const options = types.map(({ name }) => ({ instanceType: name, weightUnits: 1 }));
  return emptyRooms(aSnapshot({ fleet: { options }, snapshot: { instanceTypes: types } }), [], {
    learned: new Map(),
    daemons: [],
    sizes: {},
  });
}

/** Empty instances of the named types, as the exhaustive search takes them. */
function hostsOf(names: readonly string[]): { name: string; empty: SmallInstance }[] {
  const types = rowsOf(TYPES).map(instanceTypeOf);
  const rooms = roomsOf(types.filter(({ name }) => names.includes(name)));
  return [...rooms].map(([name, { cpuUnits, memoryMiB, gpus, eniSlots }]) => ({
    name,
    empty: { cpuUnits, memoryMiB, gpus, eniSlots, takenPorts: [], groups: [], attributes: {} },
  }));
}

function isRunning(row: Row, at: number): boolean {
  return Number(row.arrive_s) <= at && at < Number(row.arrive_s) + Number(row.duration_s);
}

function wantedOf(rows: readonly Row[]): Wanted[] {
  const bySize = grouped(rows, (row) => `${row.cpu_units}/${row.memory_mib}/${row.gpus}`);
  return [...bySize].map(([size, { length: count }]) => {
    const [cpuUnits = 0, memoryMiB = 0, gpus = 0] = size.split('/').map(Number);
    return { shape: { ...NO_SHAPE, cpuUnits, memoryMiB, gpus }, count };
  });
}

function fitsAlone(empty: SmallInstance, { shape }: Wanted): boolean {
  return shape.cpuUnits <= empty.cpuUnits && shape.memoryMiB <= empty.memoryMiB && shape.gpus <= empty.gpus;
}

/**
 * No packing needs fewer: the sum in each dimension, and an instance each for the tasks that take more than half of one,
 * together with what then cannot stand beside them.
 */
function boundOf(empty: SmallInstance, wanted: readonly Wanted[]): number {
  const isBig = ({ shape }: Wanted) => shape.cpuUnits * 2 > empty.cpuUnits || shape.memoryMiB * 2 > empty.memoryMiB;
  const [big, small] = [wanted.filter(isBig), wanted.filter((each) => !isBig(each))];
  const count = sumOf(big, () => 1);
  const left = sumOf(small, cpuOf) - cpuBeside(count * empty.memoryMiB - sumOf(big, memoryOf), small);
  return Math.max(
    Math.ceil(sumOf(wanted, cpuOf) / empty.cpuUnits),
    Math.ceil(sumOf(wanted, memoryOf) / empty.memoryMiB),
    count + Math.max(0, Math.ceil(left / empty.cpuUnits)),
  );
}

/** The most cpu that tasks can have within so much memory, if they could be cut: those with most cpu a MiB first. */
function cpuBeside(memoryMiB: number, tasks: readonly Wanted[]): number {
  const byRatio = [...tasks].sort((a, b) => cpuOf(b) / memoryOf(b) - cpuOf(a) / memoryOf(a));
  let [left, cpu] = [memoryMiB, 0];
  for (const each of byRatio) {
    const taken = Math.min(left, memoryOf(each) * each.count);
    left -= taken;
    cpu += (taken * cpuOf(each)) / memoryOf(each);
  }
  return cpu;
}

const cpuOf = ({ shape }: Wanted): number => shape.cpuUnits;
const memoryOf = ({ shape }: Wanted): number => shape.memoryMiB;

function sumOf(wanted: readonly Wanted[], of: (each: Wanted) => number): number {
  return wanted.reduce((sum, each) => sum + of(each) * each.count, 0);
}
