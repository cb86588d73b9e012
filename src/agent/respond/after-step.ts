// What is remembered of a step that was taken. Marks say what is to be taken back one day; ids what need not be done again.
import type { Mark, Memory } from './memory.ts';
import type { Step } from './steps.ts';

/** `ours`, `not-ours`: of a drain, whether the instance was in service until then. `done`: of every other step. */
export type Outcome = 'ours' | 'not-ours' | 'done';

export function afterStep(memory: Memory, step: Step, outcome: Outcome, now: number): Memory {
  const taken = [...memory.taken.filter((id) => id !== step.id), step.id];
  switch (step.kind) {
    case 'drain': {
      const drained = outcome === 'ours' ? (memory.drained ?? markOf(step, now)) : memory.drained;
      return { ...memory, taken, drained };
    }
    case 'cordon':
      return { ...memory, taken, cordoned: memory.cordoned ?? markOf(step, now) };
    case 'write-notice':
      return { ...memory, taken: [...without(memory.taken, 'write-notice/'), step.id], notice: step.value };
    case 'undrain':
      return { ...memory, taken: without(memory.taken, 'drain/'), drained: null };
    case 'uncordon':
      return { ...memory, taken: without(memory.taken, 'cordon/'), cordoned: null };
    case 'clear-notice':
      return { ...memory, taken: without(memory.taken, 'write-notice/'), notice: null };
    case 'stop-task':
    case 'run-hooks':
    case 'send-webhooks':
      return { ...memory, taken };
    default:
      return step satisfies never;
  }
}

/** For the cause whose key follows the kind in the step's id. */
function markOf({ id, kind }: Step, now: number): Mark {
  return { cause: id.slice(kind.length + 1), since: now };
}

function without(taken: readonly string[], prefix: string): string[] {
  return taken.filter((id) => !id.startsWith(prefix));
}
