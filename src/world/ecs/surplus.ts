// Which tasks go when a service has more than it wants: those that do not run yet, then where the service stands thickest,
// by zone and then by instance, youngest first. Protected tasks stay.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html (scheduling strategy)
import { spreadValue } from './placement-strategy.ts';
import { type EcsTask, isProtected, isRunning } from './task.ts';

/** At most `count` of the tasks; fewer when protection leaves no more, none for a count below one. */
export function chooseSurplus(tasks: readonly EcsTask[], count: number, now: number): EcsTask[] {
  const inZone = tally(tasks, zoneOf);
  const onHost = tally(tasks, hostOf);
  const rank = (task: EcsTask): readonly number[] => [
    isRunning(task) ? 0 : 1,
    inZone.get(zoneOf(task)) ?? 0,
    onHost.get(hostOf(task)) ?? 0,
    task.createdAt,
  ];
  const left = new Set(tasks.filter((task) => !isProtected(task, now)));
  const chosen: EcsTask[] = [];
  while (chosen.length < count && left.size > 0) {
    const next = worst(left, rank);
    left.delete(next);
    chosen.push(next);
    inZone.set(zoneOf(next), (inZone.get(zoneOf(next)) ?? 0) - 1);
    onHost.set(hostOf(next), (onHost.get(hostOf(next)) ?? 0) - 1);
  }
  return chosen;
}

const zoneOf = (task: EcsTask): string => spreadValue(task.containerInstance, 'attribute:ecs.availability-zone');
const hostOf = (task: EcsTask): string => task.containerInstance.id;

/** The first of those nothing ranks above; there is at least one. */
function worst(tasks: ReadonlySet<EcsTask>, rank: (task: EcsTask) => readonly number[]): EcsTask {
  let [found] = tasks;
  if (found === undefined) throw new RangeError('no task to choose from');
  let rankOfFound = rank(found);
  for (const task of tasks) {
    const ranked = rank(task);
    if (descending(ranked, rankOfFound) >= 0) continue;
    found = task;
    rankOfFound = ranked;
  }
  return found;
}

function tally(tasks: readonly EcsTask[], key: (task: EcsTask) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(key(task), (counts.get(key(task)) ?? 0) + 1);
  return counts;
}

function descending(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
}
