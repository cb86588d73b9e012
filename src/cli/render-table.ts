// A table as plain text. Columns are as wide as their widest cell; it draws no lines, so that tables survive being
// pasted into a ticket and cut by standard tools. A table wider than its page becomes a block of lines for each row.

import { wrap } from './layout.ts';

export interface Column {
  readonly head: string;
  /** Numbers read best from the right; default left. */
  readonly align?: 'left' | 'right';
}

type Rows = readonly (readonly string[])[];

const GAP = '  ';

/** A column of numbers. */
export const right = (head: string): Column => ({ head, align: 'right' });

/**
 * The head and a line for each row, without a line end after the last. A cell that is missing is empty. Where a line
 * would be longer than `width`, the head of the first column is followed by a block for each row: its first cell, then a
 * line for each other cell with its head.
 */
export function renderTable(columns: readonly Column[], rows: Rows, width = Number.POSITIVE_INFINITY): string {
  const lines = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const table = lines.map((line) =>
    columns
      .map(({ align }, index) => {
        const [cell, cellWidth] = [line[index] ?? '', widths[index] ?? 0];
        return align === 'right' ? cell.padStart(cellWidth) : cell.padEnd(cellWidth);
      })
      .join(GAP)
      .trimEnd(),
  );
  return isWithin(table, width) ? table.join('\n') : renderBlocks(columns, rows, width);
}

/** Whether no line is longer than that. */
export function isWithin(lines: readonly string[], width: number): boolean {
  return lines.every((line) => line.length <= width);
}

function renderBlocks(columns: readonly Column[], rows: Rows, width: number): string {
  const title = columns[0]?.head ?? '';
  const labels = Math.max(...columns.slice(1).map(({ head }) => head.length));
  const blocks = rows.flatMap(([first = '', ...cells]) => [
    wrap(`${GAP}${first}`, width, 2 * GAP.length),
    ...cells.flatMap((cell, index) => {
      const head = columns[index + 1]?.head ?? '';
      return cell === ''
        ? []
        : [wrap(`${GAP}${GAP}${head.padEnd(labels)}${GAP}${cell}`, width, 3 * GAP.length + labels)];
    }),
  ]);
  return [title, ...blocks].join('\n');
}
