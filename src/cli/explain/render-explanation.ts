// Why it did what it did, for people: what stands at the end, then every stretch in the order in which they began. Times
// are UTC, as in the log.

import { listed, PAGE_WIDTH, section, wrap } from '../layout.ts';
import { renderHeading } from '../render-heading.ts';
import type { Explanation } from './explanation.ts';
import type { FactOf } from './fact.ts';
import { movedWords, wordsOf } from './fact-words.ts';
import type { Stretch } from './timeline.ts';

const LABEL = 10;
const MOST_IDS = 3;
/** A page narrower than that has no room for columns. */
const NARROWEST_TABLE = 72;

/** The whole page, ended by a line end. */
export function renderExplanation(explanation: Explanation, width = PAGE_WIDTH): string {
  const parts = [
    renderTop(explanation, width),
    renderStretches(explanation, width),
    section('Not all of the record could be read: damaged files', explanation.damaged, width),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderTop({ about, from, to, passes, report, stretches }: Explanation, width: number): string {
  const told = `Recorded  ${passes} ${passes === 1 ? 'pass' : 'passes'}, ${dayOf(from)} ${timeOf(from)} to ${dayOf(to) === dayOf(from) ? '' : `${dayOf(to)} `}${timeOf(to)} UTC`;
  const lines = [told, ...aboutLines(about, stretches, to)].map((line) => wrap(line, width, LABEL));
  return [renderHeading(report, width), ...lines].join('\n');
}

function aboutLines(about: Explanation['about'], stretches: readonly Stretch[], to: number): string[] {
  if (about.kind !== 'instance') return [];
  const { instanceId, instanceType, zone, weightUnits } = about.line;
  const units = `${weightUnits} ${weightUnits === 1 ? 'unit' : 'units'}`;
  const last = stretches.filter(({ to: end, fact }) => end === to && fact.kind !== 'action').map(({ fact }) => fact);
  const now = last
    .map(wordsOf)
    .map((words) => (words.about === 'stands' ? words.text : `${words.about}: ${words.text}`));
  return [
    `Instance  ${instanceId}, ${instanceType} in ${zone ?? 'a zone not known yet'}, ${units}`,
    `At last   ${about.isStillThere ? now.join('; ') : 'not there any more'}`,
  ];
}

function renderStretches({ stretches, from, to }: Explanation, width: number): string {
  const isOneDay = dayOf(from) === dayOf(to);
  const rows = together(stretches).map((row) => ({ when: whenOf(row, isOneDay), ...row.words }));
  const whenWidth = Math.max(...rows.map(({ when }) => when.length));
  const aboutWidth = Math.max(...rows.map(({ about }) => about.length));
  const isWide = width >= NARROWEST_TABLE;
  return rows
    .map(({ when, about, text }) => {
      const start = isWide ? `${when.padEnd(whenWidth)}  ${about.padEnd(aboutWidth)}` : `${when}  ${about}`;
      // wrap() keeps the blanks of an indent only.
      return `${start}  ${wrapAfter(start.length + 2, text, width, isWide)}`;
    })
    .join('\n');
}

/** The text beside what stands before it; where that leaves no room, below it. */
function wrapAfter(used: number, text: string, width: number, isWide: boolean): string {
  const hanging = isWide ? used : 4;
  const lines = wrap(`${' '.repeat(used)}${text}`, width, hanging);
  return lines.slice(used);
}

interface Row {
  readonly from: number;
  readonly to: number;
  readonly words: { readonly about: string; readonly text: string };
}

/** A line for each stretch, and one for all instances that moved alike in one pass. */
function together(stretches: readonly Stretch[]): Row[] {
  const alike = new Map<string, string[]>();
  for (const { from, fact } of stretches) {
    if (fact.kind !== 'moved') continue;
    const key = moveKey(from, fact);
    alike.set(key, [...(alike.get(key) ?? []), fact.instanceId]);
  }
  return stretches.flatMap(({ from, to, fact }): Row[] => {
    if (fact.kind !== 'moved') return [{ from, to, words: wordsOf(fact) }];
    const key = moveKey(from, fact);
    const ids = alike.get(key);
    alike.delete(key);
    if (ids === undefined) return [];
    return [{ from, to, words: { about: 'instance', text: `${listed(ids, MOST_IDS)}: ${movedWords(fact)}` } }];
  });
}

const moveKey = (from: number, fact: FactOf<'moved'>): string => `${from} ${movedWords(fact)}`;

function whenOf({ from, to }: Row, isOneDay: boolean): string {
  const [start, end] = [from, to].map((at) => `${isOneDay ? '' : `${dayOf(at).slice(5)} `}${timeOf(at)}`);
  return start === end ? String(start) : `${start} - ${end}`;
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 19);

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
