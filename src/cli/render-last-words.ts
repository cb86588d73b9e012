// What the processes of a story wrote last, for whoever has to find out why an expectation did not hold.

export interface LastWords {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Lines a process: enough for the decisions of a few passes. */
const SHOWN_LINES = 12;

/** A paragraph for each process that wrote anything, ended by a line end; empty when none did. */
export function renderLastWords(processes: readonly LastWords[]): string {
  return processes
    .filter(({ lines }) => lines.length > 0)
    .map(
      ({ name, lines }) =>
        `\n${name} wrote last:\n${lines
          .slice(-SHOWN_LINES)
          .map((line) => `  ${line}\n`)
          .join('')}`,
    )
    .join('');
}
