// How many tasks of each group stand on each row, as numbers: what spreading counts, and what a loss displaces.
import type { Room } from '../room.ts';
import { attributeOf } from './ground.ts';

export interface GroupCounts {
  /** The place of each group. */
  readonly places: ReadonlyMap<string, number>;
  /** For each row the place of a group and how many of its tasks stand there, alternating. */
  readonly pairs: readonly Int32Array[];
}

/** Rows that spreading takes for one. */
export interface Spread {
  /** Each in the table's order: tightest first. */
  readonly rows: readonly Uint32Array[];
  /** The same, loosest first. */
  readonly reversed: readonly Uint32Array[];
  /** Tasks of each group on each of them: `counts[part * groups + place]`. */
  readonly counts: Int32Array;
}

let newest: { readonly text: string; readonly places: ReadonlyMap<string, number> } | null = null;

/** @param groups those that are counted, in a stable order */
export function groupCountsOf(rooms: readonly Room[], groups: readonly string[]): GroupCounts {
  const text = groups.join('\n');
  if (newest?.text !== text) {
    // A family with tasks of two revisions is named twice and has one place.
    newest = { text, places: new Map([...new Set(groups)].map((group, place) => [group, place])) };
  }
  const { places } = newest;
  return { places, pairs: rooms.map((room) => pairsOf(room, places)) };
}

/** Counted once while neither the instance's tasks nor the groups change. */
function pairsOf({ groups, worked }: Room, places: ReadonlyMap<string, number>): Int32Array {
  if (worked.places === places && worked.pairs !== null) return worked.pairs;
  const flat: number[] = [];
  for (const [group, count] of groups) {
    const place = places.get(group);
    if (place !== undefined) flat.push(place, count);
  }
  worked.pairs = Int32Array.from(flat);
  worked.places = places;
  return worked.pairs;
}

/**
 * The rows by their value of an attribute, in the order of the values; all of them as one for null.
 * @param order all rows
 */
export function spreadOver(
  rooms: readonly Room[],
  groupCounts: GroupCounts,
  { attribute, order }: { attribute: string | null; order: Uint32Array },
): Spread {
  const rows = attribute === null ? [order] : byValue(rooms, attribute, order);
  const groups = groupCounts.places.size;
  const counts = new Int32Array(rows.length * groups);
  rows.forEach((part, index) => {
    for (let at = 0; at < part.length; at += 1) {
      const pairs = groupCounts.pairs[part[at] ?? 0];
      if (pairs === undefined) continue;
      for (let pair = 0; pair < pairs.length; pair += 2) {
        const place = index * groups + (pairs[pair] ?? 0);
        counts[place] = (counts[place] ?? 0) + (pairs[pair + 1] ?? 0);
      }
    }
  });
  return { rows, reversed: rows.map((part) => part.slice().reverse()), counts };
}

function byValue(rooms: readonly Room[], attribute: string, order: Uint32Array): Uint32Array[] {
  const parts = new Map<string, number[]>();
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] ?? 0;
    const room = rooms[row];
    const value = room === undefined ? '' : (attributeOf(room, attribute) ?? '');
    const part = parts.get(value);
    if (part === undefined) parts.set(value, [row]);
    else part.push(row);
  }
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => Uint32Array.from(part));
}
