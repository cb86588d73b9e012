// What is remembered of a step, and when. What is to be taken back one day is marked before it is set: after a crash in
// between it is asked for again, or taken back for nothing, but never left behind. That a step was taken is remembered
// after it: it is safe to take twice.
import type { Cause } from './cause.ts';
import type { Mark, Memory } from './memory.ts';
import { withoutKind } from './step-ids.ts';
import type { Step } from './steps.ts';

/** To be kept before it is begun. A drain is marked later: only when it is known to be ours. */
export function beforeStep(memory: Memory, step: Step, now: number): Memory {
  if (step.kind === 'cordon' && memory.cordoned === null) {
    return { ...memory, cordoned: { cause: step.cause.key, since: now } };
  }
  if (step.kind === 'write-notice' && memory.notice === null) return { ...memory, notice: step.value };
  return memory;
}

/** To be kept once the instance is known to be in service still, and before it is drained. */
export function rememberDrain(memory: Memory, cause: Cause, now: number): Memory {
  return memory.drained === null ? { ...memory, drained: { cause: cause.key, since: now } } : memory;
}

/**
 * For a drain that was given up: ECS never took it, so who sets DRAINING later is somebody else.
 * @param mark what was marked for it; null, and nothing is withdrawn, where it was marked before: ECS may have taken that
 */
export function withdrawDrain(memory: Memory, mark: Mark | null): Memory {
  return memory.drained === mark ? { ...memory, drained: null } : memory;
}

/** For a container instance that was registered anew: nothing of what was set on the one before is on it. */
export function withoutMarks(memory: Memory): Memory {
  const taken = MARKS.reduce<readonly string[]>((ids, kind) => withoutKind(ids, kind), memory.taken);
  return { ...memory, drained: null, cordoned: null, notice: null, taken };
}

const MARKS = ['drain', 'cordon', 'write-notice'] as const satisfies readonly Step['kind'][];

/** To be kept when it was done. */
export function afterStep(memory: Memory, step: Step): Memory {
  const taken = [...memory.taken, step.id];
  switch (step.kind) {
    case 'write-notice':
      return { ...memory, taken: [...withoutKind(memory.taken, 'write-notice'), step.id], notice: step.value };
    case 'undrain':
      return { ...memory, taken: withoutKind(memory.taken, 'drain'), drained: null };
    case 'uncordon':
      return { ...memory, taken: withoutKind(memory.taken, 'cordon'), cordoned: null };
    case 'clear-notice':
      return { ...memory, taken: withoutKind(memory.taken, 'write-notice'), notice: null };
    case 'drain':
    case 'cordon':
    case 'stop-task':
    case 'run-hooks':
    case 'send-webhooks':
      return { ...memory, taken };
    default:
      return step satisfies never;
  }
}
