// The account's task definitions: families and their revisions, found by the three ways in which AWS lets one name them.
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { requiredCapabilities } from './capabilities.ts';
import { ecsArn } from './identity.ts';
import type { EcsTaskDefinition, TaskDefinitionSpec } from './task-definition.ts';
import { needOf, stopTimeoutMsOf } from './task-need.ts';

export class TaskDefinitions {
  readonly #ground: Ground;
  /** Revision n of a family at index n − 1. */
  readonly #families = new Map<string, EcsTaskDefinition[]>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** @throws Refusal ClientException for what AWS would not register */
  register(spec: TaskDefinitionSpec): EcsTaskDefinition {
    checkSpec(spec);
    const { agenda, settings } = this.#ground;
    const revisions = this.#families.get(spec.family) ?? [];
    const revision = revisions.length + 1;
    const definition: EcsTaskDefinition = {
      ...spec,
      revision,
      arn: ecsArn(settings, 'task-definition', `${spec.family}:${revision}`),
      registeredAt: agenda.now,
      need: needOf(spec),
      requiresAttributes: requiredCapabilities(spec),
      stopTimeoutMs: stopTimeoutMsOf(spec.containers, settings.defaultStopTimeoutMs),
    };
    this.#families.set(spec.family, [...revisions, definition]);
    return definition;
  }

  /** By `family` (its newest revision), `family:revision` or ARN. */
  find(reference: string): EcsTaskDefinition | undefined {
    const [family = '', revision] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
    const revisions = this.#families.get(family) ?? [];
    const found = revision === undefined ? revisions.at(-1) : revisions[Number(revision) - 1];
    return reference.startsWith('arn:') && found?.arn !== reference ? undefined : found;
  }
}

function checkSpec(spec: TaskDefinitionSpec): void {
  if (!/^[\w-]{1,255}$/.test(spec.family)) throw clientError(`Invalid family: '${spec.family}'.`);
  if (spec.containers.length === 0) throw clientError('Container list cannot be empty.');
  for (const { name, memory, memoryReservation, portMappings } of spec.containers) {
    if (spec.memory === null && memory === null && memoryReservation === null) {
      throw clientError(
        `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
      );
    }
    if (memory !== null && memoryReservation !== null && memoryReservation > memory) {
      throw clientError(`Invalid setting for container '${name}'. 'memoryReservation' must not exceed 'memory'.`);
    }
    const isHost = spec.networkMode === 'host' || spec.networkMode === 'awsvpc';
    if (isHost && portMappings.some(({ hostPort, containerPort }) => hostPort !== 0 && hostPort !== containerPort)) {
      throw clientError(
        `When networkMode=${spec.networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
  }
}

function clientError(message: string): Refusal {
  return new Refusal('ClientException', message);
}
