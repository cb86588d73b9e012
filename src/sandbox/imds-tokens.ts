// The session tokens of instance metadata. They hold for their time to live, and on the instance that issued them only.
import { createHash } from 'node:crypto';

export class MetadataTokens {
  readonly #instanceId: string;
  readonly #now: () => number;
  readonly #expiryOf = new Map<string, number>();
  #issued = 0;

  /** @param now world time, epoch milliseconds */
  constructor(instanceId: string, now: () => number) {
    this.#instanceId = instanceId;
    this.#now = now;
  }

  issue(ttlSeconds: number): string {
    this.#forgetExpired();
    this.#issued += 1;
    // Not a secret, since the sandbox keeps none; it only has to differ per instance and issue, and to look the part.
    const seed = `${this.#instanceId}#${this.#issued}`;
    const token = `${createHash('sha256').update(seed).digest('base64url').slice(0, 42)}AQAEAAAAAAAA==`;
    this.#expiryOf.set(token, this.#now() + ttlSeconds * 1000);
    return token;
  }

  isValid(token: string): boolean {
    const expiresAt = this.#expiryOf.get(token);
    return expiresAt !== undefined && this.#now() < expiresAt;
  }

  /** As if the time to live of all of them were over: the next read with one is a 401. */
  forgetAll(): void {
    this.#expiryOf.clear();
  }

  #forgetExpired(): void {
    for (const [token, expiresAt] of this.#expiryOf) {
      if (expiresAt <= this.#now()) this.#expiryOf.delete(token);
    }
  }
}

/** The tokens of every instance, by its id. */
export class TokenBook {
  readonly #now: () => number;
  readonly #tokensOf = new Map<string, MetadataTokens>();

  /** @param now world time, epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  of(instanceId: string): MetadataTokens {
    const tokens = this.#tokensOf.get(instanceId) ?? new MetadataTokens(instanceId, this.#now);
    this.#tokensOf.set(instanceId, tokens);
    return tokens;
  }

  /** @param instanceId null forgets those of every instance */
  forget(instanceId: string | null): void {
    if (instanceId !== null) this.of(instanceId).forgetAll();
    else for (const tokens of this.#tokensOf.values()) tokens.forgetAll();
  }
}
