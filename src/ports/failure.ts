// The errors that cross a port. Three classes by who must act: `operator` (configuration, permissions: the process
// stops with exit code 2 when met at start), `world` (throttled, gone, out of capacity: the next pass is the retry),
// `bug` (an invariant broke: crash).

export type FailureKind = 'operator' | 'world' | 'bug';

/** The closed table of codes, each with the class it belongs to. */
export const FAILURE_CODES = {
  'access-denied': 'operator',
  'bad-credentials': 'operator',
  'bad-configuration': 'operator',
  'cluster-not-found': 'operator',
  'instance-not-found': 'operator',
  'fleet-not-found': 'operator',
  'fleet-not-usable': 'operator',
  'lease-table-missing': 'operator',
  'lease-table-not-usable': 'operator',
  'not-on-ec2': 'operator',
  'no-region': 'operator',
  throttled: 'world',
  unavailable: 'world',
  'timed-out': 'world',
  refused: 'world',
  unreadable: 'world',
  'fleet-not-modifiable': 'world',
  'lease-lost': 'world',
  'changed-meanwhile': 'world',
  'invariant-broken': 'bug',
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURE_CODES;

/** An error that says what was being done to what; its cause is kept apart and never repeated in the message. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly kind: FailureKind;

  constructor(code: FailureCode, doing: string, options: { cause?: unknown } = {}) {
    super(doing, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.kind = FAILURE_CODES[code];
  }
}

/** One line for people: the message and the messages of its causes, joined by colons. */
export function explain(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && parts.length < 6; ) {
    const part =
      at instanceof Error
        ? `${at.name === 'Error' || at.name === 'Failure' ? '' : `${at.name}: `}${at.message}`
        : String(at);
    if (part !== '' && !parts.includes(part)) parts.push(part);
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(': ');
}
