// The way from a process to AWS and back: it takes time, and can fail in the ways in which it fails in life. What was sent
// arrives, also when who sent it is killed meanwhile or waits no longer.
import { Failure, type FailureCode } from '../../ports/failure.ts';
import { onAbort } from '../../ports/on-abort.ts';
import type { Rng } from '../../ports/rng.ts';
import { Refusal, type RefusalCode } from '../../world/refusal.ts';
import { between } from '../../world/seeded-rng.ts';
import type { Process } from '../time/process.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Api, How, Trouble } from './trouble.ts';

export interface WireOptions {
  readonly time: VirtualTime;
  readonly rng: Rng;
  /** There and back. */
  readonly roundTripMs: readonly [number, number];
}

/** Whose calls these are. */
export interface Caller {
  readonly process: Process;
  /** Called just before a write leaves; throws to hold it back. */
  readonly beforeWrite: () => void;
}

export interface Call<Result> {
  readonly api: Api;
  /** As adapters say it: "listing services of cluster production". */
  readonly doing: string;
  readonly isWrite: boolean;
  readonly signal: AbortSignal | undefined;
  /** What AWS does when it arrives. Throws Refusal. */
  readonly act: () => Result;
}

/** A write that AWS has done. */
export interface Done {
  readonly caller: Caller;
  readonly api: Api;
  readonly doing: string;
}

/** As our SDK clients: an answer that takes longer is as good as none. */
const REQUEST_LIMIT_MS = 5_000;

const CODES: Partial<Record<RefusalCode, FailureCode>> = {
  ClusterNotFoundException: 'cluster-not-found',
  'InvalidSpotFleetRequestId.NotFound': 'fleet-not-found',
  FleetNotInModifiableState: 'fleet-not-modifiable',
};

export class Wire {
  readonly #options: WireOptions;
  readonly #troubles = new Set<Trouble>();
  readonly #listeners: ((done: Done) => void)[] = [];

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** From now on, until the function that is returned is called. */
  trouble(trouble: Trouble): () => void {
    this.#troubles.add(trouble);
    return () => this.#troubles.delete(trouble);
  }

  /** Whether anything is wrong with one of these now. */
  isTroubled(apis: readonly Api[]): boolean {
    return [...this.#troubles].some((trouble) => trouble.apis.some((api) => apis.includes(api)));
  }

  /** Called with every write at the moment at which AWS has done it. */
  listen(listener: (done: Done) => void): void {
    this.#listeners.push(listener);
  }

  call<Result>(caller: Caller, call: Call<Result>): Promise<Result> {
    const { signal, doing, isWrite } = call;
    if (signal?.aborted === true) return Promise.reject(new Failure('timed-out', doing));
    try {
      if (isWrite) caller.beforeWrite();
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => this.#send(caller, call, { resolve, reject }));
  }

  #send<Result>(
    caller: Caller,
    call: Call<Result>,
    { resolve, reject }: { resolve: (result: Result) => void; reject: (error: unknown) => void },
  ): void {
    const { time, rng, roundTripMs } = this.#options;
    const { doing, signal } = call;
    const oneWayMs = between(rng, roundTripMs) / 2;
    const how = this.#howItFails(call.api);
    const isAnswered = how !== 'hangs' && how !== 'answer-lost';
    const giveUp = () => {
      end();
      reject(new Failure('timed-out', doing));
    };
    const forget = signal === undefined ? () => {} : onAbort(signal, giveUp);
    const cancel = isAnswered ? () => {} : time.after(REQUEST_LIMIT_MS, () => caller.process.wake(giveUp));
    const end = () => {
      forget();
      cancel();
    };
    time.after(oneWayMs, () => {
      const answer = this.#arrive(caller, call, how);
      if (!isAnswered) return;
      time.after(oneWayMs, () =>
        caller.process.wake(() => {
          end();
          answer(resolve, reject);
        }),
      );
    });
  }

  /** What AWS does, and what it will answer. */
  #arrive<Result>(caller: Caller, { act, api, doing, isWrite }: Call<Result>, how: How | null): Answer<Result> {
    if (how === 'throttled' || how === 'unavailable') return failing(new Failure(how, doing));
    if (how === 'hangs') return failing(new Failure('timed-out', doing));
    try {
      const result = act();
      if (isWrite) for (const listener of this.#listeners) listener({ caller, api, doing });
      return (resolve) => resolve(result);
    } catch (error) {
      return failing(asFailure(doing, error));
    }
  }

  #howItFails(api: Api): How | null {
    for (const { apis, how, share } of this.#troubles) {
      if (apis.includes(api) && this.#options.rng.next() < share) return how;
    }
    return null;
  }
}

type Answer<Result> = (resolve: (result: Result) => void, reject: (error: unknown) => void) => void;

function failing(error: unknown): Answer<never> {
  return (_resolve, reject) => reject(error);
}

/** As our adapters take AWS's refusals. What is none is a bug of the world. */
function asFailure(doing: string, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  return new Failure(CODES[error.code] ?? 'refused', doing, { cause: error });
}
