// Says in the log who else acts on what is ours: when it starts and when it ends, never at every pass. What there is to do
// stands in `status` and in the README; here are the evidence and the name by which to find it.
import { type Conflict, nameOfConflict } from '../plan/conflicts/conflict.ts';
import type { Logger } from '../ports/logger.ts';

export class ConflictLog {
  readonly #logger: Logger;
  #before: ReadonlyMap<string, Conflict> = new Map();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(conflicts: readonly Conflict[]): void {
    const before = this.#before;
    const now = new Map(conflicts.map((conflict) => [nameOfConflict(conflict), conflict]));
    this.#before = now;
    for (const [name, conflict] of now) {
      if (!before.has(name)) this.#logger.warn({ conflict }, 'somebody else acts on what the controller manages');
    }
    for (const [name, { kind }] of before) {
      if (!now.has(name))
        this.#logger.info({ kind }, 'nobody else is seen to act on what the controller manages any more');
    }
  }
}
