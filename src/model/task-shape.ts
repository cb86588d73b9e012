// A task shape is everything about a task that decides where it fits. Equal shapes are interchangeable.
import type { HostPort, Resources } from './resources.ts';

export type CpuArchitecture = 'x86_64' | 'arm64';
export type OperatingSystem = 'linux' | 'windows';

/** An attribute an instance must carry; a null value asks for its presence only. */
export interface RequiredAttribute {
  readonly name: string;
  readonly value: string | null;
}

export interface TaskShape extends Resources {
  /** Whole GPUs. */
  readonly gpus: number;
  /** 1 for a task with a network interface of its own (`awsvpc`), otherwise 0. */
  readonly eniSlots: number;
  /** Fixed host ports, sorted; dynamic host ports are none. */
  readonly hostPorts: readonly HostPort[];
  /** null when any will do. */
  readonly architecture: CpuArchitecture | null;
  readonly operatingSystem: OperatingSystem | null;
  /** Sorted by name. */
  readonly requiredAttributes: readonly RequiredAttribute[];
  /** The `memberOf` expressions of definition and service, sorted. All must hold. */
  readonly expressions: readonly string[];
  /** No two tasks of `group` may stand on one instance (`distinctInstance`). */
  readonly isDistinct: boolean;
  /**
   * The task group (`service:web`), where placement depends on it: with `isDistinct`, or with an expression over
   * `task:group`. Otherwise null, because then tasks of different groups are interchangeable.
   */
  readonly group: string | null;
}

/** A shape that needs nothing: what a literal only has to say what is special about it. */
export const NO_SHAPE: TaskShape = {
  cpuUnits: 0,
  memoryMiB: 0,
  gpus: 0,
  eniSlots: 0,
  hostPorts: [],
  architecture: null,
  operatingSystem: null,
  requiredAttributes: [],
  expressions: [],
  isDistinct: false,
  group: null,
};

const keys = new WeakMap<TaskShape, string>();

/**
 * A stable name for the shape, equal for equal shapes and different for different ones: `1024cpu/2048MiB`, or
 * `256cpu/512MiB/1gpu/eni/tcp:80/arm64/memberOf(attribute:zone == a)`.
 */
export function shapeKey(shape: TaskShape): string {
  const known = keys.get(shape);
  if (known !== undefined) return known;
  const key = [...sizeWords(shape), ...constraintsOf(shape)].join('/');
  keys.set(shape, key);
  return key;
}

/** What an instance must be, besides large enough, a line each: for people, and for telling classes apart. */
export function constraintsOf(shape: TaskShape): string[] {
  return [
    ...(shape.architecture === null ? [] : [shape.architecture]),
    ...(shape.operatingSystem === null ? [] : [shape.operatingSystem]),
    ...(shape.isDistinct ? [`distinct(${shape.group ?? ''})`] : []),
    ...shape.expressions.map((expression) => `memberOf(${expression})`),
    ...shape.requiredAttributes.map(({ name, value }) => `requires(${value === null ? name : `${name}=${value}`})`),
    ...(!shape.isDistinct && shape.group !== null ? [`group(${shape.group})`] : []),
  ];
}

/**
 * Whether `a` needs at least as much room as `b`: where one fits, so does the other, if it may stand there at all. A shape
 * is at least itself.
 */
export function isAtLeast(a: TaskShape, b: TaskShape): boolean {
  return (
    a.cpuUnits >= b.cpuUnits &&
    a.memoryMiB >= b.memoryMiB &&
    a.gpus >= b.gpus &&
    a.eniSlots >= b.eniSlots &&
    b.hostPorts.every((port) => a.hostPorts.includes(port)) &&
    (!b.isDistinct || (a.isDistinct && a.group === b.group))
  );
}

function sizeWords(shape: TaskShape): string[] {
  return [
    `${shape.cpuUnits}cpu`,
    `${shape.memoryMiB}MiB`,
    ...(shape.gpus === 0 ? [] : [`${shape.gpus}gpu`]),
    ...(shape.eniSlots === 0 ? [] : ['eni']),
    ...shape.hostPorts,
  ];
}
