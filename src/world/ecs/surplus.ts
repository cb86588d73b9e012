// Which tasks go when a service has more than it wants: those that do not run yet, then where the service stands thickest,
// by zone and then by instance, youngest first. Protected tasks stay.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html (scheduling strategy)
import { spreadValue } from './placement-strategy.ts';
import { type EcsTask, isProtected, isRunning } from './task.ts';

/** At most `count` of the tasks; fewer when protection leaves no more, none for a count below one. */
export function chooseSurplus(tasks: readonly EcsTask[], count: number, now: number): EcsTask[] {
  const left = new Set(tasks);
  const chosen: EcsTask[] = [];
  while (chosen.length < count) {
    const next = worst([...left], now);
    if (next === undefined) break;
    left.delete(next);
    chosen.push(next);
  }
  return chosen;
}

function worst(tasks: readonly EcsTask[], now: number): EcsTask | undefined {
  const zone = (task: EcsTask): string => spreadValue(task.containerInstance, 'attribute:ecs.availability-zone');
  const host = (task: EcsTask): string => task.containerInstance.id;
  const inZone = tally(tasks, zone);
  const onHost = tally(tasks, host);
  const rank = (task: EcsTask): readonly number[] => [
    isRunning(task) ? 0 : 1,
    inZone.get(zone(task)) ?? 0,
    onHost.get(host(task)) ?? 0,
    task.createdAt,
  ];
  return tasks.filter((task) => !isProtected(task, now)).sort((a, b) => descending(rank(a), rank(b)))[0];
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
