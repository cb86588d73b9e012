import { setTimeout as pause } from 'node:timers/promises';

/** Resolves as soon as the condition holds; rejects, naming it, when it does not come true in time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for: ${what}`);
    await pause(5);
  }
}
