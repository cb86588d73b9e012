// Sets of characters, as a regular expression names them. Characters are UTF-16 code units: what ECS allows in the values
// that are matched is ASCII.

export type CharSet = (code: number) => boolean;

export const ANY: CharSet = () => true;

/** One character or a run of them; with `ignoresCase` also what differs from them in case alone (ASCII, as in Java). */
export function range(first: number, last: number, ignoresCase: boolean): CharSet {
  if (!ignoresCase) return (code) => code >= first && code <= last;
  return (code) => {
    const other = otherCase(code);
    return (code >= first && code <= last) || (other >= first && other <= last);
  };
}

export function either(sets: readonly CharSet[]): CharSet {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  return (code) => sets.some((has) => has(code));
}

export function both(sets: readonly CharSet[]): CharSet {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  return (code) => sets.every((has) => has(code));
}

export function noneOf(set: CharSet): CharSet {
  return (code) => !set(code);
}

export function isWord(code: number): boolean {
  return WORD.test(String.fromCharCode(code));
}

/** `\d`, `\w` and their like by their letter; a capital is the complement. null when Java has no such class. */
export function shorthand(letter: string): CharSet | null {
  const isComplement = letter >= 'A' && letter <= 'Z';
  const has = SHORTHANDS.get(letter.toLowerCase());
  if (has === undefined) return null;
  return tested(has, isComplement);
}

/**
 * `\p{Alpha}` by its name; null for a name outside the POSIX classes and the plain Unicode ones.
 * https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
 */
export function property(name: string, isComplement: boolean, ignoresCase: boolean): CharSet | null {
  const asked = ignoresCase ? (CASED.get(name) ?? name) : name;
  const has = POSIX.get(asked) ?? PROPERTIES.get(asked) ?? CATEGORIES.get(asked.replace(/^Is/, ''));
  return has === undefined ? null : tested(has, isComplement);
}

function tested(has: RegExp, isComplement: boolean): CharSet {
  return (code) => has.test(String.fromCharCode(code)) !== isComplement;
}

function otherCase(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code + 0x20;
  return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
}

const WORD = /^[A-Za-z0-9_]$/;

const SHORTHANDS = new Map<string, RegExp>(
  Object.entries({
    d: /^[0-9]$/,
    w: WORD,
    s: /^[ \t\n\v\f\r]$/,
    h: /^[ \t\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]$/,
    v: /^[\n\v\f\r\u0085\u2028\u2029]$/,
  }),
);

const POSIX = new Map<string, RegExp>(
  Object.entries({
    Lower: /^[a-z]$/,
    Upper: /^[A-Z]$/,
    ASCII: /^[\0-\x7f]$/,
    Alpha: /^[A-Za-z]$/,
    Digit: /^[0-9]$/,
    Alnum: /^[A-Za-z0-9]$/,
    Punct: /^[!-/:-@[-`{-~]$/,
    Graph: /^[!-~]$/,
    Print: /^[ -~]$/,
    Blank: /^[ \t]$/,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the class is about
    Cntrl: /^[\0-\x1f\x7f]$/,
    XDigit: /^[0-9A-Fa-f]$/,
    Space: /^[ \t\n\v\f\r]$/,
  }),
);

/** Unicode categories, which Java takes with and without `Is`. */
const CATEGORIES = new Map<string, RegExp>(
  Object.entries({
    L: /^\p{L}$/u,
    Lu: /^\p{Lu}$/u,
    Ll: /^\p{Ll}$/u,
    M: /^\p{M}$/u,
    N: /^\p{N}$/u,
    Nd: /^\p{Nd}$/u,
    P: /^\p{P}$/u,
    S: /^\p{S}$/u,
    Z: /^\p{Z}$/u,
    C: /^\p{C}$/u,
  }),
);

const PROPERTIES = new Map<string, RegExp>(
  Object.entries({
    IsAlphabetic: /^\p{Alphabetic}$/u,
    IsLowercase: /^\p{Lowercase}$/u,
    IsUppercase: /^\p{Uppercase}$/u,
  }),
);

/** What these mean while case is ignored. */
const CASED: ReadonlyMap<string, string> = new Map([
  ['Lower', 'Alpha'],
  ['Upper', 'Alpha'],
  ['Lu', 'L'],
  ['Ll', 'L'],
  ['IsLowercase', 'IsAlphabetic'],
  ['IsUppercase', 'IsAlphabetic'],
]);
