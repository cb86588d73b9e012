// The shapes in use lately. A shape enters the moment somebody uses it and leaves only when nobody has for a while: a
// batch that runs every hour must not make its room come and go with it. Which of them are largest is not said here.
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';

/** By shape key, in the order of the keys. */
export type LargestSeen = Readonly<Record<string, SeenShape>>;

export interface SeenShape {
  readonly shape: TaskShape;
  /** Services, `family:NAME` for standalone tasks; sorted. Those of its last use when nobody uses it now. */
  readonly users: readonly string[];
  /** Epoch milliseconds. */
  readonly lastUsedAt: number;
}

/** A shape somebody uses now. */
export interface UsedShape {
  readonly shape: TaskShape;
  readonly users: readonly string[];
}

// As many shapes as planning time is measured for (`npm run bench`: 60 and 300). A plan's time grows with them, so what
// nobody uses any more gives way; what is in use is never dropped, however many there are.
const MOST_SHAPES = 300;

/**
 * The shapes to go by after this look: all that are in use now, and of the others those whose last use is at most
 * `forgetMs` ago, the latest first when there are too many. The order of `used` makes no difference.
 */
export function rememberShapes(
  before: LargestSeen,
  used: readonly UsedShape[],
  { now, forgetMs }: { now: number; forgetMs: number },
): LargestSeen {
  const inUse = usedNow(used, now);
  const unused = Object.entries(before)
    .filter(([key, { lastUsedAt }]) => !inUse.has(key) && now - lastUsedAt <= forgetMs)
    .sort(([keyA, a], [keyB, b]) => b.lastUsedAt - a.lastUsedAt || order(keyA, keyB))
    .slice(0, Math.max(0, MOST_SHAPES - inUse.size));
  return Object.fromEntries([...inUse, ...unused].sort(([a], [b]) => order(a, b)));
}

function usedNow(used: readonly UsedShape[], now: number): Map<string, SeenShape> {
  const found = new Map<string, SeenShape>();
  for (const { shape, users } of used) {
    const key = shapeKey(shape);
    const all = new Set([...(found.get(key)?.users ?? []), ...users]);
    found.set(key, { shape, users: [...all].sort(order), lastUsedAt: now });
  }
  return found;
}

/** By code unit: the same on every machine. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
