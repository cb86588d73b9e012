// Orders: what an operator tells the controller by tags on the ECS cluster, so that it holds for every controller, now and
// after a failover, and can be said from the AWS console when nothing else works.
//
//   spotkeeper.stop   anything but `false`, also nothing at all: nothing is done until the tag is removed
//   spotkeeper.pause  `until 2026-11-21T13:00:00Z by alice: load test`: nothing is done until then
//                     `shrinking until ...`: nothing that shrinks
//
// AWS tells keys apart by their case, and we do not: an order is one however its key is put.
// An order that cannot be read is obeyed in the safest way it can have been meant.
import { formatInstant, parseInstant } from './instant.ts';

export const ORDER_TAG = { pause: 'spotkeeper.pause', stop: 'spotkeeper.stop' } as const;

export interface Orders {
  /** What is written in the tag, over or not; null where there is none. */
  readonly pause: Pause | UnreadablePause | null;
  /** The keys of all tags that tell a pause, as they are written. */
  readonly pauseKeys: readonly string[];
  readonly stop: Stop | null;
}

export interface Pause {
  /** `shrinking`: room is still made, and nothing is given away. */
  readonly of: 'everything' | 'shrinking';
  /** Epoch milliseconds; from then on it is void. */
  readonly until: number;
  /** Empty where the tag does not say. */
  readonly by: string;
  readonly reason: string;
}

/** It has no end that we could know, so it lasts until somebody removes or mends it. */
export interface UnreadablePause {
  readonly of: 'unreadable';
  readonly text: string;
}

export interface Stop {
  /** As it is written on the cluster: only under that can it be removed. */
  readonly key: string;
  /** What the tag holds. */
  readonly text: string;
}

export const NO_ORDERS: Orders = { pause: null, pauseKeys: [], stop: null };

/** Those among the tags of a cluster. */
export function ordersIn(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[],
): Orders {
  let orders = NO_ORDERS;
  for (const { key = '', value = '' } of tags) {
    const order = key.trim().toLowerCase();
    if (order === ORDER_TAG.pause) {
      const pause = parsePause(value);
      orders = { ...orders, pause: safer(orders.pause, pause), pauseKeys: [...orders.pauseKeys, key] };
    }
    if (order === ORDER_TAG.stop && !isOff(value)) orders = { ...orders, stop: { key, text: value } };
  }
  return orders;
}

/** Whether a tag of this key is an order. */
export function isOrderTag(key: string): boolean {
  const order = key.trim().toLowerCase();
  return order === ORDER_TAG.pause || order === ORDER_TAG.stop;
}

/** What two tags that differ in their case can have meant at most. */
function safer(a: Orders['pause'], b: Pause | UnreadablePause): Pause | UnreadablePause {
  if (a === null || b.of === 'unreadable') return b;
  if (a.of === 'unreadable') return a;
  return { ...(a.until > b.until ? a : b), of: a.of === 'everything' ? a.of : b.of };
}

/** AWS's limit of a tag's value. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html */
const VALUE_LENGTH = 256;
const NAME_LENGTH = 64;

/** The value of a pause's tag: what AWS allows no tag to hold becomes a blank, and what is too long is cut. */
export function formatPause({ of, until, by, reason }: Pause): string {
  const what = of === 'shrinking' ? 'shrinking until' : 'until';
  // A colon ends the name.
  const name = cut(tagText(by).replaceAll(':', ' '), NAME_LENGTH);
  const who = name === '' ? '' : ` by ${name}`;
  const why = tagText(reason);
  return cut(`${what} ${formatInstant(until)}${who}${why === '' ? '' : `: ${why}`}`, VALUE_LENGTH);
}

/** The pause that a tag tells. */
export function parsePause(text: string): Pause | UnreadablePause {
  const [, what, instant = '', by = '', reason = ''] = PAUSE.exec(text.trim()) ?? [];
  const until = parseInstant(instant);
  if (until === null) return { of: 'unreadable', text };
  return { of: what === undefined ? 'everything' : 'shrinking', until, by, reason };
}

const PAUSE = /^(shrinking +)?until +(\S+?)(?: +by +([^:]+?))?(?: *: +(.*))?$/;

/** `TRUE`, `yes` and nothing at all mean what they say; only `false` takes the order back. */
function isOff(text: string): boolean {
  return text.trim().toLowerCase() === 'false';
}

/** Letters, digits, blanks and `+ - = . _ : / @`, with one blank for every run of anything else. */
function tagText(text: string): string {
  return text.replace(/[^\p{L}\p{N}+\-=._:/@]+/gu, ' ').trim();
}

/** At most so long, and never half of a character that is two in JavaScript. */
function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
}
