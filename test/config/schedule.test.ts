import fc from 'fast-check';
import { validate } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { isSchedule } from '../../src/config/schedule.ts';

describe('a schedule', () => {
  it.each(['*/15 * * * * *', '* * * * * *', '0 30 8-18/2 * jan-mar,12 mon-fri', '0,15,30,45 * * * * *'])(
    'may be %s',
    (schedule) => {
      expect(isSchedule(schedule)).toBe(true);
    },
  );

  it.each([
    '',
    'often',
    '* * * *',
    '*/15 * * * *',
    '* * * * * * *',
    '60 * * * * *',
    '*/0 * * * * *',
    '5-1 * * * * *',
    '1, * * * * *',
    '* * * 0 * *',
  ])('may not be "%s"', (schedule) => {
    expect(isSchedule(schedule)).toBe(false);
  });

  it('that is accepted is one the clockwork accepts too', () => {
    const number = fc.integer({ min: 0, max: 61 }).map(String);
    const part = fc.oneof(
      fc.constant('*'),
      number,
      fc.tuple(number, number).map(([a, b]) => `${a}-${b}`),
      fc.tuple(number, number, number).map(([a, b, c]) => `${a}-${b}/${c}`),
      number.map((n) => `*/${n}`),
      fc.constantFrom('jan', 'DEC', 'sun', 'Fri', 'mon-fri', 'x', ''),
    );
    const field = fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(','));
    const text = fc.array(field, { minLength: 4, maxLength: 7 }).map((fields) => fields.join(' '));
    fc.assert(
      fc.property(text, (schedule) => !isSchedule(schedule) || validate(schedule)),
      { numRuns: 5_000 },
    );
  });
});
