// The wish to end, as an AbortSignal. The first SIGTERM or SIGINT asks; the same one again has its default effect, so an
// impatient Ctrl-C ends a process that hangs, while a SIGINT of the terminal and a SIGTERM of the parent may both arrive.

const ASKING = ['SIGTERM', 'SIGINT'] as const;

export interface Signalled {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  /** The signal that came first; null while none has come. */
  name(): string | null;
  /** Gives the signals back their default effect. */
  dispose(): void;
}

/** Listens from now on, and to no signal that came before. */
export function untilSignalled(): Signalled {
  const controller = new AbortController();
  let first: string | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    process.off(name, onSignal);
    first ??= name;
    controller.abort();
  };
  for (const name of ASKING) process.on(name, onSignal);
  return {
    signal: controller.signal,
    name: () => first,
    dispose: () => {
      for (const name of ASKING) process.off(name, onSignal);
    },
  };
}

export interface HangUps {
  /** Calls the action at each from now on, and at once when some came before. */
  act(action: () => void): void;
  /** Gives the signal back its default effect. */
  dispose(): void;
}

/** Keeps each SIGHUP from now on, which otherwise ends a process: the usual word for "read your files again". */
export function keepHangUps(): HangUps {
  let isWaiting = false;
  let onHangUp = () => {
    isWaiting = true;
  };
  const heard = () => onHangUp();
  process.on('SIGHUP', heard);
  return {
    act: (action) => {
      onHangUp = action;
      if (isWaiting) action();
      isWaiting = false;
    },
    dispose: () => process.off('SIGHUP', heard),
  };
}
