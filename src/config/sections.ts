// A list of sections: `- { cpu: 1024, memory: 2048 }`. Its mistakes are named key by key, at the line of each, because "this
// list is wrong" helps nobody.
import type { Fault, Format } from './format.ts';
import { describeSecret, describeValue } from './mistake.ts';
import { nearest } from './nearest.ts';

interface Fields {
  // Each field has a type of its own, so the table as a whole can only promise "some value".
  // biome-ignore lint/suspicious/noExplicitAny: Format is invariant in Value, so unknown would fit no format at all
  readonly [name: string]: Format<any>;
}

type Section<Required extends Fields, Optional extends Fields> = {
  readonly [Name in keyof Required]: Required[Name] extends Format<infer Value> ? Value : never;
} & {
  readonly [Name in keyof Optional]?: Optional[Name] extends Format<infer Value> ? Value : never;
};

/** A list of at most so many sections; in the environment as JSON. */
export function listOfSections<Required extends Fields, Optional extends Fields>(
  most: number,
  required: Required,
  optional: Optional,
): Format<readonly Section<Required, Optional>[]> {
  const fields: Fields = { ...required, ...optional };
  const sectionExpects = namesOf(required, optional);
  const expects = `a list of at most ${most}, each ${sectionExpects}`;
  // Where a section was meant a text may be the very secret that belongs into it.
  const whole = { isSecret: Object.values(fields).some(({ isSecret }) => isSecret === true) };
  const faultsOf = (value: unknown): Fault[] => {
    if (!Array.isArray(value) || value.length > most) return [fault([], { ...whole, expects }, value)];
    return value.flatMap((item: unknown, index) => {
      if (!isSection(item)) return [fault([index], { ...whole, expects: sectionExpects }, item)];
      return [...wrongFields(item, fields, index), ...missingFields(item, required, index)];
    });
  };
  return {
    expects,
    accepts: (value): value is readonly Section<Required, Optional>[] => faultsOf(value).length === 0,
    faultsOf,
    fromText: fromJson,
  };
}

function wrongFields(section: object, fields: Fields, index: number): Fault[] {
  return Object.entries(section).flatMap(([name, value]) => {
    const format = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (format === undefined) return [{ at: [index, name], problem: unknownField(name, fields) }];
    return format.accepts(value) ? [] : [fault([index, name], format, value)];
  });
}

function missingFields(section: object, required: Fields, index: number): Fault[] {
  return Object.entries(required)
    .filter(([name]) => !Object.hasOwn(section, name))
    .map(([name, format]) => fault([index, name], format, undefined));
}

function unknownField(name: string, fields: Fields): string {
  const meant = nearest(name, Object.keys(fields));
  return meant === null ? 'unknown key' : `unknown key; did you mean ${meant}?`;
}

function namesOf(required: Fields, optional: Fields): string {
  const [needed, others] = [Object.keys(required).join(', '), Object.keys(optional).join(', ')];
  return `a section with ${needed}${others === '' ? '' : `, and if need be ${others}`}`;
}

function fault(at: Fault['at'], asked: { expects: string; isSecret?: boolean }, found: unknown): Fault {
  const described = asked.isSecret === true ? describeSecret(found) : describeValue(found);
  return { at, problem: `expected ${asked.expects}, found ${described}` };
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is no JSON stays a text and is refused as one. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
