// What became of one instance, whatever the command: several are worked on at once, and one that fails keeps no other
// from being done.
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { ContainerInstanceArn, InstanceId } from '../../model/ids.ts';
import { explain, FAILURE_CODES, Failure, type FailureCode } from '../../ports/failure.ts';
import { EXIT, type ExitCode } from '../../runtime/exit-codes.ts';

export interface Outcome {
  readonly instanceId: InstanceId;
  readonly containerInstanceArn: ContainerInstanceArn;
  /** Whether a rule kept us from doing the whole of what was asked. */
  readonly isRefused: boolean;
  /** What failed; null when nothing did. */
  readonly failure: FailureFact | null;
}

export interface FailureFact {
  readonly code: FailureCode;
  readonly message: string;
}

export function idsOf({ instanceId, arn }: ContainerInstance) {
  return { instanceId, containerInstanceArn: arn };
}

/** A failure as a fact; anything else is a bug and flies on. */
export function factOf(error: unknown): FailureFact {
  if (!(error instanceof Failure) || error.kind === 'bug') throw error;
  return { code: error.code, message: explain(error) };
}

/** The worst of them: what an operator must mend, what failed, what was refused. */
export function worstOf(outcomes: readonly Pick<Outcome, 'failure' | 'isRefused'>[]): ExitCode {
  const failures = outcomes.flatMap(({ failure }) => failure ?? []);
  if (failures.some(({ code }) => FAILURE_CODES[code] === 'operator')) return EXIT.badConfiguration;
  if (failures.length > 0) return EXIT.failed;
  return outcomes.some(({ isRefused }) => isRefused) ? EXIT.refused : EXIT.done;
}
