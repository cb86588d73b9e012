// How every AWS client of ours is made: bounded in time, bounded in tries, with words for a missing permission, and for
// the leader's writes guarded at the last moment before the bytes leave. Endpoint and credentials follow the SDK's own
// environment and chain.
import type { PolicyName } from '../model/iam/permission.ts';
import { namePermission } from './missing-permission.ts';

/** What all our clients share. `region` null leaves it to the SDK's chain (AWS_REGION, profile). */
export interface ClientSettings {
  readonly region: string | null;
  /** Checked synchronously just before each request is sent, retries included; throws to hold it back. */
  readonly beforeSend?: () => void;
  /** How often a request is sent at most; 1 where the caller itself tries again, or where a second try would do it twice. */
  readonly maxAttempts?: number;
  /** Whose policy it is that a refused call is missing from; without, the call alone is named. */
  readonly policy?: PolicyName;
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

type Next = (args: unknown) => Promise<unknown>;
type Middleware = (next: Next, context: { readonly clientName?: string; readonly commandName?: string }) => Next;
type AddMiddleware = (middleware: Middleware, options: { step: string; priority?: 'low'; name: string }) => void;

/**
 * The client with what all of ours have in common. `beforeSend` is its innermost step, and not in front of the call,
 * because a process that was stopped between the call and the socket (SIGSTOP, a VM pause) runs the rest of the SDK's
 * steps when it wakes, before any timer has told it that its lease is over. The words for a missing permission are the
 * outermost, past the last try.
 */
export function ownClient<Client extends { middlewareStack: { add: (...args: never[]) => void } }>(
  client: Client,
  { beforeSend, policy }: ClientSettings,
): Client {
  // Every SDK client has this method, typed by its own inputs and outputs; steps that read neither fit them all.
  const add = (client.middlewareStack.add as unknown as AddMiddleware).bind(client.middlewareStack);
  const explained: Middleware =
    (next, { clientName = '', commandName = '' }) =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw namePermission(error, { clientName, commandName, policy: policy ?? null });
      }
    };
  add(explained, { step: 'initialize', name: 'spotkeeperMissingPermission' });
  if (beforeSend === undefined) return client;
  const holdBack: Middleware = (next) => async (args) => {
    beforeSend();
    return next(args);
  };
  add(holdBack, { step: 'deserialize', priority: 'low', name: 'spotkeeperBeforeSend' });
  return client;
}

/** Per-call options: the signal when there is one. */
export function sendOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
