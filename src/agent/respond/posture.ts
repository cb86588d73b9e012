// How far out of service this instance is to be. `cordoned` admits no new tasks and keeps those that run; `drained` has
// ECS move them, too. Several causes may stand at once: the most urgent is answered, and none of them may be lifted by
// another, so the posture is the furthest that any asks for.
import type { TaskArn } from '../../model/ids.ts';
import type { Cause } from './cause.ts';
import type { Situation } from './situation.ts';
import { hasDrained } from './step-ids.ts';

/** `undecided`: nobody has looked yet whether a task here is protected; nothing is set and nothing lifted. */
export type Posture = 'open' | 'cordoned' | 'undecided' | 'drained';

const FURTHEST_FIRST = ['drained', 'undecided', 'cordoned'] as const satisfies readonly Posture[];

export function postureOf(standing: readonly Cause[], situation: Situation): Posture {
  const asked = standing.map((cause) => postureFor(cause, situation));
  return FURTHEST_FIRST.find((posture) => asked.includes(posture)) ?? 'open';
}

/** The tasks here whose protection keeps any of these causes from draining; given that nothing drains. */
export function protectedInTheWay(standing: readonly Cause[], { here, settings }: Situation): TaskArn[] {
  if (standing.every((cause) => isCordonEnough(cause, settings))) return [];
  return (here?.tasks ?? [])
    .filter(({ isProtected }) => isProtected)
    .map(({ arn }) => arn)
    .sort();
}

function postureFor(cause: Cause, { here, memory, settings }: Situation): Posture {
  if (!cause.isVoluntary) return 'drained';
  if (isCordonEnough(cause, settings)) return 'cordoned';
  // What was drained before a task here got its protection stays drained: to and fro would only bring more tasks here.
  if (hasDrained(memory, cause) || memory.drained?.cause === cause.key) return 'drained';
  if (here === null) return 'undecided';
  // Whether DRAINING respects protection is not documented, so it is taken not to.
  return here.tasks.some(({ isProtected }) => isProtected) ? 'cordoned' : 'drained';
}

function isCordonEnough({ kind }: Cause, { rebalance }: Situation['settings']): boolean {
  return kind === 'rebalance' && rebalance.response !== 'drain';
}
