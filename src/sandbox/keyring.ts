// The access keys of the sandbox: one per process, so that the request log can say who called, and what the caller may
// do is known. Keys are names, not secrets: nothing outside the loopback interface can use them, and signatures are not
// verified.
import type { Caller } from './api.ts';
import { assertUnderstood } from './iam/evaluate.ts';
import type { Principal, Role } from './iam/principal.ts';

export interface AccessKey extends Caller {
  readonly secretAccessKey: string;
}

export class Keyring {
  readonly #byName = new Map<string, AccessKey>();
  readonly #byId = new Map<string, AccessKey>();
  readonly #roles = new Map<string, Role>();

  /**
   * The key of the caller with this name, made at the first asking. From then on he is in the role, where one is given;
   * who never was in any may do everything.
   */
  issue(name: string, role?: Role): AccessKey {
    if (role !== undefined) {
      assertUnderstood(role.policy);
      this.#roles.set(name, role);
    }
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

  principalOf({ name }: Caller): Principal {
    return { name, role: this.#roles.get(name) ?? null };
  }
}
