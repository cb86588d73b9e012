// The table that keeps the lease, and the LeaseStore of each process that asks it.
import type { LeaseRecord, LeaseStore } from '../../ports/lease-store.ts';
import type { Caller, Wire } from '../calls/wire.ts';

export class LeaseTable {
  #kept: LeaseRecord | null = null;

  /** What is kept now; null before the first leader. */
  get kept(): LeaseRecord | null {
    return this.#kept;
  }

  /** The store as one process reaches it. */
  storeOf(caller: Caller, wire: Wire): LeaseStore {
    return {
      read: (signal) =>
        wire.call(caller, { api: 'lease', doing: 'reading the lease', isWrite: false, signal, act: () => this.#kept }),
      write: (next, expectedVersion, signal) =>
        wire.call(caller, {
          api: 'lease',
          doing: 'writing the lease',
          // Whoever takes a lease needs none for it.
          isWrite: false,
          signal,
          act: () => this.#write(next, expectedVersion),
        }),
    };
  }

  #write(next: LeaseRecord, expectedVersion: string | null): boolean {
    if ((this.#kept?.version ?? null) !== expectedVersion) return this.#kept?.version === next.version;
    this.#kept = next;
    return true;
  }
}
