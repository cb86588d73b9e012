// Nobody leaves whom the cluster will miss: the victim is taken out, its tasks are put where ECS may put them, and the
// cluster that results is planned anew.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import { type InstanceId, taskArn } from '../../../src/model/ids.ts';
import type { TasksOnInstance } from '../../../src/model/service.ts';
import type { ClusterSnapshot } from '../../../src/model/snapshot.ts';
import { assess } from '../../../src/plan/assess.ts';
import { columnOf } from '../../../src/plan/capacity/capacity.ts';
import { placeAsEcs, type Whim } from '../../../src/plan/capacity/place-as-ecs.ts';
import { close, copyOf } from '../../../src/plan/capacity/table.ts';
import { plan } from '../../../src/plan/decide.ts';
import type { User } from '../../../src/plan/demand.ts';
import { ledger } from '../../../src/plan/ledger.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Policy } from '../../../src/plan/policy.ts';
import type { ScenarioLine } from '../../../src/plan/report.ts';
import { NOW } from '../../support/builders.ts';
import { someCalmWorlds, somePolicies } from '../../support/some-worlds.ts';
import { snapshotOf } from '../../support/wide-clusters.ts';

interface Landing {
  readonly user: User;
  readonly owner: InstanceId | null;
}

/** Where the victim's tasks go: each by its service's strategy, and by a whim where that leaves it open. */
function landingsOf(snapshot: ClusterSnapshot, policy: Policy, victim: InstanceId, whim: Whim): Landing[] {
  const input = { snapshot, policy, memory: NO_MEMORY, now: NOW };
  const holdings = ledger(input);
  if (snapshot.fleet === null) throw new Error('there is a fleet');
  const { capacity, users, unschedulable } = assess(input, snapshot.fleet, holdings);
  const groups = holdings.find(({ instanceId }) => instanceId === victim)?.tally?.groups ?? new Map<string, number>();
  const free = copyOf(capacity.table.free);
  capacity.rooms.forEach(({ owner }, row) => {
    if (owner === victim || row >= capacity.nowRows) close(free, row);
  });
  return [...groups].flatMap(([group, count]) => {
    const user = [...users, ...unschedulable].find((each) => each.group === group);
    if (user === undefined) return [];
    const starting = { column: columnOf(capacity, user.shape), count, group, strategies: user.strategies };
    const rows = placeAsEcs(capacity, free, starting, whim);
    expect(rows).toHaveLength(count);
    return rows.map((row): Landing => ({ user, owner: capacity.rooms[row]?.owner ?? null }));
  });
}

/** The cluster without the victim, its tasks where they landed; the counts of services stay as they are. */
function without(snapshot: ClusterSnapshot, victim: InstanceId, landings: readonly Landing[]): ClusterSnapshot {
  const { fleet } = snapshot;
  const gone = snapshot.containerInstances.find(({ instanceId }) => instanceId === victim);
  const records = snapshot.containerInstances
    .filter(({ instanceId }) => instanceId !== victim)
    .map((record) => landings.filter(({ owner }) => owner === record.instanceId).reduce(withTask, record));
  const units = fleet?.options.find(({ instanceType }) => instanceType === typeOf(snapshot, victim))?.weightUnits ?? 1;
  return {
    ...snapshot,
    fleet: fleet && {
      ...fleet,
      targetUnits: fleet.targetUnits - units,
      fulfilledUnits: fleet.fulfilledUnits - units,
      members: fleet.members.filter(({ instanceId }) => instanceId !== victim),
    },
    instances: snapshot.instances.filter(({ id }) => id !== victim),
    containerInstances: records,
    tasks: snapshot.tasks
      .filter(({ containerInstanceArn }) => containerInstanceArn !== gone?.arn)
      .map((entry) => {
        const owner = records.find(({ arn }) => arn === entry.containerInstanceArn)?.instanceId;
        return withTasks(
          entry,
          snapshot,
          landings.filter((landing) => landing.owner === owner),
        );
      }),
  };
}

function withTask(record: ContainerInstance, { user: { shape } }: Landing): ContainerInstance {
  const { cpuUnits, memoryMiB } = record.remaining ?? { cpuUnits: 0, memoryMiB: 0 };
  return {
    ...record,
    remaining: { cpuUnits: cpuUnits - shape.cpuUnits, memoryMiB: memoryMiB - shape.memoryMiB },
    takenPorts: [...record.takenPorts, ...shape.hostPorts],
    runningTaskCount: record.runningTaskCount + 1,
  };
}

function withTasks(
  entry: TasksOnInstance,
  { services }: ClusterSnapshot,
  landings: readonly Landing[],
): TasksOnInstance {
  const { containerInstanceArn } = entry;
  const arrived = landings.flatMap(({ user: { group } }, at) => {
    const service = services.find(({ name }) => group === `service:${name}`);
    if (service === undefined) return [];
    const arn = taskArn(`arn:aws:ecs:us-east-1:123456789012:task/test/moved-${at}-${group}`);
    const { taskDefinition } = service;
    return [
      { arn, group, taskDefinition, containerInstanceArn, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' } as const,
    ];
  });
  return { containerInstanceArn, tasks: [...entry.tasks, ...arrived] };
}

const typeOf = ({ instances }: ClusterSnapshot, victim: InstanceId) =>
  instances.find(({ id }) => id === victim)?.instanceType;

describe('a victim', () => {
  it('leaves no scenario short that was not, wherever ECS puts its tasks', () => {
    let [victims, tasks] = [0, 0];
    fc.assert(
      fc.property(
        somePolicies,
        someCalmWorlds(7),
        fc.constantFrom<Whim[]>('emptiest', 'fullest'),
        (policy, world, whim) => {
          const snapshot = snapshotOf(world);
          const before = plan({ snapshot, policy, memory: NO_MEMORY, now: NOW });
          const victim = before.report.scaleIn.victims[0]?.instanceId;
          if (victim === undefined) return;
          const landings = landingsOf(snapshot, policy, victim, whim);
          const after = without(snapshot, victim, landings);
          const { report } = plan({ snapshot: after, policy, memory: before.memory, now: NOW });
          // With the newest instance of a type goes what is known of the type, and what fits none may seem to fit it again.
          if (JSON.stringify(report.unschedulable) !== JSON.stringify(before.report.unschedulable)) return;
          victims += 1;
          tasks += landings.length;
          // What was short before, and asked for in vain, may be so still, and not shorter.
          const shortBefore = (line: ScenarioLine) =>
            before.report.scenarios.find(({ name, lost }) => name === line.name && lost === line.lost)?.unplaced ?? 0;
          const shorter = report.scenarios.filter((line) => line.shortUnits > 0 && line.unplaced > shortBefore(line));
          expect(shorter).toEqual([]);
        },
      ),
      { numRuns: 1_000, seed: 11 },
    );
    expect(victims).toBeGreaterThan(200);
    expect(tasks).toBeGreaterThan(100);
  });

  it('has no tasks that nobody looked at, and none but those of services', () => {
    fc.assert(
      fc.property(somePolicies, someCalmWorlds(7), (policy, world) => {
        const snapshot = snapshotOf(world);
        const victim = plan({ snapshot, policy, memory: NO_MEMORY, now: NOW }).report.scaleIn.victims[0]?.instanceId;
        if (victim === undefined) return;
        const record = snapshot.containerInstances.find(({ instanceId }) => instanceId === victim);
        const entry = snapshot.tasks.find(({ containerInstanceArn }) => containerInstanceArn === record?.arn);
        expect(entry?.tasks.filter(({ group }) => !group.startsWith('service:'))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
