// `spotkeeper drain`: sets instances DRAINING, marked as an operator's, and names what ECS will not move: a drain that
// cannot end looks, from outside, like one that is slow.
import { ATTRIBUTE, isOperatorsDrain, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { TaskArn } from '../../model/ids.ts';
import { type Service, serviceNameOf } from '../../model/service.ts';
import { canDrain } from '../../plan/retire/victims.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { inTurns } from './in-turns.ts';
import { type FailureFact, factOf, idsOf, type Outcome } from './outcome.ts';

export interface Drained extends Outcome {
  readonly result: 'draining' | 'draining-already' | 'failed';
  /** The notice that its agent answers, as the attribute says it; null when there is none. */
  readonly notice: string | null;
  /** What runs there and is not STOPPED; null when it could not be seen. */
  readonly tasks: TasksThere | null;
  /** What could not be seen, in the order in which it is asked. */
  readonly unseen: readonly Unseen[];
}

export interface Unseen {
  readonly what: 'tasks' | 'services' | 'protection';
  readonly failure: FailureFact;
}

export interface TasksThere {
  readonly count: number;
  /** Tasks of no service, which ECS never stops for a drain. */
  readonly standalone: readonly StandaloneTask[];
  /** Services whose percentages let no task start or stop, so that theirs stay; null when it could not be seen. */
  readonly stuckServices: readonly StuckService[] | null;
  /** Tasks with scale-in protection: whether ECS waits for it to end, AWS does not say. null when it could not be seen. */
  readonly protected: readonly TaskArn[] | null;
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
    const base = { ...idsOf(instance), isRefused: false, notice: instance.attributes[ATTRIBUTE.notice] ?? null };
    try {
      await setDraining(cluster, instance);
    } catch (error) {
      return { ...base, result: 'failed', tasks: null, unseen: [], failure: factOf(error) };
    }
    const result = instance.status === 'DRAINING' ? 'draining-already' : 'draining';
    return { ...base, result, failure: null, ...(await lookAt(cluster, instance)) };
  });
}

/** For the exit code: the drain is on, and yet not all of what was asked could be said. */
export function failuresOf(outcomes: readonly Drained[]): Pick<Outcome, 'failure' | 'isRefused'>[] {
  return outcomes.flatMap(({ unseen }) => unseen.map(({ failure }) => ({ failure, isRefused: false })));
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

/** The drain is on whatever comes of this, and what can be seen is told whatever else cannot. */
async function lookAt(cluster: Cluster, { arn }: ContainerInstance): Promise<Pick<Drained, 'tasks' | 'unseen'>> {
  const unseen: Unseen[] = [];
  const tasks = await see('tasks', unseen, () => cluster.tasksOn(arn));
  if (tasks === null) return { tasks: null, unseen };
  const names = [...new Set(tasks.flatMap((task) => serviceNameOf(task) ?? []))].sort();
  const services = await see('services', unseen, async () =>
    names.length === 0 ? [] : await cluster.servicesNamed(names),
  );
  const isDaemon = new Set((services ?? []).flatMap((one) => (one.schedulingStrategy === 'DAEMON' ? [one.name] : [])));
  const replicas = tasks.filter((task) => {
    const name = serviceNameOf(task);
    return name !== null && !isDaemon.has(name);
  });
  const guarded = await see('protection', unseen, async () =>
    replicas.length === 0 ? new Set<TaskArn>() : await cluster.protectedTasks(replicas.map(({ arn: task }) => task)),
  );
  const stuck = services?.filter((one) => one.schedulingStrategy === 'REPLICA' && !canDrain(one)).map(stuckOf);
  const there = {
    count: tasks.length,
    standalone: tasks.filter((task) => serviceNameOf(task) === null).map(({ arn, group }) => ({ task: arn, group })),
    stuckServices: stuck ?? null,
    protected: guarded === null ? null : [...guarded],
  };
  return { tasks: there, unseen };
}

/** null where it cannot be seen, which is noted. */
async function see<Seen>(what: Unseen['what'], unseen: Unseen[], look: () => Promise<Seen>): Promise<Seen | null> {
  try {
    return await look();
  } catch (error) {
    unseen.push({ what, failure: factOf(error) });
    return null;
  }
}

function stuckOf({ name, desiredCount, minimumHealthyPercent, maximumPercent }: Service): StuckService {
  return { name, desiredCount, minimumHealthyPercent, maximumPercent };
}
