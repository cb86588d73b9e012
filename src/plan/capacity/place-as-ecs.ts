// Where ECS will put tasks that are about to start: by each service's own strategy, which is not ours. A service that
// spreads its small tasks over the emptiest instances breaks up room that packing would have kept whole.
//
// Faithful as far as AWS tells: spread counts tasks of the service itself; binpack takes the instance with the least left
// that still fits; what is left open (random, and which instance inside a zone) is answered with an extreme: the emptiest
// one, which spoils most large rooms, or the fullest. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
import type { PlacementStrategy } from '../../model/service.ts';
import type { Capacity } from './capacity.ts';
import { ATTRIBUTES } from './ground.ts';
import type { Spread } from './group-counts.ts';
import { rowOrder } from './row-order.ts';
import { type Free, fitOn, take } from './table.ts';

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

/**
 * Which of the instances that the strategies leave open takes a task: unknown, so either extreme may be asked for, as may
 * the first or the last of equally loaded zones.
 */
export type Whim = 'emptiest' | 'fullest' | 'most-cpu' | 'most-memory';

/** Places the tasks. Changes `free`. Returns the rows they landed on, one entry a task: fewer than asked when room runs out. */
export function placeAsEcs(
  capacity: Capacity,
  free: Free,
  starting: Starting,
  whim: Whim = 'emptiest',
  ofEqualZones: 'first' | 'last' = 'first',
): number[] {
  const strategies = starting.strategies.length === 0 ? SERVICE_DEFAULT : starting.strategies;
  const [first] = strategies;
  const attribute =
    first?.type === 'spread' && first.field.startsWith(ATTRIBUTE_FIELD)
      ? first.field.slice(ATTRIBUTE_FIELD.length)
      : null;
  const [within] = attribute === null ? strategies : strategies.slice(1);
  const { rows, reversed, counts } = capacity.spread(attribute);
  const { places } = capacity.groupCounts;
  const place = places.get(starting.group);
  const queues = partsFor(whim, free, { rows, reversed }).map((part, index) => ({
    standing: place === undefined ? 0 : (counts[index * places.size + place] ?? 0),
    next: inTurn(capacity, free, { starting, strategy: within, whim }, part),
  }));
  const isBefore = (a: number, b: number) => (ofEqualZones === 'last' ? a <= b : a < b);
  const landed: number[] = [];
  while (landed.length < starting.count) {
    const queue = queues.reduce<(typeof queues)[number] | null>(
      (least, each) => (least === null || isBefore(each.standing, least.standing) ? each : least),
      null,
    );
    if (queue === null) break;
    const row = queue.next();
    if (row === null) {
      queues.splice(queues.indexOf(queue), 1);
      continue;
    }
    take(capacity.table, free, row, starting.column, 1);
    queue.standing += 1;
    landed.push(row);
  }
  return landed;
}

/** The rows of each part in the order of the whim. */
function partsFor(
  whim: Whim,
  free: Free,
  { rows, reversed }: Pick<Spread, 'rows' | 'reversed'>,
): readonly Uint32Array[] {
  if (whim === 'fullest') return rows;
  if (whim === 'emptiest') return reversed;
  const most = Float64Array.from(whim === 'most-cpu' ? free.cpu : free.memory, (amount) => -amount);
  return rows.map((part) => rowOrder(most, part));
}

const ATTRIBUTE_FIELD = 'attribute:';

interface Turn {
  readonly starting: Starting;
  /** The strategy that ranks instances which spreading over an attribute does not tell apart. */
  readonly strategy: PlacementStrategy | undefined;
  readonly whim: Whim;
}

/**
 * Hands out rows as the strategy wants them: one until it is full (binpack), or each in turn (spread, random).
 * @param among in the order of the whim
 */
function inTurn({ table, groupCounts }: Capacity, free: Free, turn: Turn, among: Uint32Array): () => number | null {
  const { column, group } = turn.starting;
  const { strategy, whim } = turn;
  const fits = (row: number) => fitOn(table, free, row, column) > 0;
  if (strategy?.type === 'binpack') {
    const left = Float64Array.from(strategy.field === 'cpu' ? free.cpu : free.memory);
    return oneAfterTheOther(() => rowOrder(left, among.filter(fits)), fits);
  }
  if (strategy?.type !== 'spread') {
    return whim === 'fullest' ? oneAfterTheOther(() => among, fits) : roundAndRound(() => among, fits);
  }
  const place = groupCounts.places.get(group);
  return levelByLevel(among, (row) => countOn(groupCounts.pairs[row], place), fits);
}

function oneAfterTheOther(start: () => Uint32Array, fits: (row: number) => boolean): () => number | null {
  let queue: Uint32Array | null = null;
  let at = 0;
  return () => {
    queue ??= start();
    for (; at < queue.length; at += 1) {
      const row = queue[at] ?? 0;
      if (fits(row)) return row;
    }
    return null;
  };
}

function roundAndRound(start: () => Uint32Array, fits: (row: number) => boolean): () => number | null {
  let queue: Uint32Array | null = null;
  let at = 0;
  return () => {
    queue ??= start();
    while (queue.length > 0) {
      for (; at < queue.length; at += 1) {
        const row = queue[at] ?? 0;
        if (!fits(row)) continue;
        at += 1;
        return row;
      }
      at = 0;
      queue = queue.filter(fits);
    }
    return null;
  };
}

/** Rows with the fewest tasks of the service first, those it has just been given included; of equals, as they are in order. */
function levelByLevel(
  among: Uint32Array,
  standingOn: (row: number) => number,
  fits: (row: number) => boolean,
): () => number | null {
  const given = new Map<number, number>();
  let level = 0;
  let at = 0;
  /** The least count above the level, of the rows met since it was reached. */
  let next = Number.POSITIVE_INFINITY;
  const rowOnLevel = () => {
    for (; at < among.length; at += 1) {
      const row = among[at] ?? 0;
      const count = standingOn(row) + (given.get(row) ?? 0);
      if (count < level || count >= next || !fits(row)) continue;
      if (count === level) return row;
      next = count;
    }
    return null;
  };
  return () => {
    for (;;) {
      const row = rowOnLevel();
      if (row !== null) {
        given.set(row, (given.get(row) ?? 0) + 1);
        next = Math.min(next, level + 1);
        at += 1;
        return row;
      }
      if (next === Number.POSITIVE_INFINITY) return null;
      level = next;
      next = Number.POSITIVE_INFINITY;
      at = 0;
    }
  };
}

function countOn(pairs: Int32Array | undefined, place: number | undefined): number {
  if (pairs === undefined || place === undefined) return 0;
  for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === place) return pairs[at + 1] ?? 0;
  return 0;
}
