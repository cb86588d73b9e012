// A few at a time: ECS takes forty writes a second from an account, and an operator who waits for one instance after the
// other waits too long.

const AT_ONCE = 5;

/** The results in the order of the items. The first error ends it, once those under way are over. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(act))));
  }
  return results;
}
