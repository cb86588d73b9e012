// The one wait that is not for time: until everything that can go on by itself has.

/**
 * Resolves when no promise of this process has anything left to do; for those whose waits are all promises. Node runs every
 * microtask, and those that follow from it, before it comes round to this.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
