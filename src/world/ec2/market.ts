// The Spot market: one pool per instance type and Availability Zone, each with a price and with instances to give, or
// none in a drought. It answers what could be had; which pool a fleet takes is the fleet's allocation strategy.
import type { Rng } from '../../ports/rng.ts';
import { between } from '../seeded-rng.ts';
import { instanceTypeOf } from './instance-types.ts';

export interface Pool {
  readonly instanceType: string;
  readonly zone: string;
  readonly pricePerHour: number;
  /** Instances still to be had; null is plenty. */
  readonly available: number | null;
}

/** Share of the on-demand price a pool starts with; most Linux pools of current types are sold in this range. */
const USUAL_DISCOUNT = [0.3, 0.45] as const;

export class Market {
  readonly #rng: Rng;
  readonly #pools = new Map<string, Pool>();
  #inUse = 0;
  /** The account's quota of Spot instances; null has none. AWS counts vCPUs, the world counts instances. */
  instanceLimit: number | null = null;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** The pool, opened at a usual price and with plenty to give when it is first named. */
  pool(instanceType: string, zone: string): Pool {
    return this.#pools.get(keyOf(instanceType, zone)) ?? this.#open(instanceType, zone);
  }

  /** Every pool opened so far. */
  get pools(): readonly Pool[] {
    return [...this.#pools.values()];
  }

  /** Changes what a pool has to give: 0 is a drought, null plenty. Instances already running are not touched. */
  setAvailable(instanceType: string, zone: string, available: number | null): void {
    this.#change(instanceType, zone, { available });
  }

  /** USD an hour. */
  setPrice(instanceType: string, zone: string, pricePerHour: number): void {
    this.#change(instanceType, zone, { pricePerHour });
  }

  get isAtInstanceLimit(): boolean {
    return this.instanceLimit !== null && this.#inUse >= this.instanceLimit;
  }

  take(instanceType: string, zone: string): void {
    this.#inUse += 1;
    const { available } = this.pool(instanceType, zone);
    if (available !== null) this.#change(instanceType, zone, { available: Math.max(0, available - 1) });
  }

  /** An instance ended. What was interrupted went to somebody else; what was given up can be had again. */
  release(instanceType: string, zone: string, end: 'interrupted' | 'given-up'): void {
    this.#inUse -= 1;
    const { available } = this.pool(instanceType, zone);
    if (available !== null && end === 'given-up') this.#change(instanceType, zone, { available: available + 1 });
  }

  #open(instanceType: string, zone: string): Pool {
    const pricePerHour = instanceTypeOf(instanceType).onDemandPerHour * between(this.#rng, USUAL_DISCOUNT);
    const pool = { instanceType, zone, pricePerHour: Math.round(pricePerHour * 10_000) / 10_000, available: null };
    this.#pools.set(keyOf(instanceType, zone), pool);
    return pool;
  }

  #change(instanceType: string, zone: string, change: Partial<Pick<Pool, 'available' | 'pricePerHour'>>): void {
    this.#pools.set(keyOf(instanceType, zone), { ...this.pool(instanceType, zone), ...change });
  }
}

function keyOf(instanceType: string, zone: string): string {
  return `${instanceType} in ${zone}`;
}
