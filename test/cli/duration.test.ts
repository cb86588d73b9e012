import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, inDuration } from '../../src/cli/duration.ts';

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
  ])('%s is %i ms', (text, durationMs) => {
    expect(duration(text)).toBe(durationMs);
  });

  it.each(['', '1', 'h', '1 h', '1.5h', '-1h', '0m', '1w', '1H', '1h30m'])('is not %j', (text) => {
    expect(() => duration(text)).toThrow('Expected a duration such as');
  });

  it('is said so that it is read back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900_000 }), (seconds) => {
        expect(duration(inDuration(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });
});
