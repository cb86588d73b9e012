// One page of a listing and the token for the next, in no protocol's words. Tokens are opaque to callers and remember
// only a position: like AWS's own, they promise no stable view of a listing that changes between two pages.

export interface PageRequest {
  /** The token the caller sent; null, undefined or empty asks for the first page. */
  readonly token: string | null | undefined;
  /** How many the caller wants at most; null or undefined leaves it to `defaultMax`. The action checks its limits. */
  readonly maxResults: number | null | undefined;
  readonly defaultMax: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** null on the last page. */
  readonly nextToken: string | null;
}

const TOKEN = /^page:(\d{1,9})$/;

/** The page that begins where the token says. Throws a RangeError for a token this function never gave out. */
export function page<Item>(items: Iterable<Item>, request: PageRequest): Page<Item> {
  const start = startOf(request.token);
  const end = start + (request.maxResults ?? request.defaultMax);
  const onPage: Item[] = [];
  let at = 0;
  // Not a step further than the page needs: a listing may be long, and made as it is read.
  for (const item of items) {
    if (at === end) return { items: onPage, nextToken: tokenFor(end) };
    if (at >= start) onPage.push(item);
    at += 1;
  }
  return { items: onPage, nextToken: null };
}

function startOf(token: string | null | undefined): number {
  if (token === null || token === undefined || token === '') return 0;
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const start = Number(TOKEN.exec(text)?.[1]);
  // Encoding again catches what a lenient base64 decoder lets through.
  if (Number.isNaN(start) || tokenFor(start) !== token) throw new RangeError('not a token of this listing');
  return start;
}

function tokenFor(start: number): string {
  return Buffer.from(`page:${start}`, 'latin1').toString('base64url');
}
