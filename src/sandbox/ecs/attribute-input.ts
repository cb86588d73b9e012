// The attributes of a PutAttributes or DeleteAttributes request, each with the container instance it is meant for.
import type { AttributeValue } from '../../world/ecs/attributes.ts';
import { type EcsCluster, findContainerInstance } from '../../world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../world/ecs/container-instance.ts';
import { ApiError, type ApiInput } from '../api.ts';
import { invalid, requiredText, structures, text, word } from './input.ts';

export interface TargetedAttribute extends AttributeValue {
  readonly target: EcsContainerInstance;
}

/** All of them, or the error of the first that is wrong: nothing is changed by half a request. */
export function targetedAttributesOf(input: ApiInput, cluster: EcsCluster): TargetedAttribute[] {
  const attributes = structures(input, 'attributes');
  if (attributes.length === 0) throw invalid('Attributes cannot be empty.');
  if (attributes.length > 10) throw invalid('Attributes cannot have more than 10 elements.');
  return attributes.map((attribute) => {
    word(attribute, 'targetType', ['container-instance'] as const);
    const target = findContainerInstance(cluster, requiredText(attribute, 'targetId'));
    if (target === undefined || target.status === 'INACTIVE') {
      throw new ApiError('TargetNotFoundException', `Could not find target ${text(attribute, 'targetId')}.`);
    }
    return { target, name: requiredText(attribute, 'name'), value: text(attribute, 'value') ?? null };
  });
}

export function attributeJson({ target, name, value }: TargetedAttribute): object {
  return { name, value: value ?? undefined, targetId: target.arn };
}
