import { describe, expect, it } from 'vitest';
import { Sweep } from '../../../src/controller/observe/sweep.ts';
import type { Answer } from '../../../src/ports/cluster-reads.ts';
import { Failure } from '../../../src/ports/failure.ts';

const PAGES: Readonly<Record<string, Answer<string>>> = {
  first: { items: ['a'], next: 'second', tries: 1 },
  second: { items: ['b'], next: 'third', tries: 1 },
  third: { items: ['c'], next: null, tries: 1 },
};

function aListing() {
  const asked: string[] = [];
  const lost = new Set<string>();
  const ask = async (page: string | null) => {
    const name = page ?? 'first';
    asked.push(name);
    const answer = PAGES[name];
    if (answer === undefined || lost.has(name)) throw new Failure('refused', `listing page ${name}`);
    return answer;
  };
  return { asked, lost, ask };
}

describe('a sweep', () => {
  it('goes on where it ended, tells each page at once, and whole when it is', async () => {
    const { ask, asked } = aListing();
    const sweep = new Sweep<string>();
    const told: string[] = [];
    expect(await sweep.read(2, ask, (ids) => told.push(...ids))).toBeNull();
    expect(told).toEqual(['a', 'b']);
    expect(await sweep.read(2, ask, (ids) => told.push(...ids))).toEqual(new Set(['a', 'b', 'c']));
    expect(asked).toEqual(['first', 'second', 'third']);
  });

  it('begins anew after its end', async () => {
    const { ask, asked } = aListing();
    const sweep = new Sweep<string>();
    await sweep.read(3, ask, () => {});
    await sweep.read(1, ask, () => {});
    expect(asked).toEqual(['first', 'second', 'third', 'first']);
  });

  it('begins anew when AWS no longer knows the page', async () => {
    const { ask, asked, lost } = aListing();
    const sweep = new Sweep<string>();
    await sweep.read(1, ask, () => {});
    lost.add('second');
    expect(await sweep.read(1, ask, () => {})).toBeNull();
    lost.clear();
    expect(await sweep.read(2, ask, () => {})).toEqual(new Set(['a', 'b', 'c']));
    expect(asked).toEqual(['first', 'second', 'first', 'second', 'third']);
  });

  it('fails when its first page is refused', async () => {
    const { ask, lost } = aListing();
    lost.add('first');
    await expect(new Sweep<string>().read(1, ask, () => {})).rejects.toThrow('listing page first');
  });
});
