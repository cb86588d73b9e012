// A configuration file as keys with their lines. It knows YAML and nothing of what the keys mean; JSON is YAML too.
import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Mistake } from './mistake.ts';

/** One key of a file. */
export interface Entry {
  readonly name: string;
  readonly line: number;
  /** The value as plain data. */
  readonly value: unknown;
  /** The keys below it when the value is a section, null otherwise. */
  readonly entries: readonly Entry[] | null;
}

/** What a file holds, or what is wrong with it as a whole. Never throws for what an operator can write. */
export function readYamlFile(path: string): { entries: readonly Entry[]; mistakes: readonly Mistake[] } {
  const wrong = (problem: string, line: number | null = null) => ({
    entries: [],
    mistakes: [{ source: path, line, key: null, problem }],
  });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return wrong(reasonUnreadable(error));
  }
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
    return {
      name: String(isScalar(keyNode) ? keyNode.value : keyNode),
      line: lines.linePos(keyNode.range?.[0] ?? 0).line,
      value: valueNode === null ? null : valueNode.toJS(document, { maxAliasCount: 100 }),
      entries: isMap(valueNode) ? entriesOf(valueNode, document, lines) : null,
    };
  });
}

function reasonUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read the file';
  if (code === 'EISDIR') return 'this is a directory, expected a file';
  return `the file cannot be read (${code ?? String(error)})`;
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
