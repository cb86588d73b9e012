// Where ECS will put tasks that are about to start: by each service's own strategy, which is not ours. A service that
// spreads its small tasks over the emptiest instances breaks up room that packing would have kept whole.
//
// Faithful as far as AWS tells: spread counts tasks of the service itself; binpack takes the instance with the least left
// that still fits; what is left open (random, and which instance inside a zone) is answered with an extreme: the emptiest
// one, which spoils most large rooms, or the fullest. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
import type { PlacementStrategy } from '../../model/service.ts';
import type { Room } from '../room.ts';
import { ATTRIBUTES, attributeOf } from './ground.ts';
import { looseness, rowOrder } from './row-order.ts';
import { type Free, fitOn, type Table, take } from './table.ts';

/** Tasks of one service that are about to start. */
export interface Starting {
  readonly column: number;
  readonly count: number;
  /** `service:web`; what spread counts. */
  readonly group: string;
  readonly strategies: readonly PlacementStrategy[];
}

/** ECS's default for a service without a strategy; which instance inside a zone, it does not say. */
const SERVICE_DEFAULT: readonly PlacementStrategy[] = [{ type: 'spread', field: `attribute:${ATTRIBUTES.zone}` }];

/** Which of the instances that the strategies leave open takes a task: unknown, so either extreme may be asked for. */
export type Whim = 'emptiest' | 'fullest';

/** Places the tasks. Changes `free`. Returns the rows they landed on, one entry a task: fewer than asked when room runs out. */
export function placeAsEcs(
  table: Table,
  rooms: readonly Room[],
  free: Free,
  starting: Starting,
  whim: Whim = 'emptiest',
): number[] {
  const strategies = starting.strategies.length === 0 ? SERVICE_DEFAULT : starting.strategies;
  const [first] = strategies;
  const isByAttribute = first?.type === 'spread' && first.field.startsWith('attribute:');
  const within = isByAttribute ? strategies.slice(1) : strategies;
  const parts = isByAttribute ? byAttribute(rooms, first.field, starting.group) : [wholeCluster(rooms)];
  const queues = parts.map((part) => ({
    standing: part.standing,
    next: inTurn(table, rooms, free, { ...starting, strategies: within, whim }, part.rows),
  }));
  const landed: number[] = [];
  while (landed.length < starting.count) {
    const queue = queues.reduce<(typeof queues)[number] | null>(
      (least, each) => (least === null || each.standing < least.standing ? each : least),
      null,
    );
    if (queue === null) break;
    const row = queue.next();
    if (row === null) {
      queues.splice(queues.indexOf(queue), 1);
      continue;
    }
    take(table, free, row, starting.column, 1);
    queue.standing += 1;
    landed.push(row);
  }
  return landed;
}

interface Part {
  /** Tasks of the service that stand there. */
  standing: number;
  readonly rows: Uint32Array;
}

function wholeCluster(rooms: readonly Room[]): Part {
  return { standing: 0, rows: Uint32Array.from(rooms, (_, row) => row) };
}

/** The rooms by their value of the attribute, in the order of the values. */
function byAttribute(rooms: readonly Room[], field: string, group: string): Part[] {
  const name = field.slice('attribute:'.length);
  const parts = new Map<string, { standing: number; rows: number[] }>();
  rooms.forEach((room, row) => {
    const value = attributeOf(room, name) ?? '';
    const part = parts.get(value) ?? { standing: 0, rows: [] };
    part.standing += room.groups.get(group) ?? 0;
    part.rows.push(row);
    parts.set(value, part);
  });
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { standing, rows }]) => ({ standing, rows: Uint32Array.from(rows) }));
}

/** Hands out rows as the strategies want them: one until it is full (binpack), or each in turn (spread, random). */
function inTurn(
  table: Table,
  rooms: readonly Room[],
  free: Free,
  { column, group, strategies, whim }: Starting & { readonly whim: Whim },
  among: Uint32Array,
): () => number | null {
  const fitting = among.filter((row) => fitOn(table, free, row, column) > 0);
  const [strategy] = strategies;
  const isFilling = strategy?.type === 'binpack' || (whim === 'fullest' && strategy?.type !== 'spread');
  let queue = rowOrder(preference(table, rooms, free, { group, strategy, whim }), fitting);
  let at = 0;
  return () => {
    while (queue.length > 0) {
      if (at >= queue.length) {
        at = 0;
        if (isFilling) return null;
        queue = queue.filter((row) => fitOn(table, free, row, column) > 0);
        continue;
      }
      const row = queue[at] ?? 0;
      if (!isFilling) at += 1;
      if (fitOn(table, free, row, column) > 0) return row;
      if (isFilling) at += 1;
    }
    return null;
  };
}

/** What the strategy likes has the lowest value. */
function preference(
  table: Table,
  rooms: readonly Room[],
  free: Free,
  { group, strategy, whim }: { group: string; strategy: PlacementStrategy | undefined; whim: Whim },
): Float64Array {
  if (strategy?.type === 'binpack') return Float64Array.from(strategy.field === 'cpu' ? free.cpu : free.memory);
  const sign = whim === 'emptiest' ? -1 : 1;
  const loose = looseness(free, table.need).map((value) => sign * value);
  if (strategy?.type !== 'spread') return loose;
  const most = loose.reduce((max, value) => Math.max(max, Math.abs(value)), 0) + 1;
  return loose.map((value, row) => (rooms[row]?.groups.get(group) ?? 0) + value / most);
}
