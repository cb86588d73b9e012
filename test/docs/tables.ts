// The tables of the README that are drawn from the code.
import type { Settings } from '../../src/config/settings.ts';
import type { Permission, Scope } from '../../src/model/iam/permission.ts';

/** One line for each setting: key, meaning, what it may be, default, variables. */
export function settingsTable(table: Settings): string {
  const rows = Object.entries(table).map(([key, { doc, format, env, option, default: value }]) => {
    const ways = [...env.map((name) => `\`${name}\``), ...(option === undefined ? [] : [`\`${option}\``])];
    return [`\`${key}\``, doc, format.expects, defaultOf(value), ways.join('<br>')];
  });
  const hasWays = rows.some(([, , , , ways]) => ways !== '');
  const head = ['key', 'what it is', 'expected', 'default', ...(hasWays ? ['variable, option'] : [])];
  return markdown(head, hasWays ? rows : rows.map((row) => row.slice(0, 4)));
}

/** One line for each reason: its name in the data, its words on the page. */
export function wordsTable(head: string, words: Readonly<Record<string, string>>): string {
  return markdown(
    [head, 'in words'],
    Object.entries(words).map(([name, text]) => [`\`${name}\``, text]),
  );
}

/** One line for each conflict: its name in the data, its words on the page, what there is to do. */
export function conflictsTable(
  words: Readonly<Record<string, string>>,
  advice: Readonly<Record<string, string>>,
): string {
  return markdown(
    ['conflict', 'in words', 'what to do'],
    Object.entries(words).map(([name, text]) => [`\`${name}\``, text, advice[name] ?? '']),
  );
}

/** One line for each gauge: name, labels, HELP text. */
export function gaugesTable(gauges: Readonly<Record<string, { help: string; labels: readonly string[] }>>): string {
  return markdown(
    ['gauge', 'labels', 'meaning'],
    Object.entries(gauges).map(([name, { help, labels }]) => [`\`${name}\``, ['cluster', ...labels].join(', '), help]),
  );
}

const LIMITED_TO: Readonly<Record<Scope, string>> = {
  anywhere: 'nothing: AWS knows no resource for it',
  cluster: 'the cluster',
  'in-cluster': 'what is in the cluster',
  tasks: "the cluster's tasks",
  fleet: 'the Spot Fleet request',
  'fleet-instances': 'instances of the fleet',
  'lease-table': 'the lease table',
  metrics: 'our namespace',
};

/** One line for each permission: action, what the documents limit it to, reason, what happens without. */
export function permissionsTable(permissions: readonly Permission[]): string {
  return markdown(
    ['action', 'limited to', 'why', 'without it'],
    permissions.map(({ action, scope, why, without }) => [`\`${action}\``, LIMITED_TO[scope], why, without]),
  );
}

/** The first cells of the table that follows a heading, without their backquotes. */
export function firstCells(text: string, heading: string): string[] {
  return cells(text, heading).map(([first = '']) => first);
}

/** The cells of the rows that follow a heading, until the next one, where the first is in backquotes; without these. */
export function cells(text: string, heading: string): string[][] {
  const section = text
    .slice(text.indexOf(`\n${heading}\n`))
    .split('\n')
    .slice(2);
  const end = section.findIndex((line) => line.startsWith('#'));
  return section
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

function defaultOf(value: unknown): string {
  if (value === undefined) return '(required)';
  if (value === null) return '(none)';
  return `\`${Array.isArray(value) ? JSON.stringify(value) : String(value)}\``;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
