// The time of one plan, in process: a cluster with as many instances as asked, twenty tasks on each, sixty shapes, once
// content, once short of capacity, and once with an instance to spare.

import type { ClusterSnapshot } from '../src/model/snapshot.ts';
import { plan } from '../src/plan/decide.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { seededRng } from '../src/world/seeded-rng.ts';
import { aPolicy, aSnapshot, type Host, NOW } from '../test/support/builders.ts';

const SHAPES = 60;
const TASKS_PER_INSTANCE = 20;
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

export function measurePlan(instances: number): PlanTime {
  const hosts = manyHosts(instances);
  return {
    instances,
    tasks: instances * TASKS_PER_INSTANCE,
    shapes: SHAPES,
    cases: {
      content: time(snapshotOf(hosts, 0), instances),
      short: time(snapshotOf(hosts, 5), instances),
      spare: time(snapshotOf([...hosts.slice(1), { ...hosts[0], id: 'i-spare', tasks: {} }], 0), instances),
    },
  };
}

function time(snapshot: ClusterSnapshot, instances: number): Timing {
  const policy = aPolicy({ fleet: { name: 'bench', minUnits: 0, maxUnits: instances * 8 } });
  const once = () => {
    const startedAt = performance.now();
    plan({ snapshot, policy, memory: NO_MEMORY, now: NOW });
    return performance.now() - startedAt;
  };
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
  return { cpuUnits: 64 + (index % 10) * 16, memoryMiB: 128 + Math.floor(index / 10) * 96 + (index % 7) * 8 };
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
      id: `i-${index.toString().padStart(6, '0')}`,
      type: 'm5.xlarge',
      zone: `us-east-1${'abc'[index % 3]}`,
      containerInstance: { registered: { cpuUnits: 4096, memoryMiB: 15_586 } },
      tasks,
    };
  });
}
