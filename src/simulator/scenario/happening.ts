// What may happen in a play that nobody in it has decided: load, the market, the weather of the APIs, and people.
import type { Trouble } from '../calls/trouble.ts';

/** A pool by what makes it one. */
export interface PoolName {
  readonly instanceType: string;
  readonly zone: string;
}

export type Happening = {
  /** Since the beginning. */
  readonly atMinutes: number;
} & (
  | { readonly kind: 'load'; readonly service: string; readonly desiredCount: number }
  | { readonly kind: 'deployment'; readonly service: string }
  | { readonly kind: 'standalone'; readonly service: string; readonly count: number; readonly runMinutes: number }
  /** So many of a pool get a notice; all of it without a number. */
  | { readonly kind: 'interruption'; readonly pool: PoolName; readonly count?: number }
  | { readonly kind: 'rebalance'; readonly pool: PoolName; readonly count: number }
  /** The pool has nothing to give for so long. */
  | { readonly kind: 'drought'; readonly pool: PoolName; readonly forMinutes: number }
  | { readonly kind: 'price'; readonly pool: PoolName; readonly pricePerHour: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly forMinutes: number }
  /** SIGKILL; systemd starts it again. */
  | { readonly kind: 'crash'; readonly controller: number }
  /** SIGSTOP, and SIGCONT after so long. */
  | { readonly kind: 'pause'; readonly controller: number; readonly forSeconds: number }
  /** SIGTERM, and a start after that. */
  | { readonly kind: 'restart'; readonly controller: number }
  | { readonly kind: 'controller-clock'; readonly controller: number; readonly bySeconds: number }
  /** Of the instance that is the n-th oldest of those that live, as in all that follow. */
  | { readonly kind: 'host-clock'; readonly instance: number; readonly bySeconds: number }
  /** The ECS agent loses its connection for so long. */
  | { readonly kind: 'disconnect'; readonly instance: number; readonly forMinutes: number }
  /** Somebody sets the target by hand. */
  | { readonly kind: 'operator-target'; readonly units: number }
  | { readonly kind: 'operator-terminate'; readonly instance: number }
  /** Somebody drains it by hand, with no mark, and takes it back after so long. */
  | { readonly kind: 'operator-drain'; readonly instance: number; readonly forMinutes: number }
);

export type HappeningOf<Kind extends Happening['kind']> = Extract<Happening, { kind: Kind }>;
