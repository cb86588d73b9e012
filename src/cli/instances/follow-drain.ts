// Follows a drain to its end: until every task on the instances has STOPPED, whatever was desired of it. It only looks;
// when it stops looking the drain goes on.
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { explain, Failure } from '../../ports/failure.ts';
import { inTurns } from './in-turns.ts';

export interface Following {
  readonly clock: Clock;
  /** Aborts when the operator has seen enough. */
  readonly signal: AbortSignal;
  /** null waits for ever. */
  readonly timeoutMs: number | null;
  /** Called when the number of tasks has changed, and when it cannot be seen for a while. */
  say(text: string): void;
}

export interface Followed {
  readonly end: 'drained' | 'timed-out' | 'interrupted';
  /** Tasks that are not STOPPED yet, as last seen. */
  readonly left: ReadonlyMap<ContainerInstanceArn, number>;
}

// AWS asks for polling with growing pauses from about 2 s; past 30 s an operator thinks that it hangs.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const GROWTH = 1.5;

/** @throws Failure of the operator's class; others are waited out */
export function followDrain(
  cluster: Cluster,
  arns: readonly ContainerInstanceArn[],
  following: Following,
): Promise<Followed> {
  return follow(arns, following, { leftOn: (arn, signal) => tasksLeft(cluster, arn, signal), wordsOf: tasksWords });
}

/** What is waited for: how much of it an instance still has, and how that is said. */
export interface Awaited {
  leftOn(arn: ContainerInstanceArn, signal: AbortSignal): Promise<number>;
  wordsOf(left: readonly number[]): string;
}

/** Looks again and again until nothing is left anywhere. @throws Failure of the operator's class; others are waited out */
export async function follow(
  arns: readonly ContainerInstanceArn[],
  following: Following,
  awaited: Awaited,
): Promise<Followed> {
  const { clock, signal, timeoutMs, say } = following;
  const until = timeoutMs === null ? Number.POSITIVE_INFINITY : clock.monotonicMs() + timeoutMs;
  const left = new Map<ContainerInstanceArn, number>(arns.map((arn) => [arn, Number.NaN]));
  let told = '';
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH)) {
    const text = await look(awaited, left, signal);
    if (signal.aborted) return { end: 'interrupted', left };
    if ([...left.values()].every((count) => count === 0)) return { end: 'drained', left };
    if (text !== told) say(text);
    told = text;
    const restMs = until - clock.monotonicMs();
    if (restMs <= 0) return { end: 'timed-out', left };
    await clock.sleep(Math.min(pauseMs, restMs), signal);
    if (signal.aborted) return { end: 'interrupted', left };
  }
}

/** Counts what is left, and puts it into words. */
async function look(
  { leftOn, wordsOf }: Awaited,
  left: Map<ContainerInstanceArn, number>,
  signal: AbortSignal,
): Promise<string> {
  const open = [...left].flatMap(([arn, count]) => (count === 0 ? [] : [arn]));
  try {
    await inTurns(open, async (arn) => left.set(arn, await leftOn(arn, signal)));
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'world') throw error;
    return `not seen: ${explain(error)}`;
  }
  return wordsOf([...left.values()]);
}

function tasksWords(left: readonly number[]): string {
  const tasks = left.reduce((sum, count) => sum + count, 0);
  const instances = left.filter((count) => count > 0).length;
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'} left on ${instances} ${instances === 1 ? 'instance' : 'instances'}`;
}

/** An instance that has left the cluster has none. */
async function tasksLeft(cluster: Cluster, arn: ContainerInstanceArn, signal: AbortSignal): Promise<number> {
  try {
    return (await cluster.tasksOn(arn, signal)).length;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'refused') throw error;
    const instance = await cluster.containerInstance(arn, signal);
    if (instance === null || instance.status === 'INACTIVE') return 0;
    throw error;
  }
}
