// A bound on how long one call may take, counted by the clock that is handed in.
import type { Clock } from './clock.ts';

// Given, because Node would make an error with its stack for every call without one, which costs more than all the rest.
const OVER = new Error('the call that was to be bounded is over');

/**
 * Runs `call` with a signal that aborts when the time is up, or earlier with `signal`. What the call does about it is
 * its own: every adapter of ours turns it into a Failure `timed-out`.
 */
export async function withinTime<Result>(
  limit: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal | undefined },
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { clock, limitMs, signal } = limit;
  const controller = new AbortController();
  const abort = () => controller.abort();
  const over = new AbortController();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  void clock.sleep(limitMs, over.signal).then(() => {
    if (!over.signal.aborted) abort();
  });
  try {
    return await call(controller.signal);
  } finally {
    over.abort(OVER);
    signal?.removeEventListener('abort', abort);
  }
}
