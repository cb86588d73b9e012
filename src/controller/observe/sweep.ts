// One listing read over several passes, a few pages at each. What joins or leaves meanwhile may be missed or listed
// twice, so a sweep finds what is new and raises doubts about what it did not meet; it proves nothing gone.
import type { Answer } from '../../ports/cluster-reads.ts';
import { Failure } from '../../ports/failure.ts';

export class Sweep<Id> {
  #page: string | null = null;
  #met = new Set<Id>();

  /**
   * Reads on, at most `most` pages. The ids of a whole sweep when this ended one (the next call begins anew), otherwise
   * null. `onPage` is told each page as it comes.
   */
  async read(
    most: number,
    ask: (page: string | null) => Promise<Answer<Id>>,
    onPage: (ids: readonly Id[]) => void,
  ): Promise<ReadonlySet<Id> | null> {
    for (let pages = 0; pages < most; pages += 1) {
      const { items, next } = await this.#ask(ask);
      for (const id of items) this.#met.add(id);
      this.#page = next;
      onPage(items);
      if (next === null) return this.#end();
    }
    return null;
  }

  async #ask(ask: (page: string | null) => Promise<Answer<Id>>): Promise<Answer<Id>> {
    try {
      return await ask(this.#page);
    } catch (error) {
      // How long AWS knows a page is not documented. A page it no longer knows begins the sweep anew.
      const isLostPage = this.#page !== null && error instanceof Failure && error.code === 'refused';
      if (!isLostPage) throw error;
      this.#end();
      return ask(null);
    }
  }

  #end(): ReadonlySet<Id> {
    const met = this.#met;
    this.#page = null;
    this.#met = new Set();
    return met;
  }
}

/** Every page of a listing, at once. */
export async function everyPage<Id>(ask: (page: string | null) => Promise<Answer<Id>>): Promise<Id[]> {
  const { ids } = await firstPages(Number.POSITIVE_INFINITY, ask);
  return ids;
}

/** At most so many pages from the beginning, and whether that is all of it. */
export async function firstPages<Id>(
  most: number,
  ask: (page: string | null) => Promise<Answer<Id>>,
): Promise<{ ids: Id[]; isWhole: boolean }> {
  const ids: Id[] = [];
  let page: string | null = null;
  for (let pages = 0; pages < most; pages += 1) {
    const answer: Answer<Id> = await ask(page);
    ids.push(...answer.items);
    page = answer.next;
    if (page === null) return { ids, isWhole: true };
  }
  return { ids, isWhole: false };
}
