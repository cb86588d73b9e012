import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventTime, readMaintenanceEvents } from '../../../src/aws/imds/maintenance-events.ts';
import { MAINTENANCE_CODES } from '../../../src/ports/metadata.ts';

const EVENT = {
  NotBefore: '21 Jan 2019 09:00:43 GMT',
  Code: 'system-reboot',
  Description: 'scheduled reboot',
  EventId: 'instance-event-0d59937288b749b32',
  NotAfter: '21 Jan 2019 09:17:23 GMT',
  State: 'active',
};
const read = (...events: unknown[]) => readMaintenanceEvents(JSON.stringify(events), 'reading');
const readOne = (change: object) => read({ ...EVENT, ...change })[0];

describe('maintenance events', () => {
  it('are read as AWS writes them', () => {
    expect(read(EVENT)).toEqual([
      {
        id: 'instance-event-0d59937288b749b32',
        code: 'system-reboot',
        state: 'active',
        notBeforeAt: Date.parse('2019-01-21T09:00:43Z'),
      },
    ]);
  });

  it.each([...MAINTENANCE_CODES])('may be %s', (code) => {
    expect(readOne({ Code: code })?.code).toBe(code);
  });

  it.each(['active', 'completed', 'canceled'])('may be %s', (state) => {
    expect(readOne({ State: state })?.state).toBe(state);
  });

  it('of a code that nobody knows yet are events all the same', () => {
    expect(readOne({ Code: 'instance-teleport' })?.code).toBe(null);
  });

  it.each(['', null, 'whenever'])('may end at %j, which nobody asks for', (NotAfter) => {
    expect(readOne({ NotAfter })?.id).toBe(EVENT.EventId);
  });

  it.each(['', ' \n', '[]', '[ ]'])('are none in %j', (text) => {
    expect(readMaintenanceEvents(text, 'reading')).toEqual([]);
  });

  it.each(['<html>', '[{"NotBefore":', '{}', 'null', '"[]"', '404'])('are unknown in %j', (text) => {
    expect(() => readMaintenanceEvents(text, 'reading')).toThrow(expect.objectContaining({ code: 'refused' }));
  });

  it.each([
    [{ State: 'postponed' }, 'State postponed'],
    [{ State: undefined }, 'State undefined'],
    [{ NotBefore: '' }, 'NotBefore'],
    [{ NotBefore: '2019-01-21T09:00:43Z' }, 'NotBefore 2019-01-21T09:00:43Z'],
    [{ NotBefore: 1548061243 }, 'NotBefore 1548061243'],
  ])('that cannot be understood, as with %j, are named', (change, named) => {
    expect(() => read(EVENT, { ...EVENT, EventId: 'instance-event-2', ...change })).toThrow(
      expect.objectContaining({
        code: 'refused',
        message: expect.stringMatching(new RegExp(`event 2 of 2, instance-event-2: .*${named}`)),
      }),
    );
  });

  it.each([null, 'text', {}, { ...EVENT, EventId: '' }])('are unknown where %j stands for one', (event) => {
    expect(() => read(event)).toThrow(expect.objectContaining({ message: 'reading: event 1 of 1 has no EventId' }));
  });
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

describe('the time of an event', () => {
  it('is that which was written, with a leading zero in the day or without', () => {
    const seconds = fc.integer({ min: Date.UTC(1971, 0) / 1000, max: Date.UTC(2200, 0) / 1000 });
    fc.assert(
      fc.property(seconds, fc.boolean(), (second, isPadded) => {
        const date = new Date(second * 1000);
        const day = String(date.getUTCDate()).padStart(isPadded ? 2 : 1, '0');
        const time = date.toISOString().slice(11, 19);
        const text = `${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} GMT`;
        expect(parseEventTime(text)).toBe(second * 1000);
      }),
    );
  });

  it.each([
    '31 Feb 2019 09:00:43 GMT',
    '0 Jan 2019 09:00:43 GMT',
    '21 Jan 2019 24:00:43 GMT',
    '21 Jan 2019 09:60:43 GMT',
    '21 Jen 2019 09:00:43 GMT',
    '21 Jan 2019 09:00:43',
    '21 Jan 2019 09:00:43 UTC',
    '21 Jan 2019 09:00 GMT',
    '021 Jan 2019 09:00:43 GMT',
    '21 January 2019 09:00:43 GMT',
    'Mon, 21 Jan 2019 09:00:43 GMT',
    '1548061243',
    '',
  ])('is none in "%s"', (text) => {
    expect(parseEventTime(text)).toBe(null);
  });
});
