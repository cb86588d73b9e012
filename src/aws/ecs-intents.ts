// Intents: room that somebody wants for standalone tasks, told as tags on the ECS cluster, one a tag:
//   spotkeeper.intent.NAME = FAMILY:REVISION COUNT until 2026-11-21T13:00:00Z
// Without a revision the latest active one is meant. The text uses only what AWS allows in a tag's value: letters,
// digits, spaces and + - = . _ : / @. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
import type { Tag } from '@aws-sdk/client-ecs';
import { parseInstant } from '../model/instant.ts';
import type { TaskDefinition } from '../model/service.ts';
import type { Intent, SetAside } from '../model/snapshot.ts';
import type { Intents } from '../ports/cluster.ts';
import { explain, Failure } from '../ports/failure.ts';

/** An intent as it is written. */
export interface WrittenIntent {
  readonly name: string;
  /** `FAMILY` or `FAMILY:REVISION`. */
  readonly definition: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

export const INTENT_PREFIX = 'spotkeeper.intent.';
const FORM = 'FAMILY:REVISION COUNT until INSTANT, as in batch:7 20 until 2026-11-21T13:00:00Z';
// More than the largest cluster can hold, so anything above is a slip of the keyboard.
const COUNT_MAX = 100_000;

/**
 * Every intent among the cluster's tags that is not over at `now`, with its definition looked up. What cannot be read,
 * or names a definition that cannot, is set aside by name.
 * @throws Failure what the lookup throws, but `unreadable`
 */
export async function readIntents(
  tags: readonly Tag[],
  now: number,
  definitionOf: (reference: string) => Promise<TaskDefinition>,
): Promise<Intents> {
  const intents: Intent[] = [];
  const malformed: SetAside[] = [];
  for (const { key = '', value = '' } of tags) {
    const written = parseIntent(key, value);
    if (written === null) continue;
    const intent = written.reason === undefined ? await resolve(written, now, definitionOf) : written;
    if (intent === null) continue;
    if (intent.reason === undefined) intents.push(intent);
    else malformed.push(intent);
  }
  return { intents, malformed };
}

/** The intent a tag tells, or why it tells none; null for a tag that is about something else. */
export function parseIntent(key: string, value: string): (WrittenIntent & { reason?: undefined }) | SetAside | null {
  if (!key.startsWith(INTENT_PREFIX)) return null;
  const name = key.slice(INTENT_PREFIX.length);
  const wrong = (detail: string) => setAside(name === '' ? key : name, 'malformed-intent', detail);
  if (name === '') return wrong(`the tag's key names no intent: expected ${INTENT_PREFIX}NAME`);
  const words = value.trim().split(/ +/);
  const [definition = '', countText = '', until, instant = ''] = words;
  if (words.length !== 4 || until !== 'until') return wrong(`"${value}" has another form: expected ${FORM}`);
  if (!/^[A-Za-z0-9_-]{1,255}(:[1-9]\d{0,9})?$/.test(definition)) {
    return wrong(`"${definition}" is no task definition: expected FAMILY or FAMILY:REVISION`);
  }
  const count = Number(countText);
  if (!/^[1-9]\d*$/.test(countText) || count > COUNT_MAX) {
    return wrong(`"${countText}" is no number of tasks: expected a whole number from 1 to ${COUNT_MAX}`);
  }
  const at = parseInstant(instant);
  if (at === null) return wrong(`"${instant}" is no instant: expected one like 2026-11-21T13:00:00Z`);
  return { name, definition, count, until: at };
}

async function resolve(
  { name, definition, count, until }: WrittenIntent,
  now: number,
  definitionOf: (reference: string) => Promise<TaskDefinition>,
): Promise<(Intent & { reason?: undefined }) | SetAside | null> {
  if (until <= now) return null;
  try {
    const { arn } = await definitionOf(definition);
    return { name, taskDefinition: arn, count, until };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'unreadable') throw error;
    return setAside(name, 'definition-unreadable', explain(error));
  }
}

function setAside(subject: string, reason: SetAside['reason'], detail: string): SetAside {
  return { kind: 'intent', subject, reason, detail };
}
