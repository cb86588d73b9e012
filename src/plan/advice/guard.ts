// How far cordon and readiness reach in this cluster: the services that do not ask for them, and the instances that have
// something to say about them.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import { lacksOf } from './placing.ts';

export interface Guard {
  /** REPLICA services; DAEMON services are exempt. */
  readonly serviceCount: number;
  /** Services that would place tasks on a cordoned instance, by name. */
  readonly withoutCordon: readonly string[];
  /** Services that would place tasks on an instance that is not ready, by name. */
  readonly withoutReady: readonly string[];
  /** Whose agent says that they are not ready. */
  readonly notReady: readonly InstanceId[];
  /** Whose agent, if there is one, has never said anything. */
  readonly silent: readonly InstanceId[];
  readonly cordoned: readonly { readonly instanceId: InstanceId; readonly by: string }[];
}

export function guardOf({
  services,
  definitions,
  containerInstances,
}: Pick<ClusterSnapshot, 'services' | 'definitions' | 'containerInstances'>): Guard {
  const byArn = new Map(definitions.map((definition) => [definition.arn, definition]));
  const replicas = services.filter(({ schedulingStrategy }) => schedulingStrategy === 'REPLICA');
  const lacking = replicas.map((service) => ({
    name: service.name,
    ...lacksOf(service, byArn.get(service.taskDefinition) ?? null),
  }));
  const here = containerInstances.filter(({ status }) => status === 'ACTIVE' || status === 'DRAINING');
  return {
    serviceCount: replicas.length,
    withoutCordon: lacking.flatMap(({ name, cordon }) => (cordon ? [name] : [])).sort(),
    withoutReady: lacking.flatMap(({ name, ready }) => (ready ? [name] : [])).sort(),
    notReady: idsOf(here, ({ attributes }) => attributes[ATTRIBUTE.ready] === 'no'),
    silent: idsOf(here, ({ attributes }) => attributes[ATTRIBUTE.ready] === undefined),
    cordoned: here
      .flatMap(({ instanceId, attributes }) => {
        const by = attributes[ATTRIBUTE.cordoned];
        return by === undefined ? [] : [{ instanceId, by }];
      })
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1)),
  };
}

function idsOf(all: readonly ContainerInstance[], holds: (instance: ContainerInstance) => boolean): InstanceId[] {
  return all
    .filter(holds)
    .map(({ instanceId }) => instanceId)
    .sort();
}
