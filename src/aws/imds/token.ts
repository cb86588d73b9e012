// The token of IMDSv2 and its life: made with the first question, renewed in time, replaced when IMDS no longer takes it.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import { OutOfTime } from '../local-connection.ts';
import type { LocalHttp } from '../local-http.ts';

/** The longest lifetime IMDS gives a token. */
const TTL_SECONDS = 21_600;
// Early enough that a renewal which fails for a few minutes is no outage: the old token is used meanwhile.
const RENEW_BEFORE_EXPIRY_MS = 10 * 60_000;
// A renewal that gets no answer holds up the question behind it by a timeout. Twenty tries are enough.
const RENEW_AGAIN_MS = 30_000;

const DOING = 'getting an IMDSv2 token';

interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
  readonly renewFromMs: number;
}

/** Counts by the monotonic clock: a step of the wall clock makes no token older. */
export class TokenKeeper {
  readonly #http: LocalHttp;
  readonly #clock: Clock;
  #token: Token | null = null;
  #hasEverHadOne = false;

  constructor(http: LocalHttp, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** One that is good as far as we know and needs no renewal yet; null when there is none. */
  get fresh(): string | null {
    const token = this.#token;
    return token !== null && this.#clock.monotonicMs() < token.renewFromMs ? token.value : null;
  }

  /** A new one, or for a while the old one when there is no new one to be had. */
  async renewed(signal: AbortSignal | undefined): Promise<string> {
    const token = this.#token;
    const nowMs = this.#clock.monotonicMs();
    try {
      return await this.#make(signal);
    } catch (error) {
      if (token === null || nowMs >= token.expiresAtMs) throw error;
      this.#token = { ...token, renewFromMs: Math.min(nowMs + RENEW_AGAIN_MS, token.expiresAtMs) };
      return token.value;
    }
  }

  /** IMDS did not take it. Nothing is lost when another question has already replaced it. */
  drop(value: string): void {
    if (this.#token?.value === value) this.#token = null;
  }

  async #make(signal: AbortSignal | undefined): Promise<string> {
    const askedAtMs = this.#clock.monotonicMs();
    const value = await this.#ask(signal);
    const expiresAtMs = askedAtMs + TTL_SECONDS * 1_000;
    this.#token = { value, expiresAtMs, renewFromMs: expiresAtMs - RENEW_BEFORE_EXPIRY_MS };
    this.#hasEverHadOne = true;
    return value;
  }

  async #ask(signal: AbortSignal | undefined): Promise<string> {
    const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': String(TTL_SECONDS) };
    try {
      const answer = await this.#http.send({ method: 'PUT', path: '/latest/api/token', headers, doing: DOING, signal });
      return readToken(answer.status, answer.text);
    } catch (error) {
      throw this.#isHopLimitLikely(error) ? new Failure('timed-out', HOP_LIMIT, { cause: error.cause }) : error;
    }
  }

  /**
   * The hop limit is that of the packets which carry the token: the connection opens, and the answer never comes. Once a
   * token has come this way, silence is an outage.
   */
  #isHopLimitLikely(error: unknown): error is Failure {
    const isSilent = error instanceof Failure && error.cause instanceof OutOfTime && error.cause.isConnected;
    return isSilent && !this.#hasEverHadOne;
  }
}

const HOP_LIMIT =
  `${DOING}: the connection opens but no answer comes, which is what happens when HttpPutResponseHopLimit is 1 and this ` +
  'process is in a container with a network of its own: raise it to 2, or use host networking';

function readToken(status: number, text: string): string {
  if (status === 403) throw turnedOff(DOING);
  if (status !== 200) throw new Failure('refused', `${DOING}: answered ${status}`);
  // It becomes a header of every later request; a page of HTML must not.
  if (!/^[\x21-\x7e]{1,1024}$/.test(text)) throw new Failure('refused', `${DOING}: the answer is not a token`);
  return text;
}

/** What 403 means, to a token and to a question alike. */
export function turnedOff(doing: string): Failure {
  return new Failure('refused', `${doing}: answered 403, metadata is turned off for this instance (HttpEndpoint)`);
}
