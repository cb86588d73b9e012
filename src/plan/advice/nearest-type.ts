// For a shape that fits no type of the fleet: which type comes nearest, and what it lacks.
import { constraintsOf, NO_SHAPE, type TaskShape } from '../../model/task-shape.ts';
import type { UnschedulableShape } from '../report.ts';
import { obstacleTo, type Room } from '../room.ts';

export interface NearestType {
  readonly instanceType: string;
  /** What one task needs and an empty instance of the type does not have. */
  readonly missing: UnschedulableShape['missing'];
}

/**
 * Of the types that break the fewest constraints, because no size makes up for one, the one that lacks least of what the
 * shape needs. null when the size of no type is known.
 */
export function nearestType(shape: TaskShape, empty: ReadonlyMap<string, Room>): NearestType | null {
  const types = [...empty].map(
    ([instanceType, room]): NearestType => ({ instanceType, missing: missingOn(room, shape) }),
  );
  return types.reduce<NearestType | null>(
    (nearest, type) => (nearest === null || isNearer(type, nearest, shape) ? type : nearest),
    null,
  );
}

function missingOn(room: Room, shape: TaskShape): UnschedulableShape['missing'] {
  return {
    cpuUnits: Math.max(0, shape.cpuUnits - room.cpuUnits),
    memoryMiB: Math.max(0, shape.memoryMiB - room.memoryMiB),
    gpus: Math.max(0, shape.gpus - room.gpus),
    eniSlots: Math.max(0, shape.eniSlots - room.eniSlots),
    constraints: singleConstraints(shape)
      .filter((single) => obstacleTo(room, single) !== null)
      .flatMap(constraintsOf),
  };
}

/** A shape for each constraint, that needs nothing else. */
function singleConstraints(shape: TaskShape): TaskShape[] {
  const { architecture, operatingSystem, expressions, requiredAttributes, isDistinct, group } = shape;
  return [
    ...(architecture === null ? [] : [{ ...NO_SHAPE, architecture }]),
    ...(operatingSystem === null ? [] : [{ ...NO_SHAPE, operatingSystem }]),
    ...(isDistinct ? [{ ...NO_SHAPE, isDistinct, group }] : []),
    ...expressions.map((expression) => ({ ...NO_SHAPE, expressions: [expression] })),
    ...requiredAttributes.map((attribute) => ({ ...NO_SHAPE, requiredAttributes: [attribute] })),
  ];
}

function isNearer(type: NearestType, other: NearestType, shape: TaskShape): boolean {
  const broken = type.missing.constraints.length - other.missing.constraints.length;
  if (broken !== 0) return broken < 0;
  const lack = lackOf(type, shape) - lackOf(other, shape);
  return lack === 0 ? type.instanceType < other.instanceType : lack < 0;
}

/** What is missing in shares of the need, over all of it: 1 for a type that has nothing of one resource. */
function lackOf({ missing }: NearestType, shape: TaskShape): number {
  return (['cpuUnits', 'memoryMiB', 'gpus', 'eniSlots'] as const).reduce(
    (sum, dimension) => sum + (missing[dimension] === 0 ? 0 : missing[dimension] / shape[dimension]),
    0,
  );
}
