// What the agent has done so far: the one thing it keeps on disk. Marks are what we set on the container instance and
// must take back; they outlive a reboot, since ECS keeps them. Progress belongs to one boot: after another one its
// events are over. `respond` and `afterStep` each make the next one; nobody edits it.

/** Something we set ourselves, and for which cause (its key). */
export interface Mark {
  readonly cause: string;
  readonly since: number;
}

export interface Memory {
  readonly drained: Mark | null;
  readonly cordoned: Mark | null;
  /** The value of the notice attribute that we wrote. */
  readonly notice: string | null;
  /** Causes met in this boot: by key, when each was first seen (epoch milliseconds). */
  readonly seen: Readonly<Record<string, number>>;
  /** Keys of causes that are over although their signal may still stand: a cordon that nothing followed. */
  readonly over: readonly string[];
  /** Ids of the steps taken for the causes of `seen`. */
  readonly taken: readonly string[];
}

export const NO_MEMORY: Memory = { drained: null, cordoned: null, notice: null, seen: {}, over: [], taken: [] };
