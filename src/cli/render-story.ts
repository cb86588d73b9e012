// What a story came to, for people: its figures, its chart, and which expectations held. Every number is one of the
// figures; nothing is computed here.
import type { Expectation } from '../sandbox/story/expectation.ts';
import type { Figures } from '../sandbox/story/figures/figures.ts';
import type { StoryResult } from '../sandbox/story/story.ts';
import type { Paint } from './paint.ts';
import { renderChart } from './render-chart.ts';
import { renderTable } from './render-table.ts';

export interface StoryFrame {
  /** When the story began and ended, epoch milliseconds of the world. */
  readonly from: number;
  readonly until: number;
}

const CHART_WIDTH = 72;
const CHART_HEIGHT = 10;

/** The whole page, ended by a line end. */
export function renderStory({ figures, expectations }: StoryResult, frame: StoryFrame, paint: Paint): string {
  const parts = [
    paint.bold("Figures, from the sandbox's own request log and history"),
    renderTable([{ head: 'figure' }, { head: 'value' }], figureRows(figures)),
    paint.bold('Capacity over time'),
    renderChart(figures.curve, { ...frame, width: CHART_WIDTH, height: CHART_HEIGHT }, paint),
    paint.bold('API calls'),
    renderTable(
      [{ head: 'service' }, { head: 'action' }, { head: 'calls', align: 'right' }, { head: 'errors', align: 'right' }],
      figures.calls.map(({ service, action, calls, errors }) => [service, action, String(calls), String(errors)]),
    ),
    paint.bold('Expectations'),
    expectations.map((expectation) => renderExpectation(expectation, paint)).join('\n'),
    verdict(expectations, paint),
  ];
  return `\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function figureRows(figures: Figures): [string, string][] {
  const { tasks } = figures;
  const each = (label: string, durations: readonly (number | null)[]): [string, string] => [
    label,
    durations.map(inSeconds).join(', ') || 'none',
  ];
  return [
    each(
      'notice -> DRAINING accepted',
      figures.notices.map((notice) => notice.drainingAfterMs),
    ),
    each(
      'notice -> target raised',
      figures.notices.map((notice) => notice.raisedAfterMs),
    ),
    each(
      'notice -> replacement joined',
      figures.notices.map((notice) => notice.replacedAfterMs),
    ),
    each(
      'notice -> power gone',
      figures.notices.map((notice) => notice.endedAfterMs),
    ),
    ...figures.shortfalls.map(({ act, raisedAfterMs }) =>
      each(`shortfall -> target raised (act ${act})`, [raisedAfterMs]),
    ),
    [
      `tasks pending, p50 / max of ${tasks.started}`,
      `${inSeconds(tasks.pendingP50Ms)} / ${inSeconds(tasks.pendingMaxMs)}`,
    ],
    each(
      'leader killed -> standby leads',
      figures.failOvers.map((failOver) => failOver.afterMs),
    ),
    ['tasks ended in their own time', String(tasks.ends.exited + tasks.ends['stop-timeout-used-up'])],
    ['tasks cut short', String(tasks.ends['cut-short'])],
    ['tasks killed without SIGTERM', String(tasks.ends['killed-without-sigterm'])],
    ['instances retired', String(figures.retirements.length)],
    ['writes made twice', String(figures.duplicatedWrites.length)],
    ['writes without the lease', String(figures.writesWithoutLease.length)],
    ['length of the story', inSeconds(figures.durationMs)],
  ];
}

function inSeconds(durationMs: number | null): string {
  return durationMs === null ? 'never' : `${(durationMs / 1000).toFixed(2)} s`;
}

function renderExpectation({ act, name, held, detail }: Expectation, paint: Paint): string {
  const mark = held ? paint.good('held') : paint.bad('NOT HELD');
  return `  act ${act}  ${mark}  ${name} ${paint.dim(`(${detail})`)}`;
}

function verdict(expectations: readonly Expectation[], paint: Paint): string {
  const broken = expectations.filter(({ held }) => !held);
  if (broken.length === 0) return paint.good(`All ${expectations.length} expectations held.`);
  const names = broken.map(({ act, name, detail }) => `  act ${act}: ${name} (${detail})`);
  return paint.bad([`${broken.length} of ${expectations.length} expectations did not hold:`, ...names].join('\n'));
}
