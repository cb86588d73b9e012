// Target, fulfilled and usable capacity over time, drawn with characters. One column is a slice of time and shows what
// was true at its end; one row is a step of units.
import type { CurvePoint } from '../sandbox/story/figures/curve.ts';
import type { Paint } from './paint.ts';

export interface ChartFrame {
  readonly from: number;
  readonly until: number;
  /** Columns of the drawing, without its axis. */
  readonly width: number;
  readonly height: number;
}

const USABLE = '█';
const FULFILLED = '░';
const TARGET = '━';

/** The drawing with axes and legend, without a line end after the last. Empty when there is nothing to draw. */
export function renderChart(curve: readonly CurvePoint[], frame: ChartFrame, paint: Paint): string {
  const top = Math.max(...curve.map((point) => Math.max(point.targetUnits, point.fulfilledUnits)), 0);
  if (top === 0) return '';
  const step = top / frame.height;
  const columns = Array.from({ length: frame.width }, (_, column) => pointAt(curve, endOf(frame, column)));
  const rows = Array.from({ length: frame.height }, (_, index) => {
    const level = frame.height - index;
    const label = index === 0 || level === 1 ? String(Math.round(level * step)) : '';
    return `${label.padStart(5)} │${columns.map((point) => cell(point, level, step, paint)).join('')}`.trimEnd();
  });
  return [...rows, axis(frame), legend(paint)].join('\n');
}

function endOf({ from, until, width }: ChartFrame, column: number): number {
  return from + ((column + 1) * (until - from)) / width;
}

function pointAt(curve: readonly CurvePoint[], at: number): CurvePoint | null {
  return curve.findLast((point) => point.at <= at) ?? null;
}

/** The target is drawn over what there is: it is a line, the others are areas. */
function cell(point: CurvePoint | null, level: number, step: number, paint: Paint): string {
  if (point === null) return ' ';
  const rowOf = (units: number) => Math.round(units / step);
  if (rowOf(point.targetUnits) === level) return paint.accent(TARGET);
  if (rowOf(point.usableUnits) >= level) return paint.good(USABLE);
  return rowOf(point.fulfilledUnits) >= level ? paint.dim(FULFILLED) : ' ';
}

function axis({ from, until, width }: ChartFrame): string {
  const end = `${Math.round((until - from) / 1000)} s`;
  return `${' '.repeat(6)}└${'─'.repeat(width)}\n${' '.repeat(7)}0 s${end.padStart(width - 3)}`;
}

function legend(paint: Paint): string {
  const keys = [
    `${paint.accent(TARGET)} target`,
    `${paint.dim(FULFILLED)} fulfilled`,
    `${paint.good(USABLE)} usable: ACTIVE and without a notice`,
  ];
  return `${' '.repeat(7)}${keys.join('   ')}   (units)`;
}
