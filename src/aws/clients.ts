// How every AWS client of ours is made: bounded in time, bounded in tries, and for the leader's writes guarded at the
// last moment before the bytes leave. Endpoint and credentials follow the SDK's own environment and chain.

/** What all our clients share. `region` null leaves it to the SDK's chain (AWS_REGION, profile). */
export interface ClientSettings {
  readonly region: string | null;
  /** Checked synchronously just before each request is sent, retries included; throws to hold it back. */
  readonly beforeSend?: () => void;
  /** How often a request is sent at most; 1 where the caller itself tries again, or where a second try would do it twice. */
  readonly maxAttempts?: number;
}

// An answer that takes longer than this is as good as none: a pass comes every 15 s and the next one is the retry.
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 2_000;
// The SDK's own default, written down because pass duration and the ECS budget depend on it.
const MAX_ATTEMPTS = 3;

/** Constructor options for any SDK v3 client. */
export function clientOptions(settings: ClientSettings) {
  return {
    ...(settings.region === null ? {} : { region: settings.region }),
    maxAttempts: settings.maxAttempts ?? MAX_ATTEMPTS,
    // Without throwOnRequestTimeout the SDK only logs a warning and the call hangs on.
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
}

type Middleware = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>;
type AddMiddleware = (middleware: Middleware, options: { step: 'deserialize'; priority: 'low'; name: string }) => void;

/**
 * Installs `beforeSend` as the innermost step of the client. It is there, and not in front of the call, because a
 * process that was stopped between the call and the socket (SIGSTOP, a VM pause) runs the rest of the SDK's steps when
 * it wakes, before any timer has told it that its lease is over.
 */
export function guardClient<Client extends { middlewareStack: { add: (...args: never[]) => void } }>(
  client: Client,
  beforeSend: (() => void) | undefined,
): Client {
  if (beforeSend === undefined) return client;
  const holdBack: Middleware = (next) => async (args) => {
    beforeSend();
    return next(args);
  };
  // Every SDK client has this method, typed by its own inputs and outputs; a step that reads neither fits them all.
  const add = client.middlewareStack.add as unknown as AddMiddleware;
  add.call(client.middlewareStack, holdBack, { step: 'deserialize', priority: 'low', name: 'spotkeeperBeforeSend' });
  return client;
}

/** Per-call options: the signal when there is one. */
export function sendOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
