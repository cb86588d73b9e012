import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { page } from '../../src/sandbox/paging.ts';

describe('paging', () => {
  it('gives every item once and in order, whatever the page size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (items, maxResults) => {
        const seen: number[] = [];
        let token: string | null = null;
        do {
          const next: { items: readonly number[]; nextToken: string | null } = page(items, {
            token,
            maxResults,
            defaultMax: 100,
          });
          expect(next.items.length).toBeLessThanOrEqual(maxResults);
          seen.push(...next.items);
          token = next.nextToken;
        } while (token !== null);
        expect(seen).toEqual(items);
      }),
    );
  });

  it('uses the default size when the caller names none', () => {
    expect(page([1, 2, 3], { token: undefined, maxResults: undefined, defaultMax: 2 }).items).toEqual([1, 2]);
  });

  it('gives no token when the page ends exactly at the last item', () => {
    expect(page([1, 2], { token: '', maxResults: 2, defaultMax: 100 }).nextToken).toBeNull();
  });

  it('answers an empty last page when the listing shrank meanwhile', () => {
    const { nextToken } = page([1, 2, 3], { token: null, maxResults: 2, defaultMax: 100 });
    expect(page([1], { token: nextToken, maxResults: 2, defaultMax: 100 })).toEqual({ items: [], nextToken: null });
  });

  it.each(['nonsense', '!!', 'cGFnZTotMQ', 'cGFnZTox=='])('refuses the token %s, which it never gave out', (token) => {
    expect(() => page([1, 2, 3], { token, maxResults: 1, defaultMax: 1 })).toThrow(RangeError);
  });
});
