/** One lease, as it is kept: no absolute time in it, because no two machines agree on one. */
export interface LeaseRecord {
  readonly holder: string;
  readonly leaseDurationMs: number;
  /** New at every write. Watching it stand still for a whole lease duration is what makes a lease expired. */
  readonly version: string;
  /** The holder gave it up: it may be taken at once. */
  readonly isReleased: boolean;
}

/** A place that keeps the record and changes it atomically. Throws `Failure`. */
export interface LeaseStore {
  /** A consistent read; null when nobody ever held it. */
  read(signal?: AbortSignal): Promise<LeaseRecord | null>;
  /**
   * Writes `next` only where the kept version still is `expectedVersion` (null: only where nothing is kept).
   * true when `next` is now what is kept, also when an earlier attempt of the same write got through unheard.
   */
  write(next: LeaseRecord, expectedVersion: string | null, signal?: AbortSignal): Promise<boolean>;
}
