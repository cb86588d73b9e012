// The rules of the source tree as tables, and the checker that holds them. It reads text, so that it can be shown a bad
// sample and be seen to fire.
import { posix } from 'node:path';
import { readSource, type SourceText } from './source-text.ts';

export interface SourceFile {
  /** From the repository's root, with slashes: `src/model/ids.ts`. */
  readonly path: string;
  readonly text: string;
}

/** What a folder of `src/` may import beside itself: folders, or single files of them. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  plan: ['model'],
  ports: ['model'],
  runtime: ['ports', 'model'],
  // A wrong file is a Failure, the controller's file is read into the planner's own policy, and the agent's names events
  // by the codes of the metadata service.
  config: ['model', 'plan/policy.ts', 'ports/failure.ts', 'ports/metadata.ts'],
  agent: ['model', 'ports', 'runtime'],
  controller: ['model', 'plan', 'ports', 'runtime'],
  aws: ['model', 'ports'],
  world: ['model', 'ports'],
  sandbox: ['world', 'model', 'ports', 'runtime'],
  // A play's policy is what an operator's file would make of its keys.
  simulator: [
    ...['world', 'agent', 'controller', 'plan', 'runtime', 'ports', 'model'],
    ...['config/controller-settings.ts', 'config/policy-of.ts', 'config/settings.ts'],
  ],
  dashboard: ['controller', 'plan', 'model'],
  cli: ['model', 'plan', 'ports', 'runtime', 'config', 'agent', 'controller', 'world', 'sandbox', 'simulator'],
  bin: ['model', 'plan', 'ports', 'runtime', 'config', 'agent', 'controller', 'aws', 'world', 'sandbox', 'cli'],
};

/** Folders that do no input or output at all, so they import nothing of Node either. */
export const PURE_FOLDERS: readonly string[] = ['model', 'plan', 'ports', 'world'];

/** Where each third-party package may be imported; a package that is not named here may be imported nowhere. */
export const PACKAGE_HOMES: readonly (readonly [RegExp, string])[] = [
  [/^@aws-sdk\//, 'src/aws/'],
  [/^@smithy\//, 'src/aws/'],
  [/^axios$/, 'src/runtime/webhook-http.ts'],
  [/^node-cron$/, 'src/runtime/ticker.ts'],
  [/^pino(-pretty)?$/, 'src/runtime/logger.ts'],
  [/^convict$/, 'src/config/'],
  [/^yaml$/, 'src/config/'],
  [/^commander$/, 'src/cli/'],
  [/^prom-client$/, 'src/controller/prometheus.ts'],
  [/^dynalite$/, 'src/sandbox/'],
  [/^re2js$/, 'src/plan/cluster-query/patterns.ts'],
];

/** The machine's own clock, chance, environment and output: each has its homes, and each home its reason. */
export const AMBIENT: readonly { readonly what: string; readonly code: RegExp; readonly homes: Homes }[] = [
  {
    what: 'the wall clock',
    code: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s\w(]))/,
    homes: { 'src/runtime/': 'holds the system clock that everybody else is handed' },
  },
  {
    what: 'the monotonic clock',
    code: /\bperformance\s*\.\s*(?:now|timeOrigin)\b|\bprocess\s*\.\s*hrtime\b/,
    homes: { 'src/runtime/': 'holds the system clock that everybody else is handed' },
  },
  {
    what: 'randomness',
    code: /\bMath\s*\.\s*random\b/,
    homes: { 'src/runtime/': 'holds the system random source that everybody else is handed' },
  },
  {
    what: 'a timer',
    code: /\b(?:setTimeout|setInterval|setImmediate)\b(?!\s*:)/,
    homes: { 'src/runtime/': 'holds the clock port over timers; even the sandbox waits through it' },
  },
  {
    what: 'an abort timer',
    code: /\bAbortSignal\s*\.\s*timeout\b/,
    homes: { 'src/aws/': 'bounds each call over the network', 'src/runtime/': 'bounds the end of a process' },
  },
  {
    what: 'the environment',
    code: /\bprocess\s*\.\s*env\b|\benv\b[^;\n]*\bfrom\s*"\d+"/,
    homes: { 'src/config/': 'reads the environment once and hands it on as values' },
  },
  { what: 'the console', code: /\bconsole\s*\./, homes: {} },
  {
    what: 'the standard streams',
    code: /\bprocess\s*\.\s*(?:stdout|stderr|stdin)\b/,
    homes: {
      'src/bin/': 'hands each command the streams it may write to',
      'src/runtime/logger.ts': 'asks whether standard error is a terminal',
    },
  },
  {
    what: 'the life of the process',
    code: /\bprocess\s*\.\s*(?:exit|exitCode|argv|on|once|off)\b/,
    homes: { 'src/bin/': 'starts and ends the process', 'src/runtime/': 'listens to its signals' },
  },
];

type Homes = Readonly<Record<string, string>>;

/** A file past this holds more than one idea. */
export const MAXIMUM_LINES = 250;

/** Every broken rule as one line that names the file, the line and the rule; an empty list when all is well. */
export function violationsIn(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const source = readSource(file.text);
    return [...shapeViolations(file), ...importViolations(file, source), ...ambientViolations(file, source)];
  });
}

/** Every module a file imports, statically, dynamically or for its types alone, with its line. */
export function importsOf(source: SourceText): { specifier: string; line: number }[] {
  const found = source.code.matchAll(/(?<!\.)(?:\bfrom|\b(?:import|require)\s*\(?)\s*"(\d+)"/g);
  return [...found].map((match) => ({
    specifier: source.strings[Number(match[1])] ?? '',
    line: lineAt(source.code, match.index),
  }));
}

function shapeViolations({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split('\n').length;
  const isExplained = /^(?:#!.*\n)?\s*\/[/*]/.test(text) || /\*\/\s*export\b/.test(text);
  return [
    ...(posix.basename(path) === 'index.ts' ? [`${path}: there are no index files; import the file itself`] : []),
    ...(lines > MAXIMUM_LINES ? [`${path}: ${lines} lines; past ${MAXIMUM_LINES} it holds more than one idea`] : []),
    ...(isExplained ? [] : [`${path}: neither opens with a comment nor documents an export`]),
  ];
}

function importViolations(file: SourceFile, source: SourceText): string[] {
  return importsOf(source).flatMap(({ specifier, line }) => {
    const problem = specifier.startsWith('.') ? crossing(file.path, specifier) : foreign(file.path, specifier);
    return problem === null ? [] : [`${file.path}:${line}: ${problem}`];
  });
}

function crossing(path: string, specifier: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const [from, to] = [folderOf(path), folderOf(target)];
  if (!specifier.endsWith('.ts')) return `imports ${specifier} without its .ts`;
  if (from === to) return null;
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return `the folder ${from} has no line in the import table`;
  if (allowed.includes(to) || allowed.includes(target.replace(/^src\//, ''))) return null;
  return `${from} may not import ${target}`;
}

function foreign(path: string, specifier: string): string | null {
  if (specifier.startsWith('node:')) {
    return PURE_FOLDERS.includes(folderOf(path)) ? `${folderOf(path)} is pure and may not import ${specifier}` : null;
  }
  const home = PACKAGE_HOMES.find(([name]) => name.test(packageOf(specifier)))?.[1];
  if (home === undefined) return `imports ${specifier}, which has no home in the table of packages`;
  return path.startsWith(home) ? null : `imports ${specifier}, whose home is ${home}`;
}

function ambientViolations(file: SourceFile, source: SourceText): string[] {
  const lines = source.code.split('\n');
  return AMBIENT.filter(({ homes }) => !Object.keys(homes).some((home) => file.path.startsWith(home))).flatMap(
    ({ what, code, homes }) =>
      lines.flatMap((line, index) =>
        code.test(line)
          ? [`${file.path}:${index + 1}: reaches for ${what}; home: ${Object.keys(homes).join(', ') || 'none'}`]
          : [],
      ),
  );
}

/** `@aws-sdk/client-ec2/dist` is of `@aws-sdk/client-ec2`, `yaml/util` of `yaml`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const folderOf = (path: string): string => path.split('/')[1] ?? '';
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
