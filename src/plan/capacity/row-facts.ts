// What has been found out of a room for a set of shapes. Rooms of instances that did not change are the same objects from
// pass to pass, so of thousands of rows only those of the last seconds' changes are worked out anew.
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';
import type { Room } from '../room.ts';
import { type ClaimLayout, claimLayout } from './claims.ts';
import { allowedOn, type GroundQuestions, groundQuestions, signatureOf } from './ground-classes.ts';

export interface RowFacts {
  /** The ground class: equal for rooms on which the same shapes may stand. */
  readonly ground: number;
  /** A bit for each claim that is held. */
  readonly claims: Int32Array;
  /** How many of each shape fit; counted when the room stands in a table. */
  fits: Int32Array | null;
}

/** What a set of shapes asks of a room, and what has been answered so far. */
export interface Layout {
  readonly shapes: readonly TaskShape[];
  readonly questions: GroundQuestions;
  readonly claims: ClaimLayout;
  /** By signature. */
  readonly grounds: Map<string, GroundClass>;
}

export interface GroundClass {
  readonly index: number;
  /** 1 for each shape that may stand there. */
  readonly allowed: Uint8Array;
}

let newest: { readonly text: string; readonly layout: Layout } | null = null;

/** The same object while the shapes are the same, in the same order. */
export function layoutOf(shapes: readonly TaskShape[]): Layout {
  const text = shapes.map(shapeKey).join('\n');
  if (newest?.text === text) return newest.layout;
  const questions = groundQuestions(shapes);
  const claims = claimLayout(shapes, questions.ofTheInstance);
  newest = { text, layout: { shapes, questions, claims, grounds: new Map() } };
  return newest.layout;
}

export function rowFacts(room: Room, layout: Layout): RowFacts {
  const { worked } = room;
  if (worked.layout === layout && worked.facts !== null) return worked.facts;
  const facts: RowFacts = {
    ground: groundOf(room, layout).index,
    claims: layout.claims.heldOn(room),
    fits: null,
  };
  worked.layout = layout;
  worked.facts = facts;
  return facts;
}

/**
 * The ground class of each row, and `allowed[class * shapes + column]`, of the classes that occur among these rows: what a
 * layout remembers of rooms that are gone, or of another table's, is no part of this one.
 */
export function groundsOf(
  facts: readonly RowFacts[],
  { grounds, shapes }: Layout,
): { classOf: Uint16Array; allowed: Uint8Array } {
  const known = [...grounds.values()];
  const places = new Map<number, number>();
  const classOf = new Uint16Array(facts.length);
  facts.forEach(({ ground }, row) => {
    const place = places.get(ground) ?? places.size;
    if (place === places.size) places.set(ground, place);
    classOf[row] = place;
  });
  const allowed = new Uint8Array(places.size * shapes.length);
  for (const [ground, place] of places) allowed.set(known[ground]?.allowed ?? [], place * shapes.length);
  return { classOf, allowed };
}

function groundOf(room: Room, { shapes, questions, grounds }: Layout): GroundClass {
  const signature = signatureOf(room, questions.names);
  const known = grounds.get(signature);
  if (known !== undefined) return known;
  const ground = { index: grounds.size, allowed: allowedOn(room, signature, shapes, questions) };
  grounds.set(signature, ground);
  return ground;
}
