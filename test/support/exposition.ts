// Reads Prometheus's text format, version 0.0.4, and takes nothing that the format does not say.
// https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Page {
  /** HELP texts by name. */
  readonly help: ReadonlyMap<string, string>;
  readonly type: ReadonlyMap<string, string>;
  readonly series: readonly Series[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"';
const HELP_LINE = new RegExp(`^# HELP (${NAME}) (.+)$`);
const TYPE_LINE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE_LINE = new RegExp(
  `^(${NAME})(?:\\{((?:${LABEL}(?:,|(?=\\})))*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|[+-]Inf|NaN)$`,
);

/** @throws Error that names the first line that is not of the format, or breaks one of its rules */
export function readExposition(text: string): Page {
  if (!text.endsWith('\n')) throw new Error('the last line has no line end');
  const page = { help: new Map<string, string>(), type: new Map<string, string>(), series: [] as Series[] };
  const seen = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    if (line === '') continue;
    const [help, type, sample] = [HELP_LINE.exec(line), TYPE_LINE.exec(line), SAMPLE_LINE.exec(line)];
    if (help !== null) once(page.help, help, line);
    else if (type !== null) once(page.type, type, line);
    else if (sample !== null) page.series.push(readSample(sample, page, seen, line));
    else throw new Error(`not a line of the format: ${line}`);
  }
  return page;
}

function once(kept: Map<string, string>, [, name = '', text = '']: RegExpExecArray, line: string): void {
  if (kept.has(name)) throw new Error(`given twice: ${line}`);
  kept.set(name, text);
}

function readSample(match: RegExpExecArray, { help, type }: Page, seen: Set<string>, line: string): Series {
  const [, name = '', labelText = ''] = match;
  if (!help.has(name) || !type.has(name)) throw new Error(`no HELP and TYPE before: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, label = '', value = ''] of labelText.matchAll(new RegExp(LABEL, 'g'))) {
    if (label in labels) throw new Error(`a label twice: ${line}`);
    labels[label] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  const key = JSON.stringify([name, Object.entries(labels).sort()]);
  if (seen.has(key)) throw new Error(`the same series twice: ${line}`);
  seen.add(key);
  return { name, labels, value: Number(match.at(-1)?.replace('Inf', 'Infinity')) };
}
