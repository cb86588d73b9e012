// What a command says on standard error when it dies of an error, the same for all of them. A log line, where a process
// has a log, is not its business.
import { inspect } from 'node:util';
import { explain, Failure } from '../ports/failure.ts';

/** Text ended by a line end: a Failure told by its code and its words, anything else is a bug of ours and told whole. */
export function renderFailure(error: unknown): string {
  if (!(error instanceof Failure)) {
    return `spotkeeper: a bug of ours; please report it with the lines that follow\n${inspect(error)}\n`;
  }
  // Mistakes of a configuration are many lines, and each is to be found by its code like any other.
  return explain(error)
    .split('\n')
    .map((line) => `spotkeeper: [${error.code}] ${line}\n`)
    .join('');
}
