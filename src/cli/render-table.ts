// A table as plain text. Columns are as wide as their widest cell; it draws no lines, so that tables survive being
// pasted into a ticket and cut by standard tools.

export interface Column {
  readonly head: string;
  /** Numbers read best from the right; default left. */
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/** The head and a line for each row, without a line end after the last. A cell that is missing is empty. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      columns
        .map(({ align }, index) => {
          const [cell, width] = [line[index] ?? '', widths[index] ?? 0];
          return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}
