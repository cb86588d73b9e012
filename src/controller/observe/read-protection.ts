// Which tasks are protected from scale-in, on the instances that a decision may choose: nothing else tells, and a protection
// comes and goes with the work of a task, so it is asked anew at every pass.
import type { ContainerInstanceArn, TaskArn } from '../../model/ids.ts';
import { serviceNameOf, type Task } from '../../model/service.ts';
import type { ProtectionOnInstance } from '../../model/snapshot.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { MOST } from '../../ports/cluster-reads.ts';
import type { CallBudget } from './call-budget.ts';

export interface ProtectionReading {
  readonly cluster: Pick<Cluster, 'protectedTasks'>;
  readonly budget: CallBudget;
  /** Most wanted first. */
  readonly wanted: readonly ContainerInstanceArn[];
  readonly tasksOn: (arn: ContainerInstanceArn) => readonly Task[];
  readonly signal: AbortSignal | undefined;
}

/** As many of the wanted as calls are left for; standalone tasks know no protection. Throws what the port throws. */
export async function readProtection({
  wanted,
  tasksOn,
  ...reading
}: ProtectionReading): Promise<ProtectionOnInstance[]> {
  const looked: { containerInstanceArn: ContainerInstanceArn; tasks: TaskArn[] }[] = [];
  // One call is always made: where passes follow each other quickly the budget is used up before its turn comes, every time.
  let room = Math.max(1, reading.budget.available()) * MOST.tasks;
  for (const containerInstanceArn of wanted) {
    const tasks = tasksOn(containerInstanceArn).flatMap((task) => (serviceNameOf(task) === null ? [] : [task.arn]));
    room -= tasks.length;
    if (room < 0) break;
    looked.push({ containerInstanceArn, tasks });
  }
  const found = await protectedAmong(
    reading,
    looked.flatMap(({ tasks }) => tasks),
  );
  return looked.map(({ containerInstanceArn, tasks }) => ({
    containerInstanceArn,
    protectedTasks: tasks.filter((arn) => found.has(arn)),
  }));
}

async function protectedAmong(
  { cluster, budget, signal }: Pick<ProtectionReading, 'cluster' | 'budget' | 'signal'>,
  arns: readonly TaskArn[],
): Promise<ReadonlySet<TaskArn>> {
  const found = new Set<TaskArn>();
  for (let at = 0; at < arns.length; at += MOST.tasks) {
    const some = arns.slice(at, at + MOST.tasks);
    const { tasks } = await budget.call(async () => ({ tasks: await cluster.protectedTasks(some, signal), tries: 1 }));
    for (const arn of tasks) found.add(arn);
  }
  return found;
}
