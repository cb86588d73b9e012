// The InstanceMetadata port over IMDSv2, and only that: without a token nothing is asked, so a host that could be talked
// into proxying a plain GET learns nothing. "No notice" is said on a 404 alone; whatever else goes wrong is a Failure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
import { Failure } from '../ports/failure.ts';
import type { InstanceMetadata, InterruptionAction, InterruptionNotice } from '../ports/metadata.ts';
import { createLocalHttp, type LocalAnswer, type LocalHttp, type LocalHttpOptions } from './local-http.ts';

/** The longest lifetime IMDS gives a token. */
const TOKEN_TTL_SECONDS = 21_600;
// Early enough that a renewal which fails for a few minutes is no outage: the old token is used meanwhile.
const RENEW_BEFORE_EXPIRY_MS = 10 * 60_000;
const ACTIONS: readonly InterruptionAction[] = ['terminate', 'stop', 'hibernate'];

/** Failures: `unavailable` and `timed-out` when nobody answered, `refused` when the answer was not one we can read. */
export function createInstanceMetadata(options: LocalHttpOptions): InstanceMetadata {
  const imds = new Imds(createLocalHttp(options), options);
  return {
    async interruptionNotice(signal) {
      const doing = 'reading the interruption notice from IMDS';
      const text = await imds.read('spot/instance-action', doing, signal);
      return text === null ? null : readNotice(text, doing);
    },
    region: (signal) => imds.need('placement/region', 'reading the region from IMDS', signal),
  };
}

class Imds {
  readonly #http: LocalHttp;
  readonly #clock: LocalHttpOptions['clock'];
  #token: { readonly value: string; readonly expiresAtMs: number } | null = null;

  constructor(http: LocalHttp, { clock }: LocalHttpOptions) {
    this.#http = http;
    this.#clock = clock;
  }

  /** The text at a path below `/latest/meta-data/`; null when there is none. */
  async read(path: string, doing: string, signal: AbortSignal | undefined): Promise<string | null> {
    let answer = await this.#get(path, doing, signal);
    if (answer.status === 401) {
      // IMDS forgot the token (it does when the instance was stopped and started): once with a new one.
      this.#token = null;
      answer = await this.#get(path, doing, signal);
    }
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Failure('refused', `${doing}: answered ${answer.status}`);
    return answer.text;
  }

  /** As `read`, for what every instance has. */
  async need(path: string, doing: string, signal: AbortSignal | undefined): Promise<string> {
    const text = (await this.read(path, doing, signal))?.trim();
    if (text === undefined || text === '') throw new Failure('refused', `${doing}: it has none`);
    return text;
  }

  async #get(path: string, doing: string, signal: AbortSignal | undefined): Promise<LocalAnswer> {
    const headers = { 'X-aws-ec2-metadata-token': await this.#validToken(signal) };
    return this.#http({ method: 'GET', path: `/latest/meta-data/${path}`, headers, doing, signal });
  }

  async #validToken(signal: AbortSignal | undefined): Promise<string> {
    const leftMs = this.#token === null ? 0 : this.#token.expiresAtMs - this.#clock.monotonicMs();
    if (this.#token !== null && leftMs > RENEW_BEFORE_EXPIRY_MS) return this.#token.value;
    try {
      return await this.#newToken(signal);
    } catch (error) {
      if (this.#token === null || leftMs <= 0) throw error;
      return this.#token.value; // still good; the next poll tries to renew again
    }
  }

  async #newToken(signal: AbortSignal | undefined): Promise<string> {
    const doing = 'getting an IMDSv2 token';
    const askedAtMs = this.#clock.monotonicMs();
    const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_TTL_SECONDS) };
    const answer = await this.#http({ method: 'PUT', path: '/latest/api/token', headers, doing, signal });
    if (answer.status === 403) {
      throw new Failure('refused', `${doing}: answered 403, metadata is turned off for this instance (HttpEndpoint)`);
    }
    if (answer.status !== 200) throw new Failure('refused', `${doing}: answered ${answer.status}`);
    // It becomes a header of every later request; a page of HTML must not.
    if (!/^[\x21-\x7e]{1,1024}$/.test(answer.text)) throw new Failure('refused', `${doing}: the answer is not a token`);
    this.#token = { value: answer.text, expiresAtMs: askedAtMs + TOKEN_TTL_SECONDS * 1_000 };
    return answer.text;
  }
}

/** `{"action":"terminate","time":"2017-09-18T08:22:00Z"}` */
function readNotice(text: string, doing: string): InterruptionNotice {
  const { action, time } = readObject(text, doing);
  const known = ACTIONS.find((name) => name === action);
  const deadlineAt = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (known === undefined || Number.isNaN(deadlineAt)) {
    throw new Failure('refused', `${doing}: cannot make sense of ${text.slice(0, 200)}`);
  }
  return { action: known, deadlineAt };
}

function readObject(text: string, doing: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return Object(value); // null and plain values become objects without the fields we look for
  } catch (cause) {
    throw new Failure('refused', `${doing}: the answer is not JSON`, { cause });
  }
}
