// A pattern written out as steps, so that matching is a walk over (step, place) pairs and each pair is walked once.
import type { CharSet } from './char-set.ts';
import type { Edge, Node, PatternFault } from './node.ts';

export type Step =
  | { readonly op: 'character'; readonly set: CharSet }
  /** Goes on at `first`, and at `second` when that leads nowhere. */
  | { readonly op: 'fork'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'edge'; readonly edge: Edge }
  | { readonly op: 'look'; readonly program: Program; readonly isBehind: boolean; readonly isNegated: boolean }
  | { readonly op: 'atomic'; readonly program: Program }
  | { readonly op: 'done' };

export type Program = readonly Step[];

/** The steps, or a fault when counted repetitions write out to more of them than can be walked in reasonable time. */
export function programOf(node: Node): Program | PatternFault {
  const writer = new Writer({ left: MAX_WRITTEN });
  return writer.whole(node) ?? { offset: 0, why: 'it repeats too much to be matched' };
}

/** Ten times what the longest expression can hold without counted repetitions. */
const MAX_WRITTEN = 20_000;

class Writer {
  readonly #steps: Step[] = [];
  /** Shared with the writers of the programs inside. */
  readonly #budget: { left: number };

  constructor(budget: { left: number }) {
    this.#budget = budget;
  }

  whole(node: Node): Program | null {
    this.#write(node);
    this.#steps.push({ op: 'done' });
    return this.#budget.left < 0 ? null : this.#steps;
  }

  #write(node: Node): void {
    this.#budget.left -= 1;
    if (this.#budget.left < 0) return;
    switch (node.kind) {
      case 'character':
        this.#steps.push({ op: 'character', set: node.set });
        break;
      case 'edge':
        this.#steps.push({ op: 'edge', edge: node.edge });
        break;
      case 'sequence':
        for (const part of node.parts) this.#write(part);
        break;
      case 'choice':
        this.#choice(node.options);
        break;
      case 'repeat':
        this.#repeat(node);
        break;
      case 'atomic':
        this.#steps.push({ op: 'atomic', program: this.#inner(node.node) });
        break;
      case 'look':
        this.#steps.push({
          op: 'look',
          program: this.#inner(node.node),
          isBehind: node.isBehind,
          isNegated: node.isNegated,
        });
        break;
      default:
        node satisfies never;
    }
  }

  #choice(options: readonly Node[]): void {
    const exits: number[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.#write(option);
        break;
      }
      const fork = this.#hole();
      this.#write(option);
      exits.push(this.#hole());
      this.#steps[fork] = { op: 'fork', first: fork + 1, second: this.#steps.length };
    }
    for (const exit of exits) this.#steps[exit] = { op: 'jump', to: this.#steps.length };
  }

  #repeat({ node, min, max, isLazy }: Extract<Node, { kind: 'repeat' }>): void {
    for (let count = 0; count < min && this.#budget.left >= 0; count += 1) this.#write(node);
    if (max === Number.POSITIVE_INFINITY) {
      const fork = this.#hole();
      this.#write(node);
      this.#steps.push({ op: 'jump', to: fork });
      this.#steps[fork] = forkOf(fork + 1, this.#steps.length, isLazy);
      return;
    }
    const forks: number[] = [];
    for (let count = min; count < max && this.#budget.left >= 0; count += 1) {
      forks.push(this.#hole());
      this.#write(node);
    }
    for (const fork of forks) this.#steps[fork] = forkOf(fork + 1, this.#steps.length, isLazy);
  }

  /** A place for a step that cannot be written before what follows it. */
  #hole(): number {
    return this.#steps.push({ op: 'done' }) - 1;
  }

  #inner(node: Node): Program {
    return new Writer(this.#budget).whole(node) ?? [];
  }
}

function forkOf(into: number, past: number, isLazy: boolean): Step {
  return isLazy ? { op: 'fork', first: past, second: into } : { op: 'fork', first: into, second: past };
}
