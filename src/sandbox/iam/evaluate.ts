// Whether a policy allows an action, by IAM's own rules: nothing is allowed unless a statement says so, and one that
// denies wins. It reads as much of the language as our policies use, and refuses a policy with more in it rather than
// giving it another meaning.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import type { PolicyDocument, Statement } from '../../model/iam/document.ts';

/** One resource an action is about, with the condition keys it brings. */
export interface Target {
  /** `*` where the action is about no resource in particular. */
  readonly arn: string;
  /** By condition key: `ecs:cluster`. */
  readonly keys: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'not-allowed' | 'denied';

/** @param action as IAM writes it, `ecs:StopTask` */
export function decide({ Statement: statements }: PolicyDocument, action: string, target: Target): Decision {
  const fitting = statements.filter((statement) => fits(statement, action, target));
  if (fitting.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return fitting.length > 0 ? 'allowed' : 'not-allowed';
}

/** @throws Error for a policy that says something which is not understood here */
export function assertUnderstood({ Version, Statement: statements }: PolicyDocument): void {
  if (Version !== '2012-10-17') throw new Error(`a policy of version ${Version} is not understood here`);
  for (const statement of statements) {
    const strange = [
      ...Object.keys(statement).filter((element) => !ELEMENTS.has(element)),
      ...Object.keys(statement.Condition ?? {}).filter((operator) => !Object.hasOwn(OPERATORS, operator)),
      ...valuesIn(statement).filter((value) => value.includes('${')),
    ];
    if (strange.length > 0) throw new Error(`in a policy this is not understood here: ${strange.join(', ')}`);
  }
}

const ELEMENTS: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);

/** `Arn...` compares as text with wildcards: IAM does so for each of the six parts of an ARN by itself. */
const OPERATORS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (expected, value) => expected === value,
  StringLike: (pattern, value) => matches(pattern, value),
  ArnEquals: (pattern, value) => matches(pattern, value),
  ArnLike: (pattern, value) => matches(pattern, value),
};

function fits({ Action, Resource, Condition = {} }: Statement, action: string, { arn, keys }: Target): boolean {
  return (
    listed(Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    listed(Resource).some((pattern) => matches(pattern, arn)) &&
    Object.entries(Condition).every(([operator, expected]) => holds(operator, expected, keys))
  );
}

/** Every key must fit; one that the request does not bring fits nothing. */
function holds(operator: string, expected: Readonly<Record<string, string | readonly string[]>>, keys: Target['keys']) {
  const compare = OPERATORS[operator];
  const brought = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(expected).every(([key, values]) => {
    const value = brought.get(key.toLowerCase());
    return value !== undefined && listed(values).some((pattern) => compare?.(pattern, value) === true);
  });
}

/** `*` for any number of characters, `?` for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function listed(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one;
}

function valuesIn({ Action, Resource, Condition = {} }: Statement): string[] {
  const expected = Object.values(Condition).flatMap((keys) => Object.values(keys).flatMap(listed));
  return [...listed(Action), ...listed(Resource), ...expected];
}
