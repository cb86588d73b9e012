// What only one task of an instance can hold, as bits: host ports, and the one place of a group whose tasks stand alone.
// What a room's own state forbids for one shape is a bit as well, held from the start; and that a group has come to stand
// there, where another shape's expression keeps away from it.
import type { TaskShape } from '../../model/task-shape.ts';
import { type Room, standsAlone } from '../room.ts';
import { excludes, groundObstacle } from './ground.ts';

export interface ClaimLayout {
  /** Words of 32 bits a room. */
  readonly words: number;
  /** Claims that must be free for a task of each shape, and those that it takes then; `words` words a shape. */
  readonly watched: Int32Array;
  readonly taken: Int32Array;
  /** What is held on a room now. */
  heldOn(room: Room): Int32Array;
}

/** @param ofTheInstance shapes that ask about the single instance: whether it refuses them is a claim */
export function claimLayout(shapes: readonly TaskShape[], ofTheInstance: readonly number[]): ClaimLayout {
  const ports = [...new Set(shapes.flatMap(({ hostPorts }) => hostPorts))].sort();
  const groups = [...new Set(shapes.flatMap((shape) => groupAlone(shape) ?? []))].sort();
  const portBits = new Map(ports.map((port, bit) => [port, bit]));
  const groupBits = new Map(groups.map((group, at) => [group, ports.length + at]));
  const refusals = ofTheInstance.flatMap((column, at) => {
    const shape = shapes[column];
    return shape === undefined ? [] : [{ column, shape, bit: ports.length + groups.length + at }];
  });
  const avoided = avoidedGroups(shapes);
  const firstAvoided = ports.length + groups.length + refusals.length;
  const avoidedBits = new Map(avoided.map((group, at) => [group, firstAvoided + at]));
  const words = Math.ceil((firstAvoided + avoided.length) / 32);
  const taken = new Int32Array(shapes.length * words);
  shapes.forEach((shape, column) => {
    for (const port of shape.hostPorts) hold(taken, column * words, portBits.get(port));
  });
  const watched = taken.slice();
  shapes.forEach((shape, column) => {
    // A group may have several shapes, of an old and a new definition: any of them takes the one place.
    hold(taken, column * words, groupBits.get(shape.group ?? ''));
    hold(watched, column * words, groupBits.get(groupAlone(shape) ?? ''));
  });
  for (const { column, bit } of refusals) hold(watched, column * words, bit);
  shapes.forEach((shape, column) => {
    hold(taken, column * words, avoidedBits.get(shape.group ?? ''));
    for (const [group, bit] of avoidedBits) if (isAvoidedBy(shape, group)) hold(watched, column * words, bit);
  });
  return {
    words,
    watched,
    taken,
    heldOn(room) {
      const held = new Int32Array(words);
      for (const port of room.takenPorts) hold(held, 0, portBits.get(port));
      for (const group of room.groups.keys()) hold(held, 0, groupBits.get(group));
      for (const { shape, bit } of refusals) if (groundObstacle(room, shape) !== null) hold(held, 0, bit);
      return held;
    },
  };
}

/** The group of which only one task stands on an instance; null for every other shape. */
function groupAlone(shape: TaskShape): string | null {
  return standsAlone(shape) ? shape.group : null;
}

/** Groups that some other shape's expression keeps away from. */
function avoidedGroups(shapes: readonly TaskShape[]): string[] {
  const groups = [...new Set(shapes.flatMap(({ group }) => group ?? []))].sort();
  return groups.filter((group) => shapes.some((shape) => isAvoidedBy(shape, group)));
}

function isAvoidedBy(shape: TaskShape, group: string): boolean {
  return shape.group !== group && excludes(shape, group);
}

function hold(bits: Int32Array, from: number, bit: number | undefined): void {
  if (bit === undefined) return;
  const word = from + (bit >> 5);
  bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
}
