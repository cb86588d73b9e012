// Waits for a condition of the world, never for a time.
import type { Stage } from './stage.ts';

/** How often a condition is looked at. Figures come from the log, so this only paces the story. */
const LOOK_MS = 50;

/** What did not come in time. */
export class NeverHappened extends Error {
  constructor(what: string, waitedMs: number) {
    super(`waited ${waitedMs / 1000} s in vain for ${what}`);
    this.name = 'NeverHappened';
  }
}

/** The story was told to stop. */
export class Interrupted extends Error {
  constructor() {
    super('the story was interrupted');
    this.name = 'Interrupted';
  }
}

/** Resolves when the condition holds. Throws `NeverHappened` at the deadline, `Interrupted` when the story must end. */
export async function until(stage: Stage, what: string, deadlineMs: number, holds: () => boolean): Promise<void> {
  const { clock, driver, signal } = stage;
  const start = clock.monotonicMs();
  stage.tell({ kind: 'waiting', text: what });
  try {
    while (!driver.inPresent(holds)) {
      if (signal.aborted) throw new Interrupted();
      if (clock.monotonicMs() - start > deadlineMs) throw new NeverHappened(what, deadlineMs);
      await clock.sleep(LOOK_MS, signal);
    }
  } finally {
    stage.tell({ kind: 'waiting', text: null });
  }
}
