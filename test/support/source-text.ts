// Reads a source file the way its rules are meant: what is code, what is a comment, what is text. Not a parser: enough
// of TypeScript's lexical rules to never take a word in a comment or a string for code.

export interface SourceText {
  /** The code alone: comments are blank, every string literal is its number in `strings`, as `"7"`. Lines are kept. */
  readonly code: string;
  readonly strings: readonly string[];
}

const KEYWORDS_BEFORE_REGEX = /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|delete|throw|new|else|do)$/;

/** Splits a file into code and string literals. The expressions inside template literals are code. */
export function readSource(text: string): SourceText {
  const reading: Reading = { text, at: 0, code: '', strings: [] };
  for (; reading.at < text.length; reading.at += 1) readCode(reading);
  return { code: reading.code, strings: reading.strings };
}

interface Reading {
  readonly text: string;
  readonly strings: string[];
  at: number;
  code: string;
}

/** Reads up to the brace that closes what the caller opened, or to the end of the text. */
function readCode(reading: Reading): void {
  for (let depth = 0; reading.at < reading.text.length; ) {
    const char = reading.text[reading.at];
    if (readOpaque(reading)) continue;
    depth += char === '{' ? 1 : char === '}' ? -1 : 0;
    if (depth < 0) return;
    reading.code += char;
    reading.at += 1;
  }
}

/** Reads the comment, regular expression, string or template literal that starts here; false when none does. */
function readOpaque(reading: Reading): boolean {
  const { text, at } = reading;
  const end = skipTo(text, at, reading.code);
  if (end !== null) {
    reading.code += blank(text.slice(at, end));
    reading.at = end;
  } else if (text[at] === "'" || text[at] === '"') {
    reading.at = endOfQuoted(text, at);
    keepString(reading, at + 1, reading.at - 1);
  } else if (text[at] === '`') {
    readTemplate(reading);
  } else {
    return false;
  }
  return true;
}

function readTemplate(reading: Reading): void {
  for (let isOpen = true; isOpen; ) {
    const start = reading.at + 1;
    const part = endOfTemplatePart(reading.text, start);
    keepString(reading, start, part.end);
    isOpen = part.opensExpression;
    reading.at = part.end + (isOpen ? 2 : 1);
    if (isOpen) {
      reading.code += '+';
      readCode(reading);
      reading.code += '+';
    }
  }
}

/** Leaves the literal's number in the code, and its line ends, so that later lines keep their numbers. */
function keepString(reading: Reading, start: number, end: number): void {
  const content = reading.text.slice(start, end);
  reading.code += `"${reading.strings.push(content) - 1}"${content.replace(/[^\n]/g, '')}`;
}

/** Where the comment or regular expression that starts here ends; null when neither starts here. */
function skipTo(text: string, at: number, codeBefore: string): number | null {
  if (text.startsWith('//', at)) return orEnd(text.indexOf('\n', at), text);
  if (text.startsWith('/*', at)) return orEnd(text.indexOf('*/', at) + 2, text);
  if (text.startsWith('#!', at) && at === 0) return orEnd(text.indexOf('\n'), text);
  if (text[at] !== '/') return null;
  const before = codeBefore.trimEnd();
  if (!/[(,=:[!&|?{};+\-*%<>~^]$/.test(before) && before !== '' && !KEYWORDS_BEFORE_REGEX.test(before)) return null;
  return endOfRegex(text, at);
}

function endOfRegex(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') isInClass = true;
    else if (text[at] === ']') isInClass = false;
    else if (text[at] === '/' && !isInClass) return at + 1;
  }
  return text.length;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[start]) return at + 1;
  }
  return text.length;
}

function endOfTemplatePart(text: string, start: number): { end: number; opensExpression: boolean } {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return { end: at, opensExpression: false };
    else if (text.startsWith('${', at)) return { end: at, opensExpression: true };
  }
  return { end: text.length, opensExpression: false };
}

const orEnd = (index: number, text: string): number => (index < 2 ? text.length : index);
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
