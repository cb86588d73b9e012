// An end to waiting: a signal that fires after a time, or with another signal.

/** Aborts after `durationMs` (at once when that is 0 or less), or when one of the others does. */
export function deadline(durationMs: number, ...others: readonly (AbortSignal | undefined)[]): AbortSignal {
  const given = others.filter((signal) => signal !== undefined);
  return AbortSignal.any([AbortSignal.timeout(Math.max(0, Math.floor(durationMs))), ...given]);
}
