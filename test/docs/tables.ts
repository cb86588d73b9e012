// The tables of the README that are drawn from the code.
import type { Settings } from '../../src/config/settings.ts';

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

/** One line for each gauge: name, labels, HELP text. */
export function gaugesTable(gauges: Readonly<Record<string, { help: string; labels: readonly string[] }>>): string {
  return markdown(
    ['gauge', 'labels', 'meaning'],
    Object.entries(gauges).map(([name, { help, labels }]) => [`\`${name}\``, ['cluster', ...labels].join(', '), help]),
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
