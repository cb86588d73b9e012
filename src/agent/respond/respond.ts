// The heart of the agent: what follows from everything that is known at one instant. Pure, and level-triggered: it is
// asked again at every change, after every step and after every restart, and what was taken is not asked for again. So
// there is no state but `Memory`, and no path that only a crash takes.
import { formatNotice } from '../../model/attributes.ts';
import type { TaskArn } from '../../model/ids.ts';
import { type Cause, isHibernation, noticeOf } from './cause.ts';
import { type Causes, causesOf } from './causes.ts';
import type { Memory } from './memory.ts';
import { type Posture, postureOf, protectedInTheWay } from './posture.ts';
import type { ResponseSettings, Situation } from './situation.ts';
import { hasDrained, idFor, idOfNotice, idOfTelling, readStepId } from './step-ids.ts';
import { MOMENTS, type Moment, type Step } from './steps.ts';
import { isWaitedFor, stopsOf } from './stops.ts';

export interface Response {
  /** The most urgent of those that stand; null when nothing does. */
  readonly cause: Cause | null;
  readonly posture: Posture;
  /** ECS took DRAINING, and nobody is left who is waited for. */
  readonly isDrained: boolean;
  /** Why a drain that can wait is only a cordon for now: these tasks are protected, or may be. */
  readonly protectedTasks: readonly TaskArn[];
  /** Those not taken yet, in the order in which to begin them. */
  readonly steps: readonly Step[];
  /** With what was seen at this instant. */
  readonly memory: Memory;
}

export function respond(situation: Situation): Response {
  const causes = causesOf(situation);
  const cause = causes.standing[0] ?? null;
  const memory = memoryWith(causes, situation.memory);
  const updated = { ...situation, memory };
  const posture = postureOf(causes.standing, updated);
  const steps = [
    ...(cause === null ? [] : outOfService(cause, posture, updated)),
    ...(causes.hasHeardAll ? backInService(posture, updated) : []),
  ].sort(inOrder);
  const isAtRest = causes.hasHeardAll && cause === null && steps.length === 0;
  return {
    cause,
    posture,
    isDrained: cause !== null && posture === 'drained' && isDrained(cause, updated),
    protectedTasks: posture === 'cordoned' ? protectedInTheWay(causes.standing, updated) : [],
    steps,
    memory: isAtRest ? { ...memory, last: null, taken: [] } : memory,
  };
}

function memoryWith({ standing, seen, over }: Causes, memory: Memory): Memory {
  const last = standing[0] ?? memory.last;
  // What was taken for a cause that has ended is forgotten, so that it would be taken again if the cause came back.
  const taken = memory.taken.filter((id) => isStillMeant(id, seen, last));
  return { ...memory, last, seen, over, taken };
}

function isStillMeant(id: string, seen: Memory['seen'], last: Cause | null): boolean {
  const { key, moment } = readStepId(id);
  if (key === null) return true;
  if (moment === 'uncordoned') return Object.keys(seen).length === 0 && key === last?.key;
  return seen[key] !== undefined;
}

function outOfService(cause: Cause, posture: Posture, situation: Situation): Step[] {
  const { now } = situation;
  const value = formatNotice(noticeOf(cause));
  const steps: Step[] = [
    ...markFor(cause, posture, now),
    { id: idOfNotice(value), cause, at: now, kind: 'write-notice', value },
    ...told('notice', cause, now, situation.settings),
  ];
  if (posture === 'drained') steps.push(...drainedSteps(cause, situation));
  return steps.filter(({ id }) => !situation.memory.taken.includes(id));
}

function markFor(cause: Cause, posture: Posture, at: number): Step[] {
  if (posture === 'drained') {
    return [{ id: idFor('drain', cause), cause, at, kind: 'drain', isOwnerAsked: !isTooLateToAsk(cause) }];
  }
  return posture === 'cordoned' ? [{ id: idFor('cordon', cause), cause, at, kind: 'cordon', value: cause.kind }] : [];
}

function drainedSteps(cause: Cause, situation: Situation): Step[] {
  const { now, settings } = situation;
  const stops = stopsOf(cause, situation);
  const firstAt = Math.min(...stops.map(({ at }) => at));
  if (stops.length > 0) {
    const beforeAt = Math.max(now, firstAt - settings.hooksLimitMs);
    return [...told('before-stop', cause, beforeAt, settings), ...stops];
  }
  return isDrained(cause, situation) ? told('drained', cause, now, settings) : [];
}

/** Only what was listed after ECS took DRAINING is known to hold everybody who will ever be here. */
function isDrained(cause: Cause, { here, memory, settings }: Situation): boolean {
  if (here === null || !here.isComplete || !hasDrained(memory, cause)) return false;
  return !here.tasks.some((task) => isWaitedFor(task, cause, settings));
}

/** The instance never comes back, or is frozen within moments. */
function isTooLateToAsk(cause: Cause): boolean {
  return isHibernation(cause) || (cause.kind === 'interruption' && cause.action === 'terminate');
}

/** Takes back what we set and nothing asks for any more. Others are told when that is done. */
function backInService(posture: Posture, { now, memory, settings }: Situation): Step[] {
  const steps: Step[] = [];
  const isDrainLifted = posture === 'open' || posture === 'cordoned';
  if (isDrainLifted && memory.drained !== null) steps.push({ id: 'undrain', at: now, kind: 'undrain' });
  if (posture !== 'open') return steps;
  if (memory.cordoned !== null) steps.push({ id: 'uncordon', at: now, kind: 'uncordon' });
  if (memory.notice !== null) steps.push({ id: 'clear-notice', at: now, kind: 'clear-notice' });
  if (steps.length > 0 || memory.last === null) return steps;
  return told('uncordoned', memory.last, now, settings).filter(({ id }) => !memory.taken.includes(id));
}

function told(moment: Moment, cause: Cause, at: number, { hooksLimitMs, hasWebhooks }: ResponseSettings): Step[] {
  const kinds: ('run-hooks' | 'send-webhooks')[] = [];
  if (hooksLimitMs > 0) kinds.push('run-hooks');
  if (hasWebhooks) kinds.push('send-webhooks');
  return kinds.map((kind) => ({ id: idOfTelling(kind, moment, cause), cause, at, kind, moment }));
}

/** Of one instant: out of service before back into it, marks before words, words before stops, daemons last. */
const ORDER = [
  'drain',
  'cordon',
  'write-notice',
  'undrain',
  'uncordon',
  'clear-notice',
  'run-hooks',
  'send-webhooks',
  'stop-task',
] as const satisfies readonly Step['kind'][];

function inOrder(a: Step, b: Step): number {
  return a.at - b.at || rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1);
}

function rankOf(step: Step): number {
  const within = 'moment' in step ? MOMENTS.indexOf(step.moment) : 0;
  const isDaemon = step.kind === 'stop-task' && step.taskKind === 'daemon';
  return ORDER.indexOf(step.kind) * MOMENTS.length + within + Number(isDaemon);
}
