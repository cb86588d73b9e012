import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorAt } from '../../../src/plan/needs/floors.ts';
import type { Floor, Weekday } from '../../../src/plan/policy.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVERY_DAY: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const aFloor = (over: Partial<Floor> = {}): Floor => ({
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '07:30',
  until: '19:00',
  timeZone: 'Europe/Berlin',
  largestTasks: 8,
  ...over,
});
const at = (iso: string): number => Date.parse(iso);
const floor = (over: Partial<Floor>, iso: string, leadMs = 0): number => floorAt([aFloor(over)], at(iso), leadMs);

describe('a floor', () => {
  // 2026-11-18 is a Wednesday; Berlin is an hour ahead of UTC.
  it.each([
    ['asks for nothing before it begins', '2026-11-18T06:29:59Z', 0],
    ['asks when it begins', '2026-11-18T06:30:00Z', 8],
    ['asks until it ends', '2026-11-18T17:59:59Z', 8],
    ['asks for nothing when it has ended', '2026-11-18T18:00:00Z', 0],
    ['asks for nothing on another day', '2026-11-21T12:00:00Z', 0],
  ])('%s', (_name, iso, expected) => {
    expect(floor({}, iso)).toBe(expected);
  });

  it('counts a lead time before it begins, and not earlier', () => {
    expect(floor({}, '2026-11-18T06:26:00Z', 4 * MINUTE_MS)).toBe(8);
    expect(floor({}, '2026-11-18T06:25:59Z', 4 * MINUTE_MS)).toBe(0);
  });

  it('that is shorter than the lead time is seen from before it begins', () => {
    expect(floor({ until: '07:31' }, '2026-11-18T06:28:00Z', 10 * MINUTE_MS)).toBe(8);
  });

  it('counts on the evening before when the lead time reaches past midnight', () => {
    expect(floor({ days: ['thu'], from: '00:05' }, '2026-11-18T22:58:00Z', 10 * MINUTE_MS)).toBe(8);
  });

  describe('that ends after midnight', () => {
    const night = { days: ['fri'] as const, from: '22:00', until: '02:00' };

    it.each([
      ['is open on the evening of its day', '2026-11-20T21:00:00Z', 8],
      ['is open after midnight, on a day that it does not name', '2026-11-21T00:59:59Z', 8],
      ['ends on the next day', '2026-11-21T01:00:00Z', 0],
      ['is not open in the first hours of its own day', '2026-11-20T00:30:00Z', 0],
    ])('%s', (_name, iso, expected) => {
      expect(floor(night, iso)).toBe(expected);
    });
  });

  it('whose end is its start lasts a day', () => {
    const wholeDay = { days: ['wed'] as const, from: '00:00', until: '00:00' };
    expect(floor(wholeDay, '2026-11-17T22:59:59Z')).toBe(0);
    expect(floor(wholeDay, '2026-11-17T23:00:00Z')).toBe(8);
    expect(floor(wholeDay, '2026-11-18T22:59:59Z')).toBe(8);
    expect(floor(wholeDay, '2026-11-18T23:00:00Z')).toBe(0);
  });

  it('follows the clocks of its zone through the year', () => {
    expect(floor({}, '2026-07-15T05:30:00Z')).toBe(8);
    expect(floor({}, '2026-07-15T05:29:59Z')).toBe(0);
    expect(floor({ timeZone: 'America/New_York' }, '2026-07-15T11:30:00Z')).toBe(8);
    expect(floor({ timeZone: 'Asia/Kathmandu' }, '2026-07-15T01:45:00Z')).toBe(8);
    expect(floor({ timeZone: 'Asia/Kathmandu' }, '2026-07-15T01:44:59Z')).toBe(0);
  });
});

describe('a floor in the night in which Berlin puts its clocks forward', () => {
  // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
  const night = { days: ['sun'] as const };

  it('that spans the change is an hour shorter, by its own clocks', () => {
    const over = { ...night, from: '01:00', until: '04:00' };
    expect(floor(over, '2026-03-28T23:59:59Z')).toBe(0);
    expect(floor(over, '2026-03-29T00:00:00Z')).toBe(8);
    expect(floor(over, '2026-03-29T01:59:59Z')).toBe(8);
    expect(floor(over, '2026-03-29T02:00:00Z')).toBe(0);
  });

  it('that lies in the missing hour is not lost', () => {
    const over = { ...night, from: '02:15', until: '02:45' };
    expect(floor(over, '2026-03-29T00:15:00Z')).toBe(8);
    expect(floor(over, '2026-03-29T01:44:59Z')).toBe(8);
    expect(floor(over, '2026-03-29T01:45:00Z')).toBe(0);
  });

  it('that begins in the missing hour and ends with it is open before the change', () => {
    expect(floor({ ...night, from: '02:30', until: '03:00' }, '2026-03-29T00:30:00Z')).toBe(8);
    expect(floor({ ...night, from: '02:30', until: '03:00' }, '2026-03-29T01:00:00Z')).toBe(0);
  });
});

describe('a floor in the night in which Berlin puts its clocks back', () => {
  // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
  const night = { days: ['sun'] as const };

  it('that spans the change is an hour longer, by its own clocks', () => {
    const over = { ...night, from: '01:00', until: '04:00' };
    expect(floor(over, '2026-10-24T22:59:59Z')).toBe(0);
    expect(floor(over, '2026-10-24T23:00:00Z')).toBe(8);
    expect(floor(over, '2026-10-25T02:59:59Z')).toBe(8);
    expect(floor(over, '2026-10-25T03:00:00Z')).toBe(0);
  });

  it('that lies in the doubled hour is open from its first beginning to its second end', () => {
    const over = { ...night, from: '02:15', until: '02:45' };
    expect(floor(over, '2026-10-25T00:14:59Z')).toBe(0);
    expect(floor(over, '2026-10-25T00:15:00Z')).toBe(8);
    expect(floor(over, '2026-10-25T01:44:59Z')).toBe(8);
    expect(floor(over, '2026-10-25T01:45:00Z')).toBe(0);
  });
});

describe('several floors', () => {
  it('ask for the most of those that are open', () => {
    const floors = [
      aFloor({ largestTasks: 3 }),
      aFloor({ largestTasks: 20, from: '20:00', until: '21:00' }),
      aFloor({ largestTasks: 5, timeZone: 'UTC' }),
    ];
    expect(floorAt(floors, at('2026-11-18T06:45:00Z'), 0)).toBe(3);
    expect(floorAt(floors, at('2026-11-18T12:00:00Z'), 0)).toBe(5);
    expect(floorAt(floors, at('2026-11-18T12:00:00Z'), 9 * HOUR_MS)).toBe(20);
  });

  it('ask for nothing when there are none', () => {
    expect(floorAt([], at('2026-11-18T12:00:00Z'), HOUR_MS)).toBe(0);
  });
});

describe('any floors', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const floorIn = (timeZone: fc.Arbitrary<string>): fc.Arbitrary<Floor> =>
    fc.record({
      days: fc.uniqueArray(fc.constantFrom(...EVERY_DAY), { minLength: 1 }),
      from: time,
      until: time,
      timeZone,
      largestTasks: fc.integer({ min: 1, max: 50 }),
    });
  const anyInstant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
  const anyLead = fc.integer({ min: 0, max: 2 * HOUR_MS });

  it('in UTC ask for what reading the clock minute by minute says', () => {
    const property = fc.property(
      fc.array(floorIn(fc.constant('UTC')), { maxLength: 4 }),
      anyInstant.map((now) => now - (now % MINUTE_MS)),
      anyLead.map((lead) => lead - (lead % MINUTE_MS)),
      (floors, now, leadMs) => {
        let most = 0;
        for (let minute = now; minute <= now + leadMs; minute += MINUTE_MS) {
          most = Math.max(most, ...floors.filter((each) => isOpenByUtc(each, minute)).map((each) => each.largestTasks));
        }
        expect(floorAt(floors, now, leadMs)).toBe(most);
      },
    );
    fc.assert(property);
  });

  it('ask for no less with a longer lead time, and for the same in any order', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
    const property = fc.property(
      fc.array(floorIn(zones), { maxLength: 4 }),
      anyInstant,
      anyLead,
      (floors, now, lead) => {
        const asked = floorAt(floors, now, lead);
        expect(floorAt(floors, now, lead + HOUR_MS)).toBeGreaterThanOrEqual(asked);
        expect(floorAt(floors.toReversed(), now, lead)).toBe(asked);
        expect([0, ...floors.map((each) => each.largestTasks)]).toContain(asked);
      },
    );
    fc.assert(property);
  });
});

/** The definition read off the clock's face, without any arithmetic on instants. */
function isOpenByUtc({ days, from, until }: Floor, instant: number): boolean {
  const face = new Date(instant).toISOString().slice(11, 16);
  const dayOf = (ms: number) => (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[new Date(ms).getUTCDay()];
  const isNamed = (ms: number): boolean => days.some((day) => day === dayOf(ms));
  if (from < until) return isNamed(instant) && from <= face && face < until;
  return (isNamed(instant) && face >= from) || (isNamed(instant - 24 * HOUR_MS) && face < until);
}
