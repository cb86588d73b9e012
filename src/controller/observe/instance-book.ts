// What EC2 knows of the instances and their types. A new id is asked for at once, one that does not simply run at every
// pass as far as there is room, the others in turn; a type once.
import { isDeepStrictEqual } from 'node:util';
import type { InstanceId } from '../../model/ids.ts';
import type { Instance, InstanceType } from '../../model/instance.ts';
import type { SetAside } from '../../model/snapshot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Instances } from '../../ports/instances.ts';
import type { CallBudget } from './call-budget.ts';
import { Rotation } from './rotation.ts';

/** Ids that one request takes, which is what a filter holds. */
const IDS_A_CALL = 200;
/** Calls a pass once everyone is known: an account of 5,000 instances is gone round in five passes. */
const MOST_CALLS = 5;
/** What EC2 does not know today it may know when the region gets it: asked again twice an hour. */
const UNKNOWN_TYPE_PAUSE_MS = 1_800_000;

export interface InstanceReading {
  readonly instances: Instances;
  readonly budget: CallBudget;
  readonly signal: AbortSignal | undefined;
}

export class InstanceBook {
  readonly #clock: Clock;
  /** null for an id that EC2 does not know yet, or any more. */
  readonly #known = new Map<InstanceId, Instance | null>();
  /** null after a change. */
  #ordered: readonly Instance[] | null = null;
  readonly #rotation: Rotation<InstanceId>;
  readonly #types = new Map<string, InstanceType>();
  readonly #unknownTypes = new Map<string, number>();
  #unread = new Set<InstanceId>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#rotation = new Rotation(clock);
  }

  /**
   * Those that EC2 knows, by id; one that did not change is the same object as before. In order, because whoever joins
   * lists of thousands would have to put them in order first.
   */
  get all(): readonly Instance[] {
    this.#ordered ??= [...this.#known.values()]
      .filter((instance) => instance !== null)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#ordered;
  }

  /** How many ids have not been asked for yet. */
  get unread(): number {
    return this.#unread.size;
  }

  /** How many have not been described since that instant of the monotonic clock. */
  unseenSince(sinceMs: number): number {
    return this.#rotation.unseenSince(sinceMs);
  }

  /** Reads on within the budget; a few are read in any case. @throws Failure, and keeps what was read before it */
  async read({ instances, budget, signal }: InstanceReading, ids: ReadonlySet<InstanceId>): Promise<void> {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#forget(id);
    this.#unread = new Set([...ids].filter((id) => !this.#known.has(id)));
    // One call is always made: in a small cluster it reads them all.
    const fresh = [...this.#unread].slice(0, Math.max(1, budget.available()) * IDS_A_CALL);
    const calls = Math.max(1, Math.ceil(fresh.length / IDS_A_CALL), Math.min(MOST_CALLS, budget.available()));
    const order = [...fresh, ...this.#rotation.next(calls * IDS_A_CALL - fresh.length, this.#restless())];
    for (let at = 0; at < order.length; at += IDS_A_CALL) {
      const batch = order.slice(at, at + IDS_A_CALL);
      const { found } = await budget.call(async () => ({ tries: 1, found: await instances.describe(batch, signal) }));
      const byId = new Map(found.map((instance) => [instance.id, instance]));
      for (const id of batch) this.#keep(id, byId.get(id) ?? null);
    }
  }

  /** The types of these names that EC2 knows. @throws Failure */
  async types({ instances, budget, signal }: InstanceReading, names: ReadonlySet<string>): Promise<InstanceType[]> {
    const nowMs = this.#clock.monotonicMs();
    const asked = [...names].filter(
      (name) => name !== '' && !this.#types.has(name) && nowMs >= (this.#unknownTypes.get(name) ?? 0),
    );
    if (asked.length > 0) {
      const { found } = await budget.call(async () => ({ tries: 1, found: await instances.types(asked, signal) }));
      for (const type of found) this.#types.set(type.name, type);
      for (const name of asked) {
        if (this.#types.has(name)) this.#unknownTypes.delete(name);
        else this.#unknownTypes.set(name, nowMs + UNKNOWN_TYPE_PAUSE_MS);
      }
    }
    return [...names].flatMap((name) => this.#types.get(name) ?? []);
  }

  /** Those among these names that EC2 does not know. */
  setAside(names: ReadonlySet<string>): SetAside[] {
    return [...names]
      .filter((name) => this.#unknownTypes.has(name))
      .map((name) => ({
        kind: 'instance-type',
        subject: name,
        reason: 'unknown-instance-type',
        detail: 'EC2 does not know this instance type in this region',
      }));
  }

  #restless(): InstanceId[] {
    return [...this.#known].flatMap(([id, instance]) => (instance?.state === 'running' ? [] : [id]));
  }

  #keep(id: InstanceId, seen: Instance | null): void {
    this.#unread.delete(id);
    this.#rotation.seen(id);
    const known = this.#known.get(id);
    if (known !== undefined && isDeepStrictEqual(known, seen)) return;
    this.#known.set(id, seen);
    this.#ordered = null;
  }

  #forget(id: InstanceId): void {
    this.#known.delete(id);
    this.#ordered = null;
    this.#rotation.forget(id);
  }
}
