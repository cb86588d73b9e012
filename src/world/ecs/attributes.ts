// Attributes of a container instance: those ECS and its agent write at registration, and the few one may add.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html
import type { Ec2Instance } from '../ec2/instance.ts';
import { VPC_ID } from '../ec2/network.ts';
import { Refusal } from '../refusal.ts';
import { INSTANCE_CAPABILITIES } from './capabilities.ts';
import type { EcsContainerInstance } from './container-instance.ts';

export interface AttributeValue {
  readonly name: string;
  readonly value: string | null;
}

const CUSTOM_LIMIT = 10;
const NAME = /^[\w\-/\\.]{1,128}$/;
const VALUE = /^(?! )[\w\-/\\.@: ]{1,128}(?<! )$/;

/** @param trunkId its trunk interface; null when it has none */
export function builtInAttributes(
  ec2: Ec2Instance,
  architecture: string,
  trunkId: string | null,
): Map<string, string | null> {
  return new Map<string, string | null>([
    ['ecs.availability-zone', ec2.zone],
    ['ecs.instance-type', ec2.instanceType],
    ['ecs.os-type', 'linux'],
    ['ecs.os-family', 'LINUX'],
    ['ecs.cpu-architecture', architecture],
    ['ecs.ami-id', ec2.imageId],
    ['ecs.vpc-id', VPC_ID],
    ['ecs.subnet-id', ec2.subnetId],
    ...(trunkId === null ? [] : ([['ecs.awsvpc-trunk-id', trunkId]] as const)),
    ...INSTANCE_CAPABILITIES.map((name) => [name, null] as const),
  ]);
}

/**
 * Writes the attribute; one of the same name is overwritten.
 * @throws Refusal InvalidParameterException, AttributeLimitExceededException
 */
export function putAttribute(instance: EcsContainerInstance, { name, value }: AttributeValue): void {
  if (!NAME.test(name)) throw new Refusal('InvalidParameterException', `Invalid attribute name: ${name}`);
  if (value !== null && !VALUE.test(value)) {
    throw new Refusal('InvalidParameterException', `Invalid attribute value: ${value}`);
  }
  const isNew = !instance.attributes.has(name);
  if (isNew && instance.attributes.size - instance.builtInAttributes.size >= CUSTOM_LIMIT) {
    throw new Refusal('AttributeLimitExceededException', `${instance.arn} already has ${CUSTOM_LIMIT} attributes.`);
  }
  if (instance.builtInAttributes.has(name)) {
    throw new Refusal('InvalidParameterException', `Attribute ${name} is reserved.`);
  }
  instance.attributes.set(name, value);
  instance.version += 1;
}

/** Removes it if it is there, and if a value is given only where it has that value. Built-in ones stay. */
export function deleteAttribute(instance: EcsContainerInstance, { name, value }: AttributeValue): void {
  if (instance.builtInAttributes.has(name) || !instance.attributes.has(name)) return;
  if (value !== null && instance.attributes.get(name) !== value) return;
  instance.attributes.delete(name);
  instance.version += 1;
}
