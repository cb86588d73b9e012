// The convict schema behind a table of settings: nesting, defaults, documentation and the last, strict validation. Values
// come to it typed and judged, because convict alone would take "5s" for 5 and every text but "false" for true.
import convict from 'convict';
import type { Settings } from './settings.ts';

/**
 * The defaults with the given values over them, by dotted key.
 * @param isPartial some value is missing or was refused, so the whole cannot be valid and is not checked
 * @throws Error from convict when a value breaks its format: settings that were judged wrongly, a bug
 */
export function merge(
  table: Settings,
  given: ReadonlyMap<string, unknown>,
  isPartial: boolean,
): Readonly<Record<string, unknown>> {
  const config = convict<Record<string, unknown>>(convictSchema(table), { env: {}, args: [] });
  // Defaults are set like everything else: beside a default of its own convict would turn a text into that one's type.
  for (const [key, { default: value = null }] of Object.entries(table)) config.set(key, value);
  for (const [key, value] of given) config.set(key, value);
  if (!isPartial) config.validate({ allowed: 'strict' });
  return Object.fromEntries(Object.keys(table).map((key) => [key, config.get(key)]));
}

function convictSchema(table: Settings): convict.Schema<Record<string, unknown>> {
  const root = new Section();
  for (const [key, { doc, format }] of Object.entries(table)) {
    const check = (value: unknown): void => {
      if (!format.accepts(value)) throw new Error(`expected ${format.expects}`);
    };
    root.put(key.split('.'), { doc, format: check, default: null });
  }
  return root.fields as convict.Schema<Record<string, unknown>>; // Nested from data, so no type can follow it.
}

/** A schema under construction: dotted keys become nested objects. */
class Section {
  readonly fields: Record<string, unknown> = {};
  readonly #sections = new Map<string, Section>();

  put([name = '', ...rest]: readonly string[], leaf: object): void {
    if (rest.length === 0) {
      this.fields[name] = leaf;
      return;
    }
    const section = this.#sections.get(name) ?? new Section();
    this.#sections.set(name, section);
    this.fields[name] = section.fields;
    section.put(rest, leaf);
  }
}
