// Shapes that miss a type of the fleet, or one more place on it, by a few percent: mostly because they were sized by what
// EC2 sells and not by what an instance registers. Two tasks of 4,096 MiB do not fit 8 GiB, of which 7,985 MiB register.
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';
import type { NearMiss } from '../report.ts';
import { countThatFit, type Room } from '../room.ts';

/** A definition can be made this much smaller without anybody noticing. */
const SHARE_OF_EACH = 0.05;
/** Where many fit, a small share of each is a large part of one more: then it is chance, and no miss. */
const SHARE_OF_ONE = 0.1;

const RESOURCES = [
  ['memory', 'memoryMiB'],
  ['cpu', 'cpuUnits'],
] as const;

/** Where a place more is worth most first: none fits, one fits, and so on; then the nearest. */
export function nearMisses(
  empty: ReadonlyMap<string, Room>,
  shapes: readonly TaskShape[],
  names: ReadonlyMap<string, string>,
): NearMiss[] {
  return shapes
    .flatMap((shape) => [...empty].flatMap(([instanceType, room]) => missesOf(shape, instanceType, room, names)))
    .sort((a, b) => a.fits - b.fits || a.share - b.share || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function missesOf(shape: TaskShape, instanceType: string, room: Room, names: ReadonlyMap<string, string>): NearMiss[] {
  const fits = countThatFit(room, shape);
  return RESOURCES.flatMap(([resource, dimension]) => {
    const need = shape[dimension];
    const missing = (fits + 1) * need - room[dimension];
    if (need === 0 || missing <= 0 || missing > mostFor(need, fits + 1)) return [];
    // With this much more of it alone one more has to fit, or something else is in the way as well.
    if (countThatFit({ ...room, [dimension]: room[dimension] + missing }, shape) <= fits) return [];
    const name = names.get(shapeKey(shape)) ?? shapeKey(shape);
    return [{ shape: name, instanceType, fits, resource, missing, share: missing / need }];
  });
}

function mostFor(need: number, count: number): number {
  return need * Math.min(SHARE_OF_EACH * count, SHARE_OF_ONE);
}

function keyOf({ shape, instanceType }: NearMiss): string {
  return `${instanceType} ${shape}`;
}
