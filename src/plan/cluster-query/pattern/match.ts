// Whether a value matches a Java regular expression as a whole.
//
// Constraints are written by whoever deploys a service, and `(a|a)*b` would keep a backtracking engine busy past the end
// of the universe on a value of ECS's 128 characters: short values alone are no guard. So a (step, place) pair that led
// nowhere is not walked again, which makes the walk at most steps times places long; what looks ahead, and atomic
// groups, are walked once a place. A bound on the walk holds for patterns that nest even those.
import { isWord } from './char-set.ts';
import type { Edge, PatternFault } from './node.ts';
import { type Program, programOf, type Step } from './program.ts';
import { readPattern } from './read.ts';

export interface Pattern {
  readonly program: Program;
}

export function compilePattern(text: string): Pattern | PatternFault {
  const node = readPattern(text);
  if ('why' in node) return node;
  const program = programOf(node);
  return 'why' in program ? program : { program };
}

/** null when it cannot be said within the bound. */
export function matchesWhole({ program }: Pattern, value: string): boolean | null {
  if (value.length > MAX_VALUE) return null;
  const walk = new Walk(value);
  const end = walk.endOf(program, 0, (place) => place === value.length);
  return walk.isExhausted ? null : end !== NOWHERE;
}

/** Attribute values have at most 128 characters, task groups 255. */
const MAX_VALUE = 1_024;
/** Twice what the longest expression needs on the longest value; some tens of milliseconds. */
const MAX_WALK = 2_000_000;
const NOWHERE = -1;

class Walk {
  readonly #value: string;
  /** Where the program of a look or an atomic group ends when begun at a place. */
  readonly #ends = new Map<Program, Map<number, number>>();
  #left = MAX_WALK;

  constructor(value: string) {
    this.#value = value;
  }

  get isExhausted(): boolean {
    return this.#left < 0;
  }

  /** Where the program first ends at a place that will do. */
  endOf(program: Program, from: number, isEnd: (place: number) => boolean): number {
    const places = this.#value.length + 1;
    const walked = new Uint8Array(program.length * places);
    const ahead: number[] = [from];
    for (let pair = ahead.pop(); pair !== undefined; pair = ahead.pop()) {
      if (walked[pair] === 1) continue;
      walked[pair] = 1;
      this.#left -= 1;
      if (this.#left < 0) return NOWHERE;
      const index = Math.floor(pair / places);
      const place = pair % places;
      const step = program[index];
      if (step === undefined) continue;
      if (step.op === 'done' && isEnd(place)) return place;
      const next = this.#placeAfter(step, place);
      if (next === NOWHERE) continue;
      // The last one pushed is walked first.
      for (const turn of turnsAfter(step, index)) ahead.push(turn * places + next);
    }
    return NOWHERE;
  }

  #placeAfter(step: Step, place: number): number {
    switch (step.op) {
      case 'fork':
      case 'jump':
      case 'done':
        return place;
      case 'character':
        return place < this.#value.length && step.set(this.#value.charCodeAt(place)) ? place + 1 : NOWHERE;
      case 'edge':
        return this.#isAt(step.edge, place) ? place : NOWHERE;
      case 'atomic':
        return this.#known(step.program, place, () => this.endOf(step.program, place, () => true));
      case 'look': {
        const end = this.#known(step.program, place, () =>
          step.isBehind ? this.#endsAt(step.program, place) : this.endOf(step.program, place, () => true),
        );
        return (end === NOWHERE) === step.isNegated ? place : NOWHERE;
      }
      default:
        return step satisfies never;
    }
  }

  /** Whether something before the place leads exactly there. */
  #endsAt(program: Program, place: number): number {
    for (let from = place; from >= 0; from -= 1) {
      if (this.endOf(program, from, (end) => end === place) !== NOWHERE) return place;
    }
    return NOWHERE;
  }

  #known(program: Program, place: number, walk: () => number): number {
    const ends = this.#ends.get(program) ?? new Map<number, number>();
    this.#ends.set(program, ends);
    const known = ends.get(place);
    if (known !== undefined) return known;
    const end = walk();
    ends.set(place, end);
    return end;
  }

  #isAt(edge: Edge, place: number): boolean {
    switch (edge) {
      case 'start':
        return place === 0;
      case 'end':
        return place === this.#value.length;
      case 'word':
        return this.#isWordAt(place - 1) !== this.#isWordAt(place);
      case 'inside':
        return this.#isWordAt(place - 1) === this.#isWordAt(place);
      default:
        return edge satisfies never;
    }
  }

  #isWordAt(place: number): boolean {
    return place >= 0 && place < this.#value.length && isWord(this.#value.charCodeAt(place));
  }
}

function turnsAfter(step: Step, index: number): readonly number[] {
  switch (step.op) {
    case 'fork':
      return [step.second, step.first];
    case 'jump':
      return [step.to];
    case 'done':
      return [];
    default:
      return [index + 1];
  }
}
