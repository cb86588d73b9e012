// The record of a container instance in the moment its ECS agent registers: size, GPUs, interfaces and attributes follow
// from the instance type and from the account settings of that moment.
import type { HostPort } from '../../model/resources.ts';
import type { Ec2Instance } from '../ec2/instance.ts';
import { type CatalogueType, instanceTypeOf } from '../ec2/instance-types.ts';
import type { Ground } from '../ground.ts';
import { builtInAttributes } from './attributes.ts';
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { ECS_AGENT_VERSION } from './ecs-agent-version.ts';
import { ecsArn, newId } from './identity.ts';
import { newInstanceTally } from './tally.ts';

/** ECS_RESERVED_PORTS by default: ssh, the Docker daemon and the ECS agent's own. */
const RESERVED_PORTS: readonly HostPort[] = ['tcp:22', 'tcp:2375', 'tcp:2376', 'tcp:51678', 'tcp:51679'];

/** @param hasTrunking whether the account setting `awsvpcTrunking` is on */
export function newContainerInstance(
  cluster: EcsCluster,
  ec2: Ec2Instance,
  { agenda, rng, settings }: Ground,
  hasTrunking: boolean,
): EcsContainerInstance {
  const type = instanceTypeOf(ec2.instanceType);
  const id = newId(rng);
  const trunkTasks = hasTrunking ? type.tasksWithTrunk : null;
  const trunkId = trunkTasks === null ? null : `eni-0${newId(rng).slice(0, 16)}`;
  const attributes = builtInAttributes(ec2, type.architecture, trunkId);
  return {
    id,
    arn: ecsArn(settings, 'container-instance', `${cluster.name}/${id}`),
    cluster,
    ec2,
    agentVersion: ECS_AGENT_VERSION,
    registered: type.registered,
    gpuIds: gpuIdsOf(type, id),
    // The first interface is the instance's own.
    eniSlots: trunkTasks ?? type.networkInterfaces - 1,
    reservedPorts: RESERVED_PORTS,
    registeredAt: agenda.now,
    builtInAttributes: new Set(attributes.keys()),
    attributes,
    tasks: new Set(),
    tally: newInstanceTally(),
    status: 'ACTIVE',
    agentConnected: true,
    capacityProvider: null,
    version: 1,
    inactiveSince: null,
  };
}

/** Shaped like NVIDIA's; made from the instance's id, so that GPUs cost no randomness. */
function gpuIdsOf({ gpus }: CatalogueType, id: string): string[] {
  const hex = (from: number, to: number): string => id.slice(from, to);
  const body = `${hex(0, 8)}-${hex(8, 12)}-${hex(12, 16)}-${hex(16, 20)}`;
  return Array.from({ length: gpus?.count ?? 0 }, (_, index) => `GPU-${body}-${hex(20, 31)}${index.toString(16)}`);
}
