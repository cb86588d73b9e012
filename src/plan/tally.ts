// The tasks of one instance, counted. Each list is counted once: an instance on which nothing changed keeps its list from
// pass to pass, and in a large cluster counting anew would be most of the plan's time.
import type { TaskDefinitionArn } from '../model/ids.ts';
import type { TasksOnInstance } from '../model/service.ts';

/** Tasks of one group and definition. */
export interface Run {
  readonly group: string;
  readonly taskDefinition: TaskDefinitionArn;
  /** Not STOPPED yet. */
  readonly count: number;
  /** Of these, the ones that are to run. */
  readonly wanted: number;
}

export interface Tally {
  readonly runs: readonly Run[];
  /** By group, those that are to run. */
  readonly groups: ReadonlyMap<string, number>;
  /** Groups of no service. */
  readonly standalone: readonly Run[];
  readonly count: number;
}

export const NO_TASKS: Tally = { runs: [], groups: new Map(), standalone: [], count: 0 };

const tallies = new WeakMap<TasksOnInstance, Tally>();

export function tallyOf(entry: TasksOnInstance): Tally {
  const known = tallies.get(entry);
  if (known !== undefined) return known;
  const tally = counted(entry);
  tallies.set(entry, tally);
  return tally;
}

export function isOfService(group: string): boolean {
  return group.startsWith('service:');
}

/** Runs and groups are in the order of their names: AWS lists tasks in any order, and none of it may matter. */
function counted({ tasks }: TasksOnInstance): Tally {
  const runs = new Map<string, Run>();
  for (const { group, taskDefinition, desiredStatus } of tasks) {
    const key = `${group} ${taskDefinition}`;
    const before = runs.get(key);
    const wanted = desiredStatus === 'RUNNING' ? 1 : 0;
    runs.set(key, { group, taskDefinition, count: (before?.count ?? 0) + 1, wanted: (before?.wanted ?? 0) + wanted });
  }
  const all = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run);
  const groups = new Map<string, number>();
  for (const { group, wanted } of all) if (wanted > 0) groups.set(group, (groups.get(group) ?? 0) + wanted);
  return { runs: all, groups, standalone: all.filter(({ group }) => !isOfService(group)), count: tasks.length };
}
