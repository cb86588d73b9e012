// Tells the narrator what happens while the story is played, as the world, the request log and the processes report it.
import type { WorldEvent } from '../../world/history.ts';
import type { ProcessEvent } from '../processes/supervised-process.ts';
import type { RequestRecord } from '../request-log.ts';
import { CONTROLLERS, type Stage } from './stage.ts';
import { leader } from './watching.ts';

/** Starts telling. Returns the function that ends it. */
export function narrateWorld(stage: Stage): () => void {
  const note = (text: string | null) => {
    if (text !== null) stage.tell({ kind: 'note', text });
  };
  let led: string | null = null;
  const endings = [
    stage.world.history.subscribe((event) => note(inWords(event))),
    stage.processes.subscribe((event) => note(processInWords(event))),
    stage.sandbox.log.subscribe((record) => {
      note(requestInWords(record));
      if (record.action !== 'PutItem') return;
      const now = leader(stage);
      if (now !== led && now !== null) note(`${now} holds the lease and leads`);
      led = now;
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}

/** null for what is not worth a line: single tasks come and go by the dozen. */
function inWords(event: WorldEvent): string | null {
  switch (event.kind) {
    case 'fleet-target':
      return `the fleet's target is ${event.targetUnits} units`;
    case 'instance-launched':
      return `${event.instanceId} launched: ${event.instanceType} in ${event.zone}, ${event.weightUnits} units`;
    case 'container-instance-registered':
      return `${event.instanceId} joined the cluster`;
    case 'notice':
      return `${event.instanceId} has an interruption notice`;
    case 'notice-withdrawn':
      return `the interruption notice of ${event.instanceId} was withdrawn`;
    case 'container-instance-draining':
      return `${event.instanceId} is DRAINING`;
    case 'instance-ending':
      return `${event.instanceId} lost its power (${event.cause})`;
    case 'instance-stopping':
      return `${event.instanceId} lost its power and can be started again (${event.cause})`;
    case 'instance-rebooting':
      return `${event.instanceId} reboots`;
    case 'placement-failed':
      return `ECS could not place a task of ${event.service}: ${event.reason}`;
    case 'task-stopped':
      return event.end === 'cut-short' || event.end === 'killed-without-sigterm'
        ? `a task of ${event.group} was lost on ${event.instanceId}: ${event.end}`
        : null;
    case 'instance-booted':
    case 'instance-terminated':
    case 'task-placed':
    case 'task-running':
    case 'task-sigterm':
      return null;
    default:
      return event satisfies never;
  }
}

function processInWords(event: ProcessEvent): string | null {
  if (event.kind === 'started') return `${event.name} started, process ${event.pid}`;
  if (event.kind === 'line' || event.wasStopped) return null;
  const how = event.signal ?? `exit code ${event.code}`;
  return `${event.name} ended with ${how}${event.isRestarting ? ' and is started again' : ''}`;
}

/** Only what a controller asks EC2 for; the rest shows as what the world makes of it. */
function requestInWords({ action, caller, input, errorCode }: RequestRecord): string | null {
  if (!CONTROLLERS.some((name) => name === caller?.name)) return null;
  const refused = errorCode === null ? '' : `: ${errorCode}`;
  if (action === 'ModifySpotFleetRequest') return `${caller?.name} asks for ${input.TargetCapacity} units${refused}`;
  if (action === 'TerminateInstances') return `${caller?.name} ends ${String(input.InstanceId)}${refused}`;
  return null;
}
