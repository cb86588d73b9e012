// How a page keeps to its width: lines that wrap, lists that end. It knows nothing of what is on the page.

/** As wide as prose gets, and as wide as a page that no terminal bounds. */
export const PAGE_WIDTH = 100;

/**
 * The text in lines of at most `width`, those after the first indented by `hanging` blanks. A word that is longer than a
 * line stays whole: ids are there to be copied.
 */
export function wrap(text: string, width: number, hanging = 0): string {
  const most = Math.min(width, PAGE_WIDTH);
  const start = text.search(/[^ ]|$/);
  const lines: string[] = [];
  // The blanks a text begins with are its indent, not a word.
  const [first = '', ...words] = text.slice(start).split(' ');
  let line = ' '.repeat(start) + first;
  for (const word of words) {
    if (line.length + 1 + word.length <= most) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = ' '.repeat(hanging) + word;
    }
  }
  return [...lines, line].join('\n');
}

/** The first `most`, and in words how many more there are: `a, b and 3 more`. */
export function listed(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** A heading and a line for each item, wrapped; of a long list the first `most` and how many there are besides. */
export function section(heading: string, lines: readonly string[], width: number, most = 20): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, most).map((line) => wrap(`  ${line}`, width, 4));
  const rest = lines.length > most ? [`  and ${lines.length - most} more; --json has them all`] : [];
  return [wrap(heading, width), ...shown, ...rest].join('\n');
}

/** A, B, ... Z, AA, AB, ...: short names for the columns and rows of one page. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${letterOf(Math.floor(index / 26) - 1)}${last}`;
}
