// What a value may be. A format knows its own words, so that the message of a mistake and the table of the README are
// the same text. It never changes a value it is shown: `"5"` in a file is a text, not a number.
import { describeValue } from './mistake.ts';

export interface Format<Value> {
  /** Completes "expected …". */
  readonly expects: string;
  accepts(value: unknown): value is Value;
  /** Where inside a value that is not accepted the mistakes are, for values that have an inside. */
  faultsOf?(value: unknown): readonly Fault[];
  /** Whatever is given for it may be a secret, also when it is wrong: it is never quoted. */
  readonly isSecret?: true;
  /** The value a text from the environment or the command line stands for; not checked yet. */
  fromText(text: string): unknown;
}

/** One thing wrong inside a value. */
export interface Fault {
  /** The way to it: positions in lists, from 0, and keys. */
  readonly at: readonly (string | number)[];
  /** `expected …, found …` */
  readonly problem: string;
}

/** A count or a port: without fractions, between the two, both included. */
export function wholeNumber(minimum: number, maximum: number): Format<number> {
  return {
    expects: `a whole number from ${minimum} to ${maximum}`,
    accepts: (value): value is number => Number.isInteger(value) && isBetween(value, minimum, maximum),
    fromText: toNumber,
  };
}

/** A duration in seconds between the two, both included; fractions allowed. */
export function seconds(minimum: number, maximum: number): Format<number> {
  return {
    expects: `a number of seconds from ${minimum} to ${maximum}`,
    accepts: (value): value is number => isBetween(value, minimum, maximum),
    fromText: toNumber,
  };
}

/** A duration in minutes between the two, both included; fractions allowed. */
export function minutes(minimum: number, maximum: number): Format<number> {
  return { ...seconds(minimum, maximum), expects: `a number of minutes from ${minimum} to ${maximum}` };
}

/** A share between the two, both included: 0.2 is a fifth. */
export function share(minimum: number, maximum: number): Format<number> {
  return { ...seconds(minimum, maximum), expects: `a number from ${minimum} to ${maximum}` };
}

/** A number between the two, both included, or a word that stands for none. */
export function numberOr<const Word extends string>(
  word: Word,
  minimum: number,
  maximum: number,
): Format<number | Word> {
  return {
    expects: `a number from ${minimum} to ${maximum}, or the word ${word}`,
    accepts: (value): value is number | Word => value === word || isBetween(value, minimum, maximum),
    fromText: toNumber,
  };
}

/** One of a closed set of words. */
export function oneOf<const Words extends readonly string[]>(words: Words): Format<Words[number]> {
  return {
    expects: words.length === 1 ? `the word ${words[0]}` : `one of ${words.join(', ')}`,
    accepts: (value): value is Words[number] => typeof value === 'string' && words.includes(value),
    fromText: asIs,
  };
}

/** `true` or `false`, YAML's own words for them: in quotes they are a text, and a mistake. */
export const trueOrFalse: Format<boolean> = {
  expects: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
};

/** A text that has a certain look. */
export function text(expects: string, pattern: RegExp): Format<string> {
  return {
    expects,
    accepts: (value): value is string => typeof value === 'string' && pattern.test(value),
    fromText: asIs,
  };
}

/** Of a file, absolute or relative to where it is written. */
export const filePath: Format<string> = text('a path', /\S/);

/** A text that a function vouches for. */
export function textThat(expects: string, isGood: (value: string) => boolean): Format<string> {
  return { expects, accepts: (value): value is string => typeof value === 'string' && isGood(value), fromText: asIs };
}

export const awsRegion: Format<string> = text('a region such as eu-west-1', /^[a-z]{2,}(-[a-z]+)+-\d+$/);

/** An http or https address without a path of its own, as endpoints are given. */
export const httpEndpoint: Format<string> = textThat(
  'an address such as http://127.0.0.1:51678',
  (value) => /^https?:\/\/[^/?#\s]+\/?$/.test(value) && URL.canParse(value),
);

/** What the format accepts, or nothing at all. */
export function orNothing<Value>(format: Format<Value>): Format<Value | null> {
  return {
    expects: `${format.expects}, or nothing`,
    accepts: (value): value is Value | null => value === null || format.accepts(value),
    fromText: (given) => format.fromText(given),
  };
}

/** A list with exactly so many items; in the environment separated by commas. */
export function listOf(items: Format<string>, counts: { exactly: number; because: string }): Format<readonly string[]> {
  const { exactly, because } = counts;
  return {
    expects: `a list of exactly ${exactly} (${because}), each ${items.expects}`,
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.length === exactly && value.every((item) => items.accepts(item)),
    fromText: (given) => given.split(',').map((item) => item.trim()),
  };
}

/** A list of at most so many different items, each with a mistake of its own; in the environment separated by commas. */
export function listUpTo<Item extends string>(most: number, items: Format<Item>): Format<readonly Item[]> {
  const expects = `a list of at most ${most}, none of them twice, each ${items.expects}`;
  const faultsOf = (value: unknown): Fault[] => {
    if (!Array.isArray(value) || value.length > most)
      return [{ at: [], problem: `expected ${expects}, found ${describeValue(value)}` }];
    return value.flatMap((item: unknown, index) => {
      if (!items.accepts(item))
        return [{ at: [index], problem: `expected ${items.expects}, found ${describeValue(item)}` }];
      return value.indexOf(item) < index ? [{ at: [index], problem: `${describeValue(item)} is given twice` }] : [];
    });
  };
  return {
    expects,
    accepts: (value): value is readonly Item[] => faultsOf(value).length === 0,
    faultsOf,
    fromText: (given) => given.split(',').map((item) => items.fromText(item.trim())),
  };
}

function isBetween(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && value >= minimum && value <= maximum;
}

/** Only a whole text that is a number becomes one: `5s` stays a text and is refused. */
function toNumber(given: string): unknown {
  return /^[+-]?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given;
}

function asIs(given: string): string {
  return given;
}
