// Which tasks are listed at a pass. Those on instances that we retire always; those on noticed ones, on those the planner
// asks about and on those that changed as far as the budget goes; the whole cluster at once where that costs less. A
// small cluster is so known whole at every pass; in a large one only what a decision needs is known, and the rest of the
// budget goes to whoever was listed longest ago.
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { ContainerInstanceArn, TaskArn } from '../../model/ids.ts';
import type { Task } from '../../model/service.ts';
import { type ClusterReads, MOST, type TaskQuery } from '../../ports/cluster-reads.ts';
import type { CallBudget } from './call-budget.ts';
import { isLeaving, isNoticed } from './leaving.ts';
import { everyPage } from './sweep.ts';
import { countedTasks, type TaskBook } from './task-book.ts';

// So few pages are listed at every pass: that costs no more than listing one or two instances that changed.
const ALWAYS_PAGES = 2;

export interface TaskReading {
  readonly book: TaskBook;
  readonly cluster: ClusterReads;
  readonly budget: CallBudget;
  readonly instances: readonly ContainerInstance[];
  readonly lookAt: readonly ContainerInstanceArn[];
  readonly signal: AbortSignal | undefined;
}

/** Of 25: with the fifteen left, a cluster of 5,000 is still gone round in little more than a minute. */
const MOST_RESERVED = 10;

/** How many calls the tasks of these will take, as far as they may slow down the rotation of instances. */
export function callsFor(
  lookAt: readonly ContainerInstanceArn[],
  instances: readonly ContainerInstance[],
  book: TaskBook,
): number {
  const wanted = new Set(lookAt);
  const unknown = instances.filter((instance) => wanted.has(instance.arn) && !book.isCurrent(instance));
  return Math.min(MOST_RESERVED, unknown.length + Math.ceil(unknown.length / 2));
}

/** Reads on within the budget, in order of need. @throws Failure, and keeps what was read before it */
export async function readTasks(reading: TaskReading): Promise<void> {
  const { book, instances } = reading;
  book.forgetAllBut(instances);
  for (const instance of instances) {
    // The counts leave out what is still stopping; on an instance that stays, that matters to nobody.
    if (!isLeaving(instance) && countedTasks(instance) === 0 && !book.isCurrent(instance)) book.keep(instance, []);
  }
  await readAwaited(reading, instances.filter(isAwaited));
  const others = instances.filter((instance) => !isAwaited(instance));
  if (isWholeWorthIt(reading, others)) await readWhole(reading, others);
  else await readSome(reading, inOrderOfNeed(reading, others));
}

/** Somebody waits for its last task to end: we retire it, or somebody else drains it. A noticed one EC2 ends anyway. */
function isAwaited(instance: ContainerInstance): boolean {
  return isLeaving(instance) && !isNoticed(instance);
}

/** Asked at every pass, whatever it costs: whether each task has ended, those inside their stop timeout included. */
async function readAwaited(reading: TaskReading, awaited: readonly ContainerInstance[]): Promise<void> {
  const { book } = reading;
  const ended = new Set<TaskArn>();
  for (const instance of awaited) {
    const wanted = await list(reading, { on: instance.arn, desiredStatus: 'RUNNING' });
    const ending = await list(reading, { on: instance.arn, desiredStatus: 'STOPPED' });
    for (const arn of ending) if (book.ended.has(arn)) ended.add(arn);
    const stopping = await describe(
      reading,
      ending.filter((arn) => !book.ended.has(arn)),
    );
    for (const task of stopping) if (isOver(task)) ended.add(task.arn);
    const running = await describeNew(reading, wanted, book.lastOn(instance.arn));
    book.keep(
      instance,
      [...running, ...stopping].filter((task) => !isOver(task)),
    );
  }
  book.ended = ended;
}

/** One listing of the whole cluster against one of each instance that needs it, both within the budget. */
function isWholeWorthIt({ book, budget }: TaskReading, others: readonly ContainerInstance[]): boolean {
  const pages = Math.max(1, Math.ceil(sumOfTasks(others) / MOST.listed));
  if (pages <= ALWAYS_PAGES) return true;
  const stale = others.filter((instance) => !book.isFresh(instance));
  const unknown = sumOfTasks(stale.filter(({ arn }) => book.lastOn(arn).length === 0));
  return stale.length > pages && pages + Math.ceil(unknown / MOST.tasks) + 1 <= budget.available();
}

async function readWhole(reading: TaskReading, others: readonly ContainerInstance[]): Promise<void> {
  const arns = await list(reading, { on: null, desiredStatus: 'RUNNING' });
  const known = others.flatMap(({ arn }) => reading.book.lastOn(arn));
  const running = new Map<string, Task[]>(others.map(({ arn }) => [arn, []]));
  for (const task of await describeNew(reading, arns, known)) running.get(task.containerInstanceArn ?? '')?.push(task);
  await keepAll(reading, new Map(others.map((instance) => [instance, running.get(instance.arn) ?? []])));
}

/** The noticed, those the planner asks about, those nothing is known of, then whatever was listed longest ago. */
function inOrderOfNeed(
  { book, budget, lookAt }: TaskReading,
  others: readonly ContainerInstance[],
): ContainerInstance[] {
  const noticed = others.filter((instance) => isNoticed(instance) && !isSettled(book, instance));
  // What only scale-in wants to know waits while AWS is busy.
  if (budget.isPressed()) return noticed;
  const byArn = new Map(others.map((instance) => [instance.arn, instance]));
  const wished = lookAt.flatMap((arn) => byArn.get(arn) ?? []).filter((instance) => !book.isCurrent(instance));
  const stale = others
    .filter((instance) => !book.isFresh(instance))
    .sort((a, b) => book.listedAtMs(a.arn) - book.listedAtMs(b.arn));
  return [...new Set([...noticed, ...wished, ...stale])];
}

function isSettled(book: TaskBook, instance: ContainerInstance): boolean {
  return (
    book.isCurrent(instance) && book.lastOn(instance.arn).every(({ desiredStatus }) => desiredStatus !== 'STOPPED')
  );
}

/** One call each, and one for every hundred of their tasks that are new to us. */
async function readSome(reading: TaskReading, order: readonly ContainerInstance[]): Promise<void> {
  const { book, budget } = reading;
  const listed = new Map<ContainerInstance, readonly TaskArn[]>();
  let unknown = 0;
  for (const instance of order) {
    if (budget.available() <= Math.ceil((unknown + countedTasks(instance)) / MOST.tasks)) break;
    const arns = await list(reading, { on: instance.arn, desiredStatus: 'RUNNING' });
    unknown += without(arns, book.lastOn(instance.arn)).length;
    listed.set(instance, arns);
  }
  const known = [...listed.keys()].flatMap(({ arn }) => book.lastOn(arn));
  const described = await describeNew(reading, [...listed.values()].flat(), known);
  const tasks = new Map(described.map((task) => [task.arn, task]));
  const running = [...listed].map(
    ([instance, arns]) => [instance, arns.flatMap((arn) => tasks.get(arn) ?? [])] as const,
  );
  await keepAll(reading, new Map(running));
}

/**
 * With what each noticed instance has lost since it was last listed and that is still stopping. A task that came and
 * was told to stop between two looks is not among them: EC2 ends the instance whether we saw it or not.
 */
async function keepAll(reading: TaskReading, running: ReadonlyMap<ContainerInstance, readonly Task[]>): Promise<void> {
  const { book } = reading;
  const lost = [...running].flatMap(([instance, tasks]) =>
    isNoticed(instance)
      ? without(
          book.lastOn(instance.arn).map(({ arn }) => arn),
          tasks,
        )
      : [],
  );
  const stopping = (await describe(reading, lost)).filter((task) => !isOver(task));
  for (const [instance, tasks] of running) {
    book.keep(instance, [...tasks, ...stopping.filter((task) => task.containerInstanceArn === instance.arn)]);
  }
}

function list({ cluster, budget, signal }: TaskReading, query: TaskQuery): Promise<TaskArn[]> {
  return everyPage((page) => budget.call(() => cluster.listTasks(query, page, signal)));
}

/** The tasks behind these ARNs in their order; one that has gone since it was listed is left out. */
async function describeNew(reading: TaskReading, arns: readonly TaskArn[], known: readonly Task[]): Promise<Task[]> {
  const described = await describe(reading, without(arns, known));
  const tasks = new Map([...known, ...described].map((task) => [task.arn, task]));
  return arns.flatMap((arn) => tasks.get(arn) ?? []);
}

async function describe({ cluster, budget, signal }: TaskReading, arns: readonly TaskArn[]): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let at = 0; at < arns.length; at += MOST.tasks) {
    const { items } = await budget.call(() => cluster.describeTasks(arns.slice(at, at + MOST.tasks), signal));
    tasks.push(...items);
  }
  return tasks;
}

function without(arns: readonly TaskArn[], tasks: readonly Task[]): TaskArn[] {
  const known = new Set(tasks.map(({ arn }) => arn));
  return arns.filter((arn) => !known.has(arn));
}

function sumOfTasks(instances: readonly ContainerInstance[]): number {
  return instances.reduce((sum, instance) => sum + countedTasks(instance), 0);
}

function isOver({ lastStatus }: Task): boolean {
  return lastStatus === 'STOPPED' || lastStatus === 'DELETED';
}
