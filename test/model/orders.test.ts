import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPause, ordersIn, type Pause, parsePause } from '../../src/model/orders.ts';

const UNTIL = Date.parse('2026-11-21T13:00:00Z');
const A_PAUSE: Pause = { of: 'everything', until: UNTIL, by: 'alice', reason: 'load test' };

/** Half of a character is no letter. */
const isWhole = (text: string) => !/\p{Cs}/u.test(text);

describe('a pause', () => {
  it('is written as an operator would write it', () => {
    expect(formatPause(A_PAUSE)).toBe('until 2026-11-21T13:00:00Z by alice: load test');
    expect(formatPause({ ...A_PAUSE, of: 'shrinking' })).toBe(
      'shrinking until 2026-11-21T13:00:00Z by alice: load test',
    );
  });

  it('is read as it was written, whoever gives whatever reason, and AWS takes it for a tag', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 400 });
    const seconds = fc.integer({ min: Date.parse('2020-01-01') / 1_000, max: Date.parse('2099-12-31') / 1_000 });
    const of = fc.constantFrom('everything', 'shrinking');
    fc.assert(
      fc.property(of, seconds, text, text, (what, second, by, reason) => {
        const written = formatPause({ of: what, until: second * 1_000, by, reason });
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
        expect(written).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
        expect(parsePause(written)).toMatchObject({ of: what, until: second * 1_000 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('that is too long is cut between characters', () => {
    const written = formatPause({ ...A_PAUSE, reason: `${'x'.repeat(200)}${'\u{20000}'.repeat(200)}` });
    expect([written.length <= 256, isWhole(written)]).toEqual([true, true]);
    expect(isWhole(formatPause({ ...A_PAUSE, reason: `${'x'.repeat(201)}${'\u{20000}'.repeat(200)}` }))).toBe(true);
  });

  it('keeps who and why where a tag may hold them', () => {
    expect(parsePause(formatPause(A_PAUSE))).toEqual(A_PAUSE);
    expect(parsePause(formatPause({ ...A_PAUSE, by: 'alice (ops)', reason: 'load test, #42' }))).toMatchObject({
      by: 'alice ops',
      reason: 'load test 42',
    });
  });

  it.each([
    ['until 2026-11-21T13:00:00Z', { by: '', reason: '' }],
    ['until 2026-11-21T13:00:00Z: load test', { by: '', reason: 'load test' }],
    ['  until  2026-11-21T14:00+01:00 by alice ', { by: 'alice', reason: '' }],
  ])('may be written by hand: "%s"', (text, said) => {
    expect(parsePause(text)).toEqual({ of: 'everything', until: UNTIL, ...said });
  });

  it.each(['', 'yes', '30m', 'until tomorrow', 'until 2026-02-30T13:00:00Z', 'shrinking', '2026-11-21T13:00:00Z'])(
    'that says "%s" cannot be read, and is a pause all the same',
    (text) => expect(parsePause(text)).toEqual({ of: 'unreadable', text }),
  );
});

describe('a pause whose key is put otherwise', () => {
  const until = 'until 2026-11-21T13:00:00Z';

  it('is a pause, and says its key so that it can be removed', () => {
    expect(ordersIn([{ key: 'Spotkeeper.Pause', value: until }])).toMatchObject({
      pause: { of: 'everything', until: UNTIL },
      pauseKeys: ['Spotkeeper.Pause'],
    });
  });

  it.each([
    ['longer', 'until 2026-11-21T12:00:00Z', { until: UNTIL }],
    ['of everything', `shrinking ${until}`, { of: 'everything' }],
    ['unreadable', 'for ever', { of: 'unreadable' }],
  ])('counts where it is the one that is %s, in either order', (_, other, held) => {
    const tags = [
      { key: 'spotkeeper.pause', value: other },
      { key: 'SPOTKEEPER.PAUSE', value: until },
    ];
    for (const each of [tags, tags.toReversed()]) {
      const { pause, pauseKeys } = ordersIn(each);
      expect(pause).toMatchObject(held);
      expect(pauseKeys).toHaveLength(2);
    }
  });
});

describe('the kill switch', () => {
  const stopOf = (key: string, value: string) => ordersIn([{ key, value }]).stop;

  it.each(['true', '', 'incident 4711', 'off', 'no', '0'])('is on when its tag says "%s"', (text) => {
    expect(stopOf('spotkeeper.stop', text)).toEqual({ key: 'spotkeeper.stop', text });
  });

  it.each(['false', ' False '])('is off when its tag says "%s"', (text) => {
    expect(stopOf('spotkeeper.stop', text)).toBeNull();
  });

  it('is found however its key is put', () => {
    expect(stopOf('Spotkeeper.Stop ', 'x')).toEqual({ key: 'Spotkeeper.Stop ', text: 'x' });
    expect(stopOf('spotkeeper.stopped', 'x')).toBeNull();
    expect(ordersIn([{ key: 'SPOTKEEPER.STOP' }, { key: 'spotkeeper.stop', value: 'false' }]).stop).toEqual({
      key: 'SPOTKEEPER.STOP',
      text: '',
    });
  });
});
