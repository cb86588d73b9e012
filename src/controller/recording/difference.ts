// What has changed from one piece of plain JSON data to the next, so that a pass in which little happens takes little
// room. Applied to the first it gives the second exactly, down to the order of keys: a replay must not differ by a tie that
// is broken otherwise.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How to make the next value from the one before. */
export type Change =
  | { readonly is: Json }
  /** Keys of an object: changed or new ones, and those that are gone. */
  | { readonly keys: { readonly [key: string]: Change }; readonly gone?: readonly string[] }
  /** A list made of stretches of the one before and of items that are new. */
  | { readonly list: readonly Piece[] };

type Piece = { readonly from: number; readonly count: number } | { readonly items: readonly Json[] };

/**
 * null when there is none. Lists are compared item by item, wherever an item stood before; an item that changed is written
 * whole. What a list holds must not be changed afterwards: its texts are kept with it.
 */
export function difference(before: Json, after: Json): Change | null {
  if (before === after) return null;
  if (isList(before) && isList(after)) return listDifference(before, after);
  if (isObject(before) && isObject(after)) return objectDifference(before, after);
  return { is: after };
}

/** @throws TypeError when the change was made from something else than `before` */
export function applied(change: Change | null, before: Json): Json {
  if (change === null) return before;
  if ('is' in change) return change.is;
  if ('list' in change) {
    if (!isList(before)) throw new TypeError('the change of a list is applied to something else');
    return change.list.flatMap((piece) =>
      'items' in piece ? piece.items : before.slice(piece.from, piece.from + piece.count),
    );
  }
  if (!isObject(before)) throw new TypeError('the change of an object is applied to something else');
  const gone = new Set(change.gone);
  const kept = Object.entries(before).flatMap(([key, value]): [string, Json][] =>
    gone.has(key) ? [] : [[key, applied(ownOf(change.keys, key) ?? null, value)]],
  );
  const added = Object.entries(change.keys)
    .filter(([key]) => !Object.hasOwn(before, key))
    .map(([key, made]): [string, Json] => [key, applied(made, null)]);
  return Object.fromEntries([...kept, ...added]);
}

function objectDifference(before: JsonObject, after: JsonObject): Change | null {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  const order = Object.keys(Object.fromEntries([...kept, ...added].map((key) => [key, null])));
  if (!isSameOrder(order, Object.keys(after))) return { is: after };
  const changed = [...kept, ...added].flatMap((key): [string, Change][] => {
    const change = Object.hasOwn(before, key)
      ? difference(ownOf(before, key) ?? null, ownOf(after, key) ?? null)
      : { is: ownOf(after, key) ?? null };
    return change === null ? [] : [[key, change]];
  });
  if (changed.length === 0 && gone.length === 0) return null;
  return { keys: Object.fromEntries(changed), ...(gone.length === 0 ? {} : { gone }) };
}

function listDifference(before: readonly Json[], after: readonly Json[]): Change | null {
  const places = placesIn(before, after);
  if (after.length === before.length && places.every((place, index) => place === index)) return null;
  if (places.every((place) => place === null)) return { is: after };
  const pieces: Grown[] = [];
  for (const [index, item] of after.entries()) {
    const [place, last] = [places[index] ?? null, pieces.at(-1)];
    if (place === null) {
      if (last !== undefined && 'items' in last) last.items.push(item);
      else pieces.push({ items: [item] });
    } else if (last !== undefined && 'count' in last && last.from + last.count === place) last.count += 1;
    else pieces.push({ from: place, count: 1 });
  }
  return { list: pieces };
}

/** A piece that is still being put together. */
type Grown = { from: number; count: number } | { items: Json[] };

/** Where each item stood before; null for one that is new. Equal items are told apart by what stood beside them. */
function placesIn(before: readonly Json[], after: readonly Json[]): (number | null)[] {
  const places = new Map<string, number>();
  for (const [index, item] of before.entries()) if (!places.has(textOf(item))) places.set(textOf(item), index);
  let next = 0;
  return after.map((item) => {
    const text = textOf(item);
    const place = isAt(before, next, text) ? next : (places.get(text) ?? null);
    if (place !== null) next = place + 1;
    return place;
  });
}

const isAt = (list: readonly Json[], index: number, text: string): boolean => {
  const item = list[index];
  return item !== undefined && textOf(item) === text;
};

const isSameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index]);

type JsonObject = { readonly [key: string]: Json };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key may be called like something every object inherits. */
function ownOf<Value>(object: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

// From pass to pass most items stay the same objects (src/controller/observe/): each is put into text once.
const texts = new WeakMap<object, string>();

function textOf(item: Json): string {
  if (typeof item !== 'object' || item === null) return JSON.stringify(item);
  const known = texts.get(item);
  if (known !== undefined) return known;
  const text = JSON.stringify(item);
  texts.set(item, text);
  return text;
}
