// A configuration file as keys with their lines. It knows YAML and nothing of what the keys mean; JSON is YAML too.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Mistake } from './mistake.ts';
import { readSmallFile } from './small-file.ts';

// Nothing of ours goes deeper than ten. Past a few hundred the package's recursion may run out of stack inside the engine
// itself, which then aborts the process: nothing can catch that, so such a text must not get there.
const DEEPEST = 100;

/** One key of a file. */
export interface Entry {
  readonly name: string;
  readonly line: number;
  /** The value as plain data. */
  readonly value: unknown;
  /** The keys below it when the value is a section, null otherwise. */
  readonly entries: readonly Entry[] | null;
  /** The line of something inside the value, by positions and keys; of what it would be in when it is not there. */
  lineOf(at: readonly (string | number)[]): number;
}

/** What a file holds, or what is wrong with it as a whole. Never throws for what an operator can write. */
export function readYamlFile(path: string): { entries: readonly Entry[]; mistakes: readonly Mistake[] } {
  const wrong = (problem: string, line: number | null = null) => ({
    entries: [],
    mistakes: [{ source: path, line, key: null, problem }],
  });
  const file = readSmallFile(path);
  if ('problem' in file) return wrong(file.problem);
  const { text } = file;
  if (isTooDeep(text)) return wrong(`keys and lists are nested too deep; expected at most ${DEEPEST} levels`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const mistakes = document.errors.map((error) => ({
      source: path,
      line: lines.linePos(error.pos[0]).line,
      key: null,
      problem: error.code === 'DUPLICATE_KEY' ? 'this key is given twice' : `not valid YAML: ${oneLine(error.message)}`,
    }));
    return { entries: [], mistakes };
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return wrong('the file is empty; expected keys and values');
  }
  if (!isMap(document.contents)) return wrong('expected keys and values, as in "name: value"', 1);
  try {
    return { entries: entriesOf(document.contents, document, lines), mistakes: [] };
  } catch (error) {
    return wrong(`not valid YAML: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
}

function entriesOf(map: YAMLMap, document: Document, lines: LineCounter): Entry[] {
  return map.items.map(({ key, value }) => {
    // What the parser makes of a file holds nodes only; plain values stand there only in documents made by hand.
    const [keyNode, valueNode] = [key as Node, value as Node | null];
    const lineOf = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line;
    return {
      name: nameOf(keyNode),
      line: lineOf(keyNode),
      value: valueNode === null ? null : valueNode.toJS(document, { maxAliasCount: 100 }),
      entries: isMap(valueNode) ? entriesOf(valueNode, document, lines) : null,
      lineOf: (at) => lineOf(nodeNear(keyNode, valueNode, at)),
    };
  });
}

/** The key or item at this place inside a value, or the innermost one around it that is there. */
function nodeNear(keyNode: Node, valueNode: Node | null, at: readonly (string | number)[]): Node {
  let [near, inside] = [keyNode, valueNode];
  for (const step of at) {
    // As above: nodes only.
    if (isSeq(inside)) {
      const item = inside.items[Number(step)] as Node | undefined;
      if (item === undefined) return near;
      [near, inside] = [item, item];
    } else if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => nameOf(key as Node) === step);
      if (pair === undefined) return near;
      [near, inside] = [pair.key as Node, pair.value as Node | null];
    } else return near;
  }
  return near;
}

const nameOf = (keyNode: Node): string => String(isScalar(keyNode) ? keyNode.value : keyNode);

/** By the package's own first half, which keeps what is open in a list and does not call itself for it. */
function isTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const token of new Lexer().lex(text)) {
    // What it makes of the text is of no use here, but it goes on only as long as it is asked for it.
    Array.from(parser.next(token));
    if (parser.stack.length > DEEPEST) return true;
  }
  return false;
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
