// For how long tasks of a service have been missing. Counts of a service flicker while its tasks come and go, so only
// what is missing in every look for a while is a need. It knows nothing of why they are missing, nor for how long is long.

/** In every look from then on at least this many tasks had no place. */
export interface MissingSince {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

// A count that rises at every look makes an entry a look. Beyond 64, more than a minute of passes at the shortest
// schedule, the oldest stays and the one after it is merged into its follower, which makes us patient and never hasty.
const MOST_ENTRIES = 64;

/**
 * The entries after a look that found this many missing: counts and instants both rise from entry to entry, so each says
 * "at least so many since then". A clock that was put back only makes us patient again.
 */
export function rememberMissing(
  before: readonly MissingSince[],
  missing: number,
  now: number,
): readonly MissingSince[] {
  const entries: MissingSince[] = [];
  for (const { count, since } of [...before, { count: missing, since: now }]) {
    const entry = { count: Math.min(count, missing), since: Math.min(since, now) };
    const last = entries.at(-1);
    if (entry.count <= (last?.count ?? 0)) continue;
    if (last !== undefined && last.since >= entry.since) entries.pop();
    entries.push(entry);
  }
  return entries.length <= MOST_ENTRIES ? entries : [...entries.slice(0, 1), ...entries.slice(1 - MOST_ENTRIES)];
}

/** The most tasks that were missing in every look for at least this long; 0 for none. */
export function lastingCount(entries: readonly MissingSince[], now: number, debounceMs: number): number {
  return entries.findLast(({ since }) => now - since >= debounceMs)?.count ?? 0;
}
