// The ids of steps: one grammar, as they are kept on disk and must mean the same to whoever reads them there.
//   drain/KEY   cordon/KEY   run-hooks/MOMENT/KEY   send-webhooks/MOMENT/KEY     for the cause of that key
//   write-notice/VALUE   stop-task/ARN                                           the same for every cause
//   undrain   uncordon   clear-notice                                            never remembered: see step-memory.ts
import type { TaskArn } from '../../model/ids.ts';
import type { Cause } from './cause.ts';
import type { Memory } from './memory.ts';
import type { Moment, Step } from './steps.ts';

export function idFor(kind: 'drain' | 'cordon', { key }: Cause): string {
  return `${kind}/${key}`;
}

export function idOfTelling(kind: 'run-hooks' | 'send-webhooks', moment: Moment, { key }: Cause): string {
  return `${kind}/${moment}/${key}`;
}

export function idOfNotice(value: string): string {
  return `write-notice/${value}`;
}

/** The same for every cause: a task is stopped once. */
export function idOfStop(arn: TaskArn): string {
  return `stop-task/${arn}`;
}

interface StepName {
  readonly kind: string;
  /** null where nobody is told. */
  readonly moment: string | null;
  /** Of the cause that it answers; null where it is the same for every cause. */
  readonly key: string | null;
}

export function readStepId(id: string): StepName {
  const [kind, rest] = cut(id);
  switch (kind) {
    case 'run-hooks':
    case 'send-webhooks': {
      const [moment, key] = cut(rest);
      return { kind, moment, key };
    }
    case 'drain':
    case 'cordon':
      return { kind, moment: null, key: rest };
    default:
      return { kind, moment: null, key: null };
  }
}

/** Those that are of another kind. */
export function withoutKind(ids: readonly string[], kind: Step['kind']): string[] {
  return ids.filter((id) => readStepId(id).kind !== kind);
}

/** Whether ECS took DRAINING from us, or had it already: for this cause, or without one for any. */
export function hasDrained({ taken }: Memory, cause?: Cause): boolean {
  if (cause !== undefined) return taken.includes(idFor('drain', cause));
  return taken.some((id) => readStepId(id).kind === 'drain');
}

function cut(text: string): [string, string] {
  const at = text.indexOf('/');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
