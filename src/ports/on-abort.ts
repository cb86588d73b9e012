// Being told that a signal aborts, for those who come and go by the second: a signal is given one listener for all of them,
// because adding and removing one costs Node more than what they do in between.

const WAITING = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `action` when the signal aborts; not for one that has aborted already, which the caller looks at first.
 * @returns to be called when it is not to be told any more
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const waiting = WAITING.get(signal) ?? listenTo(signal);
  // Its own, so that one action may be waiting twice.
  const told = () => action();
  waiting.add(told);
  return () => waiting.delete(told);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  WAITING.set(signal, waiting);
  signal.addEventListener('abort', () => {
    for (const told of [...waiting]) told();
  });
  return waiting;
}
