// What a process tells whoever started it. The numbers are a contract: scripts and the systemd units read them.
import { Failure } from '../ports/failure.ts';

export const EXIT = {
  done: 0,
  /** Failed at run time: starting again may help. */
  failed: 1,
  /** Bad configuration or usage: starting again cannot help, and systemd is told not to. */
  badConfiguration: 2,
  /** A rule said no. */
  refused: 3,
  /** What was waited for did not come. */
  timedOut: 4,
} as const;

/** Ended by Ctrl-C before it was done: 128 and the number of SIGINT, as shells count it. */
export const INTERRUPTED = 130;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | typeof INTERRUPTED;

/** The exit code for an error that ends a process: 2 where an operator must act, 1 for everything else. */
export function exitCodeFor(error: unknown): ExitCode {
  return error instanceof Failure && error.kind === 'operator' ? EXIT.badConfiguration : EXIT.failed;
}
