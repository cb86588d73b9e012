// Short names for the instances of a play, in the order in which they were launched: ids are made of chance, and a
// transcript full of them would change with every roll of the dice.
import type { History } from '../../world/history.ts';

export class Names {
  readonly #names = new Map<string, string>();

  constructor(history: History) {
    history.subscribe((event) => {
      if (event.kind === 'instance-launched') this.#names.set(event.instanceId, `i${this.#names.size + 1}`);
    });
  }

  /** `i7`; an id that nobody launched here is its own name. */
  of(instanceId: string): string {
    return this.#names.get(instanceId) ?? instanceId;
  }

  /** The text with short names in the place of ids. */
  in(text: string): string {
    return text.replace(/\bi-[0-9a-f]{17}\b/g, (id) => this.of(id));
  }
}
