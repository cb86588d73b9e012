// Webhooks as an operator writes them. Who knows the address of one may post there, so it is a secret, and so is what its
// headers hold: neither is ever printed.
import { type Format, listUpTo, oneOf, textThat } from './format.ts';
import { listOfSections } from './sections.ts';

const MOMENTS = ['notice', 'before-stop', 'drained', 'uncordoned'] as const;
const TEMPLATES = ['slack', 'json'] as const;

// All of them are told at the same moments, from a host that is busy.
const MOST_WEBHOOKS = 10;

export interface Webhook {
  readonly url: string;
  readonly template: (typeof TEMPLATES)[number];
  readonly moments: readonly (typeof MOMENTS)[number][];
  readonly headers: Readonly<Record<string, string>>;
}

const address: Format<string> = {
  ...textThat('an http or https address without a user or a password', isWebAddress),
  isSecret: true,
};

/** A name as HTTP allows it, and a text without line breaks: https://www.rfc-editor.org/rfc/rfc9110#section-5 */
const headers: Format<Readonly<Record<string, string>>> = {
  expects: 'a section of header names, each with a text on one line',
  isSecret: true,
  accepts: (value): value is Readonly<Record<string, string>> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, text]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof text === 'string' && /^[\t\x20-\x7e]*$/.test(text),
    ),
  fromText: (given) => given,
};

export const webhooks = listOfSections(
  MOST_WEBHOOKS,
  { url: address, template: oneOf(TEMPLATES) },
  { moments: listUpTo(MOMENTS.length, oneOf(MOMENTS)), headers },
);

type WebhookItems = typeof webhooks extends Format<infer Value> ? Value : never;

export function webhooksOf(items: WebhookItems): readonly Webhook[] {
  return items.map(({ url, template, moments = MOMENTS, headers = {} }) => ({ url, template, moments, headers }));
}

/** The same, to be shown: where each leads and the names of its headers, and nothing that is secret. */
export function withoutSecrets(hooks: readonly Webhook[]): readonly Webhook[] {
  return hooks.map((hook) => ({
    ...hook,
    url: `${new URL(hook.url).origin}/…`,
    headers: Object.fromEntries(Object.keys(hook.headers).map((name) => [name, '…'])),
  }));
}

function isWebAddress(value: string): boolean {
  if (!/^https?:\/\/[^\s/]/i.test(value) || /\s/.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}
