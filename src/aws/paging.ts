// Following AWS listings to their end, and cutting long id lists to what one call takes.

/**
 * All pages of a listing. The end is a missing or an empty token: EC2 sends `""`. A page that fails fails the listing,
 * because half a list read as a whole one would shrink a cluster.
 */
export async function allPages<Item>(
  page: (token: string | undefined) => Promise<{ items: readonly Item[]; nextToken: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    items.push(...answer.items);
    token = answer.nextToken === '' ? undefined : answer.nextToken;
  } while (token !== undefined);
  return items;
}

/** The list in pieces of at most `size`, in order; no pieces for an empty list. */
export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
