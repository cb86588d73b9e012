// The session tokens of one instance's metadata service. They hold for their time to live and on this instance only.
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

  #forgetExpired(): void {
    for (const [token, expiresAt] of this.#expiryOf) {
      if (expiresAt <= this.#now()) this.#expiryOf.delete(token);
    }
  }
}
