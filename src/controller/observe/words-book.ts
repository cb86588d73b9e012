// What operators have said by tags on the cluster. An order stands until it is known to be taken back: while the tags
// cannot be read, the last that was read is obeyed.
import type { Orders } from '../../model/orders.ts';
import type { Cluster, Intents } from '../../ports/cluster.ts';

export class WordsBook {
  #orders: Orders | null = null;

  /** null until they have been read once. */
  get orders(): Orders | null {
    return this.#orders;
  }

  /** The intents of now. @throws Failure what the reading throws, or the looking up of an intent's definition */
  async read(cluster: Cluster, signal?: AbortSignal): Promise<Intents> {
    const words = await cluster.operatorWords(signal);
    // Before the intents: what they name may be unreadable for a while, and an order is not to wait for that.
    this.#orders = words.orders;
    return words.intents();
  }
}
