// `spotkeeper drain`: sets instances DRAINING, marked as an operator's, and names what ECS will not move: a drain that
// cannot end looks, from outside, like one that is slow.
import { ATTRIBUTE, isOperatorsDrain, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { TaskArn } from '../../model/ids.ts';
import { type Service, serviceNameOf, type Task } from '../../model/service.ts';
import { canDrain } from '../../plan/victims.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { inTurns } from './in-turns.ts';
import { type FailureFact, factOf, idsOf, type Outcome } from './outcome.ts';

export interface Drained extends Outcome {
  readonly result: 'draining' | 'draining-already' | 'failed';
  /** What runs there and is not STOPPED; null when it could not be seen. */
  readonly tasks: TasksThere | null;
}

export interface TasksThere {
  readonly count: number;
  /** Tasks of no service, which ECS never stops for a drain. */
  readonly standalone: readonly StandaloneTask[];
  /** Services whose percentages let no task start or stop, so that theirs stay. */
  readonly stuckServices: readonly StuckService[];
  /** Tasks with scale-in protection: whether ECS waits for it to end, AWS does not say. */
  readonly protected: readonly TaskArn[];
}

export interface StandaloneTask {
  readonly task: TaskArn;
  readonly group: string;
}

export interface StuckService {
  readonly name: string;
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
}

export function drain(cluster: Cluster, instances: readonly ContainerInstance[]): Promise<Drained[]> {
  return inTurns(instances, async (instance): Promise<Drained> => {
    const base = { ...idsOf(instance), isRefused: false };
    try {
      await setDraining(cluster, instance);
    } catch (error) {
      return { ...base, result: 'failed', tasks: null, failure: factOf(error) };
    }
    const result = instance.status === 'DRAINING' ? 'draining-already' : 'draining';
    const { tasks, failure } = await lookAt(cluster, instance);
    return { ...base, result, tasks, failure };
  });
}

/**
 * The mark before the state, so that nobody takes it for his own. Where somebody else drains already the mark says so:
 * they will not take it back against the operator, and lifting the mark will not end their drain.
 */
async function setDraining(cluster: Cluster, { arn, attributes, status }: ContainerInstance): Promise<void> {
  const present = attributes[ATTRIBUTE.cordoned];
  if (status === 'DRAINING') {
    if (!isOperatorsDrain(present)) await cluster.setAttribute(arn, ATTRIBUTE.cordoned, OPERATORS_HOLD);
    return;
  }
  if (present !== OPERATORS_DRAIN) await cluster.setAttribute(arn, ATTRIBUTE.cordoned, OPERATORS_DRAIN);
  await cluster.drain(arn);
}

/** The drain is on whatever comes of this. */
async function lookAt(
  cluster: Cluster,
  { arn }: ContainerInstance,
): Promise<{ tasks: TasksThere | null; failure: FailureFact | null }> {
  try {
    return { tasks: await tasksThere(cluster, await cluster.tasksOn(arn)), failure: null };
  } catch (error) {
    return { tasks: null, failure: factOf(error) };
  }
}

async function tasksThere(cluster: Cluster, tasks: readonly Task[]): Promise<TasksThere> {
  const names = [...new Set(tasks.flatMap((task) => serviceNameOf(task) ?? []))].sort();
  const services = names.length === 0 ? [] : await cluster.servicesNamed(names);
  const isDaemon = new Set(services.flatMap((one) => (one.schedulingStrategy === 'DAEMON' ? [one.name] : [])));
  const replicas = tasks.filter((task) => {
    const name = serviceNameOf(task);
    return name !== null && !isDaemon.has(name);
  });
  const guarded =
    replicas.length === 0 ? new Set<TaskArn>() : await cluster.protectedTasks(replicas.map(({ arn }) => arn));
  return {
    count: tasks.length,
    standalone: tasks.filter((task) => serviceNameOf(task) === null).map(({ arn, group }) => ({ task: arn, group })),
    stuckServices: services.filter((one) => one.schedulingStrategy === 'REPLICA' && !canDrain(one)).map(stuckOf),
    protected: [...guarded],
  };
}

function stuckOf({ name, desiredCount, minimumHealthyPercent, maximumPercent }: Service): StuckService {
  return { name, desiredCount, minimumHealthyPercent, maximumPercent };
}
