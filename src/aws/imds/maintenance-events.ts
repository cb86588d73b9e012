// Maintenance that AWS has scheduled for this instance: a JSON array of events, whose times are not ISO ones.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_scheduled_events.html
import { Failure } from '../../ports/failure.ts';
import { MAINTENANCE_CODES, type MaintenanceEvent } from '../../ports/metadata.ts';
import { excerpt, readJson, senseless } from './answer-text.ts';

export const MAINTENANCE_EVENTS_PATH = 'events/maintenance/scheduled';

const STATES: readonly MaintenanceEvent['state'][] = ['active', 'completed', 'canceled'];

/**
 * Nothing scheduled is `[]` or an empty text: AWS does not say which, only that the item is there if there are events.
 * What we have no use for (`NotAfter`, `Description`) is not read, so that it cannot hide an event.
 * @throws Failure `refused` when one of the events cannot be understood: what it asks for must not be lost
 */
export function readMaintenanceEvents(text: string, doing: string): readonly MaintenanceEvent[] {
  if (text.trim() === '') return [];
  const events = readJson(text, doing);
  if (!Array.isArray(events)) throw senseless(text, doing);
  return events.map((event, index) => readEvent(Object(event), `${doing}: event ${index + 1} of ${events.length}`));
}

function readEvent(event: Readonly<Record<string, unknown>>, what: string): MaintenanceEvent {
  const { EventId: id, Code, State, NotBefore } = event;
  if (typeof id !== 'string' || id === '') throw new Failure('refused', `${what} has no EventId`);
  const wrong = (field: string, value: unknown) =>
    new Failure('refused', `${what}, ${excerpt(id)}: cannot make sense of its ${field} ${excerpt(String(value))}`);
  const state = STATES.find((known) => known === State);
  if (state === undefined) throw wrong('State', State);
  const notBeforeAt = typeof NotBefore === 'string' ? parseEventTime(NotBefore) : null;
  if (notBeforeAt === null) throw wrong('NotBefore', NotBefore);
  return { id, code: MAINTENANCE_CODES.find((known) => known === Code) ?? null, state, notBeforeAt };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const EVENT_TIME = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;

/**
 * `21 Jan 2019 09:00:43 GMT` in epoch milliseconds, also where the day has no leading zero; null for anything else, a
 * day or an hour that does not exist included.
 */
export function parseEventTime(text: string): number | null {
  const found = EVENT_TIME.exec(text);
  if (found === null) return null;
  const month = MONTHS.indexOf(found[2] ?? '');
  const [day = 0, year = 0, hour = 0, minute = 0, second = 0] = [1, 3, 4, 5, 6].map((group) => Number(found[group]));
  const at = Date.UTC(year, month, day, hour, minute, second);
  // Date carries what is too large over into the next unit; only a time that exists comes back as it was.
  const written = new Date(at).toISOString();
  const two = (value: number) => String(value).padStart(2, '0');
  const asked = `${found[3]}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.000Z`;
  return month >= 0 && written === asked ? at : null;
}
