// The access keys of the sandbox: one per process, so that the request log can say who called. Keys are names, not
// secrets: nothing outside the loopback interface can use them, and signatures are not verified.
import type { Caller } from './api.ts';

export interface AccessKey extends Caller {
  readonly secretAccessKey: string;
}

export class Keyring {
  readonly #byName = new Map<string, AccessKey>();
  readonly #byId = new Map<string, AccessKey>();

  /** The key of the caller with this name, made at the first asking. */
  issue(name: string): AccessKey {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const number = String(this.#byId.size + 1).padStart(9, '0');
    const key: AccessKey = {
      name,
      accessKeyId: `AKIASANDBOX${number}`,
      secretAccessKey: `sandbox/only/not/a/secret/${number}`.padEnd(40, '0'),
    };
    this.#byName.set(name, key);
    this.#byId.set(key.accessKeyId, key);
    return key;
  }

  /** Whose key this is; null for a key that was never issued. */
  callerOf(accessKeyId: string): Caller | null {
    const key = this.#byId.get(accessKeyId);
    return key === undefined ? null : { name: key.name, accessKeyId: key.accessKeyId };
  }
}
