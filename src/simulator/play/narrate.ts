// What of a play is worth a line: the life of instances, what controllers decide and agents answer, who leads, what was
// lost. Tasks come and go by the dozen; of them only those that end as none should, and services that wait.
import type { WorldEvent } from '../../world/history.ts';
import { errorIn, type LogLevel } from './said.ts';
import type { Stage } from './stage.ts';
import type { Tell } from './told.ts';

/** Begins to tell what happens in the world. */
export function narrateWorld({ world, names }: Pick<Stage, 'world' | 'names'>, tell: Tell): void {
  world.history.subscribe((event) => {
    const what = inWords(event);
    if (what !== null) tell('instanceId' in event ? names.of(event.instanceId) : 'fleet', what);
  });
}

function inWords(event: WorldEvent): string | null {
  switch (event.kind) {
    case 'fleet-target':
      return `target ${event.targetUnits}`;
    case 'instance-launched':
      return `launched: ${event.instanceType} in ${event.zone}, ${event.weightUnits} units`;
    case 'container-instance-registered':
      return 'joined';
    case 'notice':
      return 'noticed';
    case 'notice-withdrawn':
      return 'notice withdrawn';
    case 'container-instance-draining':
      return 'draining';
    case 'instance-ending':
    case 'instance-stopping':
      return `power off: ${event.cause}`;
    case 'task-stopped':
      return event.end === 'cut-short' || event.end === 'killed-without-sigterm'
        ? `a task of ${event.group} is lost: ${event.end}`
        : null;
    case 'instance-rebooting':
      return 'reboots';
    case 'instance-booted':
    case 'instance-terminated':
    case 'placement-failed':
    case 'task-placed':
    case 'task-running':
    case 'task-sigterm':
      return null;
    default:
      return event satisfies never;
  }
}

/** Words of processes that say what a line of the world says already, or what every start begins with. */
const SILENT: ReadonlySet<string> = new Set([
  'where we stand',
  'partial view: nothing shrinks',
  'where we stand, with something left out',
  'this host is a container instance of the cluster',
  'waiting for the ECS agent to register this instance',
  'this container instance is marked as ready',
  'tasks that are still here at these instants will be stopped',
  'controller started',
]);

/** A log line as a line of the transcript; null for one that is not worth it. */
export function saidInWords(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): string | null {
  if (SILENT.has(message)) return null;
  if (message === 'done') return actionInWords(fields);
  return `${level === 'info' ? '' : `${level}: `}${message}${errorIn(fields)}`;
}

function actionInWords({
  kind,
  reason,
  instanceId,
  fromUnits,
  targetUnits,
}: Readonly<Record<string, unknown>>): string {
  const what = kind === 'set-target' ? `${fromUnits} -> ${targetUnits}` : String(instanceId);
  return `${kind} ${what}: ${reason}`;
}

/** Tells when a service begins and ends to lack tasks. To be called after every step. */
export function serviceTeller({ cluster }: Stage, tell: Tell): () => void {
  const waiting = new Set<string>();
  return () => {
    for (const { name, wants, schedulingStrategy } of cluster.services.values()) {
      if (schedulingStrategy === 'DAEMON' || wants.length > 0 === waiting.has(name)) continue;
      if (wants.length > 0) waiting.add(name);
      else waiting.delete(name);
      tell(name, wants.length > 0 ? `waits for ${wants.length} tasks` : 'has all its tasks placed');
    }
  };
}
