// One thing wrong with the configuration, as data, and all of them as the Failure that ends the process. A reader
// collects mistakes and goes on: an operator wants to hear all of them at once.
import { Failure } from '../ports/failure.ts';

export interface Mistake {
  /** Where the value was given: a file's path, a variable's name, an option. */
  readonly source: string;
  /** From 1; null where lines mean nothing. */
  readonly line: number | null;
  /** The dotted key; null when the source as a whole is wrong. */
  readonly key: string | null;
  /** What is wrong, in words: `expected a whole number from 1 to 60, found "soon"`. */
  readonly problem: string;
}

// The longest words of our own fit; beyond that it is the file that speaks, and one that is no configuration at all may say
// anything, and at length.
const LONGEST = 400;
const MOST = 50;

/** `controller.yaml:12: lease.table: expected …, found …`; of an address only where it leads. */
export function renderMistake({ source, line, key, problem }: Mistake): string {
  const parts = [...(key === null ? [] : [key]), problem].map(withoutPaths).map(printable);
  return [line === null ? source : `${source}:${line}`, ...parts].join(': ');
}

/**
 * What follows the host in the address of a webhook is a secret, and it may stand where no address is expected: under a
 * wrong key, or in place of a key.
 */
function withoutPaths(text: string): string {
  return text.replace(
    /(https?:\/\/)([^\s"/?#]*)([^\s"]*)/gi,
    (_all, scheme: string, host: string, rest: string) =>
      `${scheme}${host.replace(/^.*@/, '…@')}${rest.length > 1 ? '/…' : rest}`,
  );
}

function printable(text: string): string {
  const line = text.replace(/\p{Cc}/gu, '\uFFFD');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** The mistakes as one `bad-configuration`, a line for each; of very many the first, and how many more there are. */
export function badConfiguration(mistakes: readonly Mistake[]): Failure {
  const lines = mistakes.slice(0, MOST).map(renderMistake);
  const more = mistakes.length - lines.length;
  return new Failure('bad-configuration', [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}

/** A value as a person would recognise it in a message; long ones are cut. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  return typeof value === 'object' ? 'a section' : String(value);
}

/** As `describeValue`, for what may be a secret. */
export function describeSecret(value: unknown): string {
  if (typeof value === 'object' || value === undefined) return describeValue(value);
  return `a ${typeof value === 'string' ? 'text' : typeof value} that is not shown, as it may be a secret`;
}
