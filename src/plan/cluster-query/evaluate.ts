// Answers a cluster query about one instance: yes, no, or unknown while it depends on what is not known of the instance.
//
// What AWS does not document, and what is taken here (nothing else depends on it):
// - A comparison needs a value for which it holds. An attribute that is absent satisfies `!=`, `!in` and `!~` as little
//   as their opposites; only `!exists` and `not(...)` do. Seen in ListContainerInstances with `attribute:retiring != true`
//   (https://github.com/aws/containers-roadmap/issues/486). Likewise `task:group != a` asks for a task of another group,
//   and AWS writes "no such task" as `not(task:group == a)`.
// - `=~` must match the value as a whole, as `matches` does in Java. AWS's only example, `g2.*`, holds either way.
// - `<` and its like over attributes and groups compare as numbers or as text; where the two differ, the answer is unknown.
// - `registeredAt ==` a date means that very instant; within the second or the day that was written, it is unknown.
// - Text is compared with its case.
import type { Comparison, Expression, Field, Operator } from './expression.ts';
import { patternOf } from './patterns.ts';
import { compareVersions, instantOf } from './values.ts';

export type Answer = 'yes' | 'no' | 'unknown';

/** An instance, as far as it is known; undefined is what is not known. */
export interface QuerySubject {
  /** null when the instance has no such attribute, the empty string when it has it without a value. */
  attribute(name: string): string | null | undefined;
  readonly ec2InstanceId: string | undefined;
  readonly agentConnected: boolean | undefined;
  readonly agentVersion: string | undefined;
  /** Epoch milliseconds. */
  readonly registeredAt: number | undefined;
  readonly runningTasksCount: number | undefined;
  /** The groups of which a task stands there. */
  readonly taskGroups: ReadonlySet<string> | undefined;
}

/** Kleene's three values: what is unknown never becomes a yes, nor a no, unless the rest decides alone. */
export function evaluate(expression: Expression, subject: QuerySubject): Answer {
  switch (expression.kind) {
    case 'comparison':
      return compared(expression, subject);
    case 'not':
      return negated(evaluate(expression.inner, subject));
    case 'and':
      return strongest('no', expression.terms, subject);
    case 'or':
      return strongest('yes', expression.terms, subject);
    default:
      return expression satisfies never;
  }
}

/** One term decides alone; otherwise one that is unknown leaves it open. */
function strongest(deciding: 'yes' | 'no', terms: readonly Expression[], subject: QuerySubject): Answer {
  let answer = negated(deciding);
  for (const term of terms) {
    const each = evaluate(term, subject);
    if (each === deciding) return deciding;
    if (each === 'unknown') answer = 'unknown';
  }
  return answer;
}

function negated(answer: Answer): Answer {
  if (answer === 'unknown') return 'unknown';
  return answer === 'yes' ? 'no' : 'yes';
}

function compared({ subject: asked, operator, values }: Comparison, subject: QuerySubject): Answer {
  const present = asked.kind === 'attribute' ? attributeOf(subject, asked.name) : valuesOf(subject, asked.field);
  if (present === undefined) return 'unknown';
  if (operator === 'exists') return said(present.length > 0);
  if (operator === 'not_exists') return said(present.length === 0);
  const test = asked.kind === 'attribute' ? heldByText : TEST_OF[asked.field];
  // Of several task groups one that satisfies it is enough.
  const answers = present.map((value) => test(value, operator, values));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

function attributeOf(subject: QuerySubject, name: string): readonly string[] | undefined {
  const value = subject.attribute(name);
  if (value === undefined) return undefined;
  return value === null ? [] : [value];
}

function valuesOf(subject: QuerySubject, field: Field): readonly string[] | undefined {
  if (field === 'task:group') return subject.taskGroups && [...subject.taskGroups];
  const value = subject[field];
  return value === undefined ? undefined : [String(value)];
}

type Test = (present: string, operator: Operator, values: readonly string[]) => Answer;

const TEST_OF: Readonly<Record<Field, Test>> = {
  agentConnected: heldByText,
  agentVersion: (present, operator, [value = '']) => ordered(operator, compareVersions(present, value)),
  ec2InstanceId: heldByText,
  registeredAt: (present, operator, [value = '']) => heldByInstant(Number(present), operator, value),
  runningTasksCount: (present, operator, [value = '']) => ordered(operator, Number(present) - Number(value)),
  'task:group': heldByText,
};

function heldByText(present: string, operator: Operator, values: readonly string[]): Answer {
  const [value = ''] = values;
  switch (operator) {
    case 'equals':
    case 'in':
      return said(values.includes(present));
    case 'not_equals':
    case 'not_in':
      return said(!values.includes(present));
    case 'matches':
      return matched(present, value);
    case 'not_matches':
      return negated(matched(present, value));
    default: {
      const asText = ordered(operator, present === value ? 0 : present < value ? -1 : 1);
      const asNumbers = ordered(operator, numberOf(present) - numberOf(value));
      return Number.isNaN(numberOf(present) - numberOf(value)) || asText === asNumbers ? asText : 'unknown';
    }
  }
}

function numberOf(text: string): number {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function matched(present: string, text: string): Answer {
  const pattern = patternOf(text);
  // A parsed expression holds no faulty pattern; one made by hand may, and then nothing is known.
  return 'why' in pattern ? 'unknown' : said(pattern.matches(present));
}

function heldByInstant(present: number, operator: Operator, value: string): Answer {
  const from = instantOf(value);
  if (from === null) return 'unknown';
  const until = from + (value.includes('T') ? 1_000 : 86_400_000);
  const isEquality = operator === 'equals' || operator === 'not_equals';
  return isEquality && present > from && present < until ? 'unknown' : ordered(operator, present - from);
}

/** What the operator makes of the sign of a difference; unknown when there is no saying. */
function ordered(operator: Operator, difference: number | null): Answer {
  if (difference === null || Number.isNaN(difference)) return 'unknown';
  switch (operator) {
    case 'equals':
      return said(difference === 0);
    case 'not_equals':
      return said(difference !== 0);
    case 'greater_than':
      return said(difference > 0);
    case 'greater_than_equal':
      return said(difference >= 0);
    case 'less_than':
      return said(difference < 0);
    case 'less_than_equal':
      return said(difference <= 0);
    default:
      // The parser allows no other operator where things are ordered.
      return 'unknown';
  }
}

function said(isSo: boolean): Answer {
  return isSo ? 'yes' : 'no';
}
