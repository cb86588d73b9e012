// `spotkeeper plan --instances`: how many more of each largest task every single instance can start, and why not.
import type { LedgerLine, PlanReport } from '../plan/report.ts';
import { letterOf, wrap } from './layout.ts';
import { isWithin, renderTable, right } from './render-table.ts';
import { OBSTACLE_WORDS, STANDING_WORDS } from './words.ts';

/** A line for each instance; the letters are those of the largest shapes. Empty when there are no instances. */
export function renderInstances({ ledger, shapes }: PlanReport, width: number): string {
  if (ledger.length === 0) return '';
  const letters = shapes.filter(({ isLargest }) => isLargest).map((_, index) => letterOf(index));
  const wide = renderTable(
    [...COLUMNS, ...letters.map(right)],
    ledger.map((line) => [...cellsOf(line), ...letters.map((_, index) => roomCell(line, index))]),
  );
  const table = isWithin(wide.split('\n'), width) ? wide : renderList(ledger, letters, width);
  return [table, ...renderLegend(ledger, width)].join('\n');
}

const COLUMNS = [{ head: 'instance' }, { head: 'type' }, { head: 'zone' }, { head: 'standing' }];

const cellsOf = ({ instanceId, instanceType, zone, standing }: LedgerLine): string[] => [
  instanceId,
  instanceType,
  zone ?? '?',
  standing,
];

/** `3`, or `0 memory`; nothing for an instance that takes no tasks, because its standing says why. */
function roomCell({ schedulable, obstacles, standing }: LedgerLine, index: number): string {
  if (standing !== 'serving') return '-';
  const obstacle = obstacles[index] ?? null;
  return `${schedulable[index] ?? 0}${obstacle === null ? '' : ` ${obstacle}`}`;
}

/** Where so many columns find no place: each instance with its room in a paragraph. */
function renderList(ledger: readonly LedgerLine[], letters: readonly string[], width: number): string {
  return ledger
    .map((line) => {
      const room = letters.map((letter, index) => `${letter} ${roomCell(line, index)}`).join(', ');
      const isTaking = line.standing === 'serving' && letters.length > 0;
      return wrap(`${cellsOf(line).join('  ')}${isTaking ? `: ${room}` : ''}`, width, 4);
    })
    .join('\n');
}

/** What the words in the table mean, each that occurs. */
function renderLegend(ledger: readonly LedgerLine[], width: number): string[] {
  const serving = ledger.filter(({ standing }) => standing === 'serving');
  const obstacles = new Set(serving.flatMap((line) => line.obstacles).filter((obstacle) => obstacle !== null));
  const standings = new Set(ledger.map(({ standing }) => standing).filter((standing) => standing !== 'serving'));
  return [
    ...[...standings].map((name) => [name, STANDING_WORDS[name]] as const),
    ...[...obstacles].map((name) => [name, OBSTACLE_WORDS[name]] as const),
  ].map(([name, words]) => wrap(`  ${name}: ${words}`, width, 4));
}
