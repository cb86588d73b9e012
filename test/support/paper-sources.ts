// A cluster on paper behind every port of a pass, answering with what a snapshot holds.
import type { Sources } from '../../src/controller/observe.ts';
import { NO_ORDERS } from '../../src/model/orders.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Failure } from '../../src/ports/failure.ts';
import { aCountedCluster } from './counted-cluster.ts';

/** Whoever would change anything is refused: a pass that has nothing to do does not try. */
export function paperSources(snapshot: ClusterSnapshot, clock: Clock): Sources {
  const { fleet } = snapshot;
  if (fleet === null) throw new Error('a snapshot with a fleet is needed');
  const paper = aCountedCluster(clock);
  for (const each of snapshot.containerInstances) paper.instances.set(each.instanceId, each);
  for (const each of snapshot.services) paper.services.set(each.name, each);
  for (const { tasks } of snapshot.tasks) for (const each of tasks) paper.tasks.set(each.arn, each);
  const definitions = new Map(snapshot.definitions.map((each) => [each.arn, each]));
  const refused = async (): Promise<never> => {
    throw new Failure('refused', 'asking paper for more than it holds');
  };
  return {
    clusterName: snapshot.cluster,
    clock,
    cluster: {
      ...paper.reads,
      verify: async () => {},
      taskDefinition: async (arn) => definitions.get(arn) ?? refused(),
      protectedTasks: async () => new Set(snapshot.protection.flatMap(({ protectedTasks }) => protectedTasks)),
      operatorWords: async () => ({
        orders: snapshot.orders ?? NO_ORDERS,
        intents: async () => ({ intents: [...snapshot.intents], malformed: [] }),
      }),
      setTag: refused,
      removeTag: refused,
      containerInstance: refused,
      servicesNamed: refused,
      tasksOn: refused,
      drain: refused,
      reactivate: refused,
      setAttribute: refused,
      removeAttribute: refused,
      startTask: refused,
      stopTask: refused,
    },
    fleet: { describe: async () => fleet, launchOf: refused, setTargetCapacity: refused },
    instances: {
      describe: async (ids) => snapshot.instances.filter(({ id }) => ids.includes(id)),
      types: async (names) => snapshot.instanceTypes.filter(({ name }) => names.includes(name)),
      terminate: refused,
    },
  };
}
