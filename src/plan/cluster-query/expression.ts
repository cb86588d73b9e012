// A cluster query as data: what `memberOf` constraints ask about an instance, once read and before it is answered.
// Subjects and operators: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html

export type Expression = Comparison | Not | AllOf | AnyOf;

export interface Comparison {
  readonly kind: 'comparison';
  readonly subject: Subject;
  readonly operator: Operator;
  /** None for `exists`, any number for `in`, otherwise one; a value that is a version, a date or a number is a valid one. */
  readonly values: readonly string[];
}

export interface Not {
  readonly kind: 'not';
  readonly inner: Expression;
}

export interface AllOf {
  readonly kind: 'and';
  readonly terms: readonly Expression[];
}

export interface AnyOf {
  readonly kind: 'or';
  readonly terms: readonly Expression[];
}

export type Field =
  | 'agentConnected'
  | 'agentVersion'
  | 'ec2InstanceId'
  | 'registeredAt'
  | 'runningTasksCount'
  | 'task:group';

export type Subject =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'attribute'; readonly name: string };

/** How many values an operator takes, as its argument is written. */
type Argument = 'none' | 'value' | 'list' | 'pattern';

/** Every operator by its word, with its sign; `exists` and `in` have none of their own. */
export const OPERATORS = {
  equals: { sign: '==', argument: 'value' },
  not_equals: { sign: '!=', argument: 'value' },
  greater_than: { sign: '>', argument: 'value' },
  greater_than_equal: { sign: '>=', argument: 'value' },
  less_than: { sign: '<', argument: 'value' },
  less_than_equal: { sign: '<=', argument: 'value' },
  exists: { sign: 'exists', argument: 'none' },
  not_exists: { sign: '!exists', argument: 'none' },
  in: { sign: 'in', argument: 'list' },
  not_in: { sign: '!in', argument: 'list' },
  matches: { sign: '=~', argument: 'pattern' },
  not_matches: { sign: '!~', argument: 'pattern' },
} as const satisfies Record<string, { readonly sign: string; readonly argument: Argument }>;

export type Operator = keyof typeof OPERATORS;

// The tuple of keys is what the table above is made of; Object.keys only knows that they are strings.
export const OPERATOR_NAMES = Object.keys(OPERATORS) as Operator[];

const TEXT: readonly Operator[] = ['equals', 'not_equals', 'in', 'not_in', 'matches', 'not_matches'];
const ORDERED: readonly Operator[] = [
  'equals',
  'not_equals',
  'greater_than',
  'greater_than_equal',
  'less_than',
  'less_than_equal',
];

/** What AWS lists as valid for each subject. For `task:group` and attributes it lists nothing, so all are. */
export const OPERATORS_OF: Readonly<Record<Field | 'attribute', readonly Operator[]>> = {
  agentConnected: TEXT,
  agentVersion: ORDERED,
  ec2InstanceId: TEXT,
  registeredAt: ORDERED,
  runningTasksCount: ORDERED,
  'task:group': OPERATOR_NAMES,
  attribute: OPERATOR_NAMES,
};

export interface NamesAsked {
  readonly attributes: ReadonlySet<string>;
  /** Asks which task groups stand on the instance (`task:group`). */
  readonly asksAboutTasks: boolean;
  /** Asks about anything else that is of the single instance: its id, its ECS agent, its age, its number of tasks. */
  readonly asksAboutInstance: boolean;
}

/** What an answer to the expression depends on. */
export function namesAskedBy(expression: Expression): NamesAsked {
  const subjects = subjectsOf(expression);
  const fields = subjects.flatMap((subject) => (subject.kind === 'field' ? [subject.field] : []));
  return {
    attributes: new Set(subjects.flatMap((subject) => (subject.kind === 'attribute' ? [subject.name] : []))),
    asksAboutTasks: fields.includes('task:group'),
    asksAboutInstance: fields.some((field) => field !== 'task:group'),
  };
}

function subjectsOf(expression: Expression): Subject[] {
  switch (expression.kind) {
    case 'comparison':
      return [expression.subject];
    case 'not':
      return subjectsOf(expression.inner);
    case 'and':
    case 'or':
      return expression.terms.flatMap(subjectsOf);
    default:
      return expression satisfies never;
  }
}
