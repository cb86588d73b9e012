// A regular expression as a tree, in the terms a matcher needs: groups capture nothing, because only whether a value
// matches is ever asked.
import type { CharSet } from './char-set.ts';

export type Node =
  | { readonly kind: 'character'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly node: Node;
      readonly min: number;
      /** Infinity without a limit. */
      readonly max: number;
      readonly isLazy: boolean;
    }
  /** Keeps the first way it matches: `(?>...)` and possessive quantifiers. */
  | { readonly kind: 'atomic'; readonly node: Node }
  | { readonly kind: 'look'; readonly node: Node; readonly isBehind: boolean; readonly isNegated: boolean }
  | { readonly kind: 'edge'; readonly edge: Edge };

/** A place between characters. */
export type Edge = 'start' | 'end' | 'word' | 'inside';

/** Why a pattern cannot be used, and where: the offset into the pattern, from 0. */
export interface PatternFault {
  readonly offset: number;
  readonly why: string;
}
