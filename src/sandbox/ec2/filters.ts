// EC2's filters: all filters must match, any value of a filter is enough, `*` and `?` are wildcards and `\` escapes them.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
import { ApiError, type ApiInput } from '../api.ts';
import { invalidValue, plain } from './input.ts';

const MAX_VALUES = 200;

interface Filter {
  readonly name: string;
  readonly patterns: readonly RegExp[];
}

/** The items that pass every filter of the request. Throws `InvalidParameterValue` for a filter the action has not. */
export function applyFilters<Item>(
  input: ApiInput,
  items: readonly Item[],
  isKnown: (name: string) => boolean,
  valuesOf: (item: Item, name: string) => readonly string[],
): Item[] {
  const filters = readFilters(input);
  const unknown = filters.find(({ name }) => !isKnown(name));
  if (unknown !== undefined) throw invalidValue(`The filter '${unknown.name}' is invalid`);
  return items.filter((item) =>
    filters.every(({ name, patterns }) =>
      valuesOf(item, name).some((value) => patterns.some((pattern) => pattern.test(value))),
    ),
  );
}

function readFilters(input: ApiInput): Filter[] {
  const given: unknown = input.Filter;
  if (!Array.isArray(given)) return [];
  const filters = given.map(readFilter);
  const values = filters.reduce((sum, { patterns }) => sum + patterns.length, 0);
  if (values > MAX_VALUES) {
    throw new ApiError('FilterLimitExceeded', `The maximum number of filter values on a single call is ${MAX_VALUES}`);
  }
  return filters;
}

function readFilter(given: unknown): Filter {
  // A group of the form, or a plain text where a group belongs; either can be asked for fields it lacks.
  const { Name: name, Value: values } = (given ?? {}) as { Name?: unknown; Value?: unknown };
  if (typeof name !== 'string' || !Array.isArray(values)) throw invalidValue('A filter needs a name and values');
  return { name, patterns: values.map((value) => patternOf(plain(value, 'Filter.Value'))) };
}

function patternOf(value: string): RegExp {
  const source = value.replace(/\\[*?\\]|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    return found.startsWith('\\') && found.length > 1 ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 's');
}
