// Every request that reached the sandbox, in order of arrival. With the world's history it is the truth from which the
// story's figures are taken. It keeps what was asked and what was answered, never the answers themselves.
import type { ApiInput, Caller } from './api.ts';
import { type BucketName, bucketOf } from './throttle-buckets.ts';

/** The sandbox may be left running for days under second-by-second polling, so the oldest requests are let go. */
const KEPT_REQUESTS = 100_000;

/** Lists longer than this are told by their length when the request only reads. */
const SUMMARY_ITEMS = 5;

export interface RequestRecord {
  readonly number: number;
  /** World time of arrival and of the answer, epoch milliseconds. */
  readonly at: number;
  readonly answeredAt: number;
  /** `ecs`, `ec2`, `elbv2`, `cloudwatch`, `dynamodb`, `sts`, `imds`, `introspection`. */
  readonly service: string;
  readonly action: string;
  /** null when the request never told who sent it, or with a key nobody has. */
  readonly caller: Caller | null;
  /** The decoded request: whole for writes, long lists shortened for reads. */
  readonly input: ApiInput;
  /** HTTP status of the answer; 0 when the connection was dropped on purpose. */
  readonly status: number;
  readonly errorCode: string | null;
  /** What was wrong, in words, when there was an error. */
  readonly errorMessage: string | null;
  /** The kind of fault that was injected, null for an honest answer. */
  readonly fault: string | null;
}

export interface BucketCalls {
  readonly calls: number;
  /** How many of them were answered ThrottlingException. */
  readonly throttled: number;
}

export class RequestLog {
  #records: RequestRecord[] = [];
  #arrivals = 0;
  readonly #calls = new Map<BucketName, BucketCalls>();
  readonly #listeners = new Set<(record: RequestRecord) => void>();

  /** Takes the next request number; numbers follow arrival, records are added when they are answered. */
  arrive(): number {
    this.#arrivals += 1;
    return this.#arrivals;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > KEPT_REQUESTS) this.#records = this.#records.slice(KEPT_REQUESTS / 10);
    this.#count(record);
    for (const listener of this.#listeners) listener(record);
  }

  /** All calls since the start by the throttling bucket they belong to, whether or not throttling is enforced. */
  get callsByBucket(): ReadonlyMap<BucketName, BucketCalls> {
    return this.#calls;
  }

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  /** Called with each request when it has been answered. Returns the function that ends it. */
  subscribe(listener: (record: RequestRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #count({ service, action, errorCode }: RequestRecord): void {
    const bucket = bucketOf(service, action);
    if (bucket === null) return;
    const { calls, throttled } = this.#calls.get(bucket) ?? { calls: 0, throttled: 0 };
    const isThrottled = errorCode === 'ThrottlingException';
    this.#calls.set(bucket, { calls: calls + 1, throttled: throttled + Number(isThrottled) });
  }
}

// AWS's own naming of actions; and the instance endpoints, of which every request only asks.
const READS = /^(Describe|List|Get|Query|Scan|BatchGet)|^(GET|HEAD) |^PUT \/latest\/api\/token$/;

/** Whether the request changes anything. */
export function isWrite(action: string): boolean {
  return !READS.test(action);
}

/** What the log keeps of a request. */
export function recordedInput(action: string, input: ApiInput): ApiInput {
  if (isWrite(action)) return input;
  return Object.fromEntries(Object.entries(input).map(([field, value]) => [field, shortened(value)]));
}

function shortened(value: unknown): unknown {
  return Array.isArray(value) && value.length > SUMMARY_ITEMS ? `[${value.length} items]` : value;
}
