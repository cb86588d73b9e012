// What RunTask and StartTask have in common.
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';
import type { ApiRequest } from '../api.ts';
import { has, invalid, structure, structures, text } from './input.ts';
import { taskDefinitionOf } from './lookup.ts';
import { refuseOtherCapacity } from './service-input.ts';

export interface StandaloneInput {
  readonly definition: EcsTaskDefinition;
  readonly group?: string;
  readonly startedBy?: string;
}

export function standaloneInputOf(request: ApiRequest): StandaloneInput {
  const { input } = request;
  refuseOtherCapacity(input);
  refuseSizeOverrides(request);
  const group = text(input, 'group');
  const startedBy = text(input, 'startedBy');
  if (group?.startsWith('service:')) throw invalid("The group name cannot start with 'service:'.");
  if (startedBy !== undefined && startedBy.length > 128)
    throw invalid('startedBy cannot be longer than 128 characters.');
  return {
    definition: taskDefinitionOf(request),
    ...(group === undefined ? {} : { group }),
    ...(startedBy === undefined ? {} : { startedBy }),
  };
}

/** Overrides of commands and environment change nothing in this world; overrides of size would, and are not supported. */
function refuseSizeOverrides({ input }: ApiRequest): void {
  const overrides = structure(input, 'overrides');
  const sized = [overrides, ...structures(overrides, 'containerOverrides')];
  const fields = ['cpu', 'memory', 'memoryReservation', 'resourceRequirements'] as const;
  if (sized.some((override) => fields.some((field) => has(override, field)))) {
    throw invalid('The sandbox does not support overrides of cpu, memory or resourceRequirements.');
  }
}
