// Reads a set of settings from its four places: option, environment, file, default, the first that has one. It judges
// each value where it was given, so that a mistake can name the place; putting the good ones together is convict's part.
import { type Environment, firstSet } from './environment.ts';
import type { Fault, Format } from './format.ts';
import { merge } from './merge.ts';
import { describeSecret, describeValue, type Mistake } from './mistake.ts';
import { nearest } from './nearest.ts';
import { type Entry, readYamlFile } from './yaml-file.ts';

/** One key of the configuration. */
export interface Setting<Value> {
  /** What it is and why its default is what it is; shown in the README. */
  readonly doc: string;
  readonly format: Format<Value>;
  /** Absent where an operator must say it. */
  readonly default?: Value;
  /** The variables that set it, ours first. */
  readonly env: readonly string[];
  /** The option that sets it, where the command line has one. */
  readonly option?: string;
}

/** Settings by dotted key. */
export interface Settings {
  // Each setting has a type of its own, so the table as a whole can only promise "some value".
  // biome-ignore lint/suspicious/noExplicitAny: Setting is invariant in Value, so unknown would fit no setting at all
  readonly [key: string]: Setting<any>;
}

export type Values<Table extends Settings> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never;
};

export interface Layers {
  /** Texts from the command line by dotted key. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Environment;
  /** The file's path; null when there is none. */
  readonly file: string | null;
}

/** Where a key's value came from, for messages about it. */
export interface Origin {
  readonly source: string;
  readonly line: number | null;
}

export interface Reading<Table extends Settings> {
  /** Complete and checked only where there are no mistakes. */
  readonly values: Values<Table>;
  readonly mistakes: readonly Mistake[];
  originOf(key: keyof Table & string): Origin;
  /** Whether somebody set it, so that it is not the default. */
  isGiven(key: keyof Table & string): boolean;
  /** Whether this one value can be relied on, whatever is wrong with others. */
  isGood(key: keyof Table & string): boolean;
}

/** Reads every setting of the table and collects every mistake; it throws for none of them. */
export function readSettings<Table extends Settings>(table: Table, layers: Layers): Reading<Table> {
  const mistakes: Mistake[] = [];
  const given = new Map<string, Given>();
  // The weakest first, so that the strongest is what stays.
  for (const value of [
    ...fromFile(table, layers.file, mistakes),
    ...fromEnvironment(table, layers),
    ...fromFlags(table, layers),
  ]) {
    const { format } = settingAt(table, value.key);
    if (format.accepts(value.value)) given.set(value.key, value);
    else mistakes.push(...mistakesIn(value, format));
  }
  mistakes.push(...missing(table, given, mistakes, layers.file));
  return {
    // Each value was accepted by its own format above, which is what Values says.
    values: merge(table, accepted(given), mistakes.length > 0) as Values<Table>,
    mistakes,
    isGiven: (key) => given.has(key),
    isGood: (key) =>
      !mistakes.some((mistake) => isAbout(mistake, key)) && (given.has(key) || 'default' in settingAt(table, key)),
    originOf: (key) => given.get(key)?.origin ?? { source: layers.file ?? 'the defaults', line: null },
  };
}

interface Given {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** Where something inside the value was given. */
  lineOf(at: Fault['at']): number | null;
}

/** What is wrong with a value that its format does not accept: `headroom.pins[0].cpu` where it knows that exactly. */
function mistakesIn({ key, value, origin, lineOf }: Given, format: Format<unknown>): Mistake[] {
  const found = format.isSecret === true ? describeSecret(value) : describeValue(value);
  const whole: Fault = { at: [], problem: `expected ${format.expects}, found ${found}` };
  return (format.faultsOf?.(value) ?? [whole]).map(({ at, problem }) => ({
    ...origin,
    line: lineOf(at),
    key: at.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}.${step}`), key),
    problem,
  }));
}

/** About the key itself or something inside its value. */
const isAbout = (mistake: Mistake, key: string): boolean =>
  mistake.key === key || mistake.key?.startsWith(`${key}[`) === true;

const NO_LINES = (): null => null;

const accepted = (given: ReadonlyMap<string, Given>): Map<string, unknown> =>
  new Map([...given].map(([key, { value }]) => [key, value]));

function fromFile(table: Settings, file: string | null, mistakes: Mistake[]): Given[] {
  if (file === null) return [];
  const { entries, mistakes: unreadable } = readYamlFile(file);
  mistakes.push(...unreadable);
  const found: Given[] = [];
  const visit = (entry: Entry, prefix: string): void => {
    const key = `${prefix}${entry.name}`;
    const origin = { source: file, line: entry.line };
    const isPlain = !entry.name.includes('.');
    if (isPlain && Object.hasOwn(table, key)) found.push({ key, value: entry.value, origin, lineOf: entry.lineOf });
    else if (!isPlain || !isSection(table, key))
      mistakes.push({ ...origin, key, problem: unknownKey(table, entry.name, prefix) });
    else if (entry.entries !== null) for (const child of entry.entries) visit(child, `${key}.`);
    // A section whose keys are all commented out says nothing, which is no mistake.
    else if (entry.value !== null) mistakes.push({ ...origin, key, problem: notASection(table, key, entry.value) });
  };
  for (const entry of entries) visit(entry, '');
  return found;
}

function fromEnvironment(table: Settings, { env }: Layers): Given[] {
  return Object.keys(table).flatMap((key) => {
    const { env: names, format } = settingAt(table, key);
    const found = firstSet(env, names);
    return found === null
      ? []
      : [{ key, value: format.fromText(found.text), origin: { source: found.name, line: null }, lineOf: NO_LINES }];
  });
}

function fromFlags(table: Settings, { flags }: Layers): Given[] {
  return Object.keys(table).flatMap((key) => {
    const { option, format } = settingAt(table, key);
    const given = flags[key];
    return given === undefined
      ? []
      : [{ key, value: format.fromText(given), origin: { source: option ?? key, line: null }, lineOf: NO_LINES }];
  });
}

function missing(
  table: Settings,
  given: ReadonlyMap<string, Given>,
  mistakes: readonly Mistake[],
  file: string | null,
): Mistake[] {
  const isUnreadable = mistakes.some(({ source, key }) => source === file && key === null);
  return Object.keys(table)
    .filter((key) => !('default' in settingAt(table, key)) && !given.has(key))
    .filter((key) => !isUnreadable && !mistakes.some((mistake) => isAbout(mistake, key)))
    .map((key) => {
      const { format, env } = settingAt(table, key);
      const orEnv = env.length === 0 ? '' : ` (or set ${env[0]})`;
      return {
        source: file ?? 'configuration',
        line: null,
        key,
        problem: `expected ${format.expects}${orEnv}, found nothing`,
      };
    });
}

function unknownKey(table: Settings, name: string, prefix: string): string {
  const siblings = Object.keys(table)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length).split('.')[0] ?? '');
  const meant =
    nearest(name, [...new Set(siblings)]) ?? Object.keys(table).find((key) => key.endsWith(`.${name}`)) ?? null;
  return meant === null ? 'unknown key' : `unknown key; did you mean ${meant}?`;
}

function notASection(table: Settings, key: string, value: unknown): string {
  const names = Object.keys(table).filter((name) => name.startsWith(`${key}.`));
  return `expected a section with ${names.map((name) => name.slice(key.length + 1)).join(', ')}, found ${describeValue(value)}`;
}

const isSection = (table: Settings, key: string): boolean =>
  Object.keys(table).some((name) => name.startsWith(`${key}.`));

function settingAt(table: Settings, key: string): Setting<unknown> {
  const setting = table[key];
  if (setting === undefined) throw new RangeError(`no setting is called ${key}`);
  return setting;
}
