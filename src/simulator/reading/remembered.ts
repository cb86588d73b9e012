// What was read of a thing that has not changed since is the same object again: the planner, and the observer's books, know
// an unchanged thing by that, and then have nothing to do.

export class Remembered<Thing extends object, Read> {
  readonly #read = new WeakMap<Thing, { readonly version: unknown; readonly read: Read }>();

  /** @param version equal, by `===`, for as long as nothing of the thing has changed */
  of(thing: Thing, version: unknown, read: () => Read): Read {
    const known = this.#read.get(thing);
    if (known !== undefined && known.version === version) return known.read;
    const fresh = read();
    this.#read.set(thing, { version, read: fresh });
    return fresh;
  }
}
