// How the values of subjects that have an order are read and compared: versions, instants, counts, and text.

/** Negative, zero or positive; null when one side is no such value. */
export type Comparison = (value: string, argument: string) => number | null;

/** `1.94.0`, part by part; a missing part is 0. */
export function compareVersions(value: string, argument: string): number | null {
  const [a, b] = [versionOf(value), versionOf(argument)];
  if (a === null || b === null) return null;
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function compareNumbers(value: string, argument: string): number | null {
  const isNumber = [value, argument].every((text) => /^-?\d+(\.\d+)?$/.test(text));
  return isNumber ? Number(value) - Number(argument) : null;
}

/** Numbers by size, everything else by code units: AWS does not say how `>` orders attribute values. */
export function compareTexts(value: string, argument: string): number {
  const byNumber = compareNumbers(value, argument);
  if (byNumber !== null) return byNumber;
  return value < argument ? -1 : value === argument ? 0 : 1;
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Epoch milliseconds of `2018-06-18`, `2018-06-18T22:28:28`, the latter also with `Z` or an offset; UTC when it names none. */
export function instantOf(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  const hasZone = !text.includes('T') || /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(11));
  const at = Date.parse(hasZone ? text : `${text}Z`);
  // A 30th of February is read as the 2nd of March.
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  return Number.isNaN(at) || day.getUTCDate() !== Number(text.slice(8, 10)) ? null : at;
}

function versionOf(text: string): number[] | null {
  return /^\d+(\.\d+)*$/.test(text) ? text.split('.').map(Number) : null;
}
