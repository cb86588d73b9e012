// The time of one plan, in process: a cluster with as many instances as asked, twenty tasks on each, sixty shapes, once
// content (every instance is needed, and each has to be looked at), once short of capacity, once with one to spare.

import type { ClusterSnapshot } from '../src/model/snapshot.ts';
import { plan } from '../src/plan/decide.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { seededRng } from '../src/world/seeded-rng.ts';
import { aPolicy, aSnapshot, type Host, NOW } from '../test/support/builders.ts';

const SHAPES = 60;
const TASKS_PER_INSTANCE = 20;
const SMALLEST_CPU_UNITS = 64;
const WARM_UP_RUNS = 5;
const MEASURE_MS = 2_000;
const MOST_RUNS = 1_000;

export interface PlanTime {
  readonly instances: number;
  readonly tasks: number;
  readonly shapes: number;
  readonly cases: Readonly<Record<string, Timing>>;
}

interface Timing {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly runs: number;
}

/** Cases by the reason that the plan must give; a bench of another case than it says would be worse than none. */
export function measurePlan(instances: number): PlanTime {
  const hosts = manyHosts(instances);
  return {
    instances,
    tasks: instances * TASKS_PER_INSTANCE,
    shapes: SHAPES,
    cases: {
      'no-surplus': time('no-surplus', snapshotOf([...hosts, anEmptyHost('i-spare-1')], 0), instances),
      'pending-tasks': time('pending-tasks', snapshotOf(hosts, 5), instances),
      retire: time('retire', snapshotOf([...hosts, anEmptyHost('i-spare-1'), anEmptyHost('i-spare-2')], 0), instances),
    },
  };
}

function time(reason: string, snapshot: ClusterSnapshot, instances: number): Timing {
  const policy = aPolicy({
    headroom: { largestTasks: 2 },
    fleet: { name: 'bench', minUnits: 0, maxUnits: instances * 8 },
  });
  const once = () => {
    const startedAt = performance.now();
    plan({ snapshot, policy, memory: NO_MEMORY, now: NOW });
    return performance.now() - startedAt;
  };
  const { target, scaleIn } = plan({ snapshot, policy, memory: NO_MEMORY, now: NOW }).report;
  if (target.reason !== reason && scaleIn.reason !== reason) {
    throw new Error(`the case ${reason} has become ${target.reason}, ${scaleIn.reason}`);
  }
  for (let run = 0; run < WARM_UP_RUNS; run += 1) once();
  const durations: number[] = [];
  for (let spent = 0; spent < MEASURE_MS && durations.length < MOST_RUNS; spent += durations.at(-1) ?? 0)
    durations.push(once());
  durations.sort((a, b) => a - b);
  const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), runs: durations.length };
}

function snapshotOf(hosts: readonly Host[], missing: number): ClusterSnapshot {
  return aSnapshot({
    hosts,
    services: Array.from({ length: SHAPES }, (_, index) => {
      const running = hosts.reduce((sum, { tasks }) => sum + (tasks?.[`s${index}`] ?? 0), 0);
      return { name: `s${index}`, shape: shapeOf(index), runningCount: running, desiredCount: running + missing };
    }),
  });
}

function shapeOf(index: number): { cpuUnits: number; memoryMiB: number } {
  return {
    cpuUnits: SMALLEST_CPU_UNITS + (index % 10) * 16,
    memoryMiB: 128 + Math.floor(index / 10) * 96 + (index % 7) * 8,
  };
}

function manyHosts(instances: number): Host[] {
  const rng = seededRng(1);
  return Array.from({ length: instances }, (_, index): Host => {
    const tasks: Record<string, number> = {};
    for (let task = 0; task < TASKS_PER_INSTANCE; task += 1) {
      const name = `s${Math.floor(rng.next() * SHAPES)}`;
      tasks[name] = (tasks[name] ?? 0) + 1;
    }
    return {
      ...anEmptyHost(`i-${index.toString().padStart(6, '0')}`),
      containerInstance: { registered: filledBy(tasks) },
      tasks,
    };
  });
}

/** As large as what runs on it, and a little too small for one task more: nobody's tasks fit anywhere else. */
function filledBy(tasks: Readonly<Record<string, number>>): { cpuUnits: number; memoryMiB: number } {
  return Object.entries(tasks).reduce(
    (sum, [name, count]) => {
      const { cpuUnits, memoryMiB } = shapeOf(Number(name.slice(1)));
      return { cpuUnits: sum.cpuUnits + cpuUnits * count, memoryMiB: sum.memoryMiB + memoryMiB * count };
    },
    { cpuUnits: SMALLEST_CPU_UNITS - 1, memoryMiB: 0 },
  );
}

/** Room for the promise, and for little more. */
function anEmptyHost(id: string): Host {
  return { id, type: 'm5.xlarge', containerInstance: { registered: { cpuUnits: 800, memoryMiB: 4_000 } } };
}
