// Which tasks go when a service has more than it wants: those that do not run yet, then where the service stands thickest,
// by zone and then by instance, youngest first. Protected tasks stay.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html (scheduling strategy)
import { spreadValue } from './placement-strategy.ts';
import { type EcsTask, isProtected, isRunning } from './task.ts';

/** How many tasks of the service are left in one place. */
interface Place {
  count: number;
}

interface Candidate {
  readonly task: EcsTask;
  readonly isRunning: boolean;
  readonly zone: Place;
  readonly host: Place;
}

/** At most `count` of the tasks; fewer when protection leaves no more, none for a count below one. */
export function chooseSurplus(tasks: readonly EcsTask[], count: number, now: number): EcsTask[] {
  if (count < 1) return [];
  const left = new Set(candidatesOf(tasks).filter(({ task }) => !isProtected(task, now)));
  const chosen: EcsTask[] = [];
  while (chosen.length < count && left.size > 0) {
    const next = first(left);
    left.delete(next);
    chosen.push(next.task);
    next.zone.count -= 1;
    next.host.count -= 1;
  }
  return chosen;
}

function candidatesOf(tasks: readonly EcsTask[]): Candidate[] {
  const zones = new Map<string, Place>();
  const hosts = new Map<string, Place>();
  return tasks.map((task) => ({
    task,
    isRunning: isRunning(task),
    zone: oneMoreIn(zones, spreadValue(task.containerInstance, 'attribute:ecs.availability-zone')),
    host: oneMoreIn(hosts, task.containerInstance.id),
  }));
}

function oneMoreIn(places: Map<string, Place>, key: string): Place {
  const place = places.get(key) ?? { count: 0 };
  place.count += 1;
  places.set(key, place);
  return place;
}

/** The first to go; there is at least one candidate. */
function first(candidates: ReadonlySet<Candidate>): Candidate {
  let [found] = candidates;
  if (found === undefined) throw new RangeError('no task to choose from');
  for (const candidate of candidates) if (goesBefore(candidate, found)) found = candidate;
  return found;
}

function goesBefore(a: Candidate, b: Candidate): boolean {
  if (a.isRunning !== b.isRunning) return !a.isRunning;
  if (a.zone.count !== b.zone.count) return a.zone.count > b.zone.count;
  if (a.host.count !== b.host.count) return a.host.count > b.host.count;
  return a.task.createdAt > b.task.createdAt;
}
