// Cluster queries for tests: a subject of which little is known, an expression written back as text, arbitrary ones.
import fc from 'fast-check';
import type { QuerySubject } from '../../src/plan/cluster-query/evaluate.ts';
import {
  type Comparison,
  type Expression,
  type Field,
  OPERATORS,
  OPERATORS_OF,
  type Subject,
} from '../../src/plan/cluster-query/expression.ts';

/** Attributes as named; nothing else is known. */
export function anInstance(
  attributes: Readonly<Record<string, string>> = {},
  known: Partial<Omit<QuerySubject, 'attribute'>> = {},
): QuerySubject {
  return {
    attribute: (name) => attributes[name] ?? null,
    ec2InstanceId: undefined,
    agentConnected: undefined,
    agentVersion: undefined,
    registeredAt: undefined,
    runningTasksCount: undefined,
    taskGroups: undefined,
    ...known,
  };
}

/** Which of the ways AWS gives a query is written in. */
export interface Spelling {
  /** `equals` and `not_in` instead of `==` and `!in`. */
  readonly hasNamedOperators: boolean;
  /** `&&`, `||` and `!` instead of `and`, `or` and `not`. */
  readonly hasJoinsAsSigns: boolean;
  /** Values stand without quotes, those that can. */
  readonly isBare: boolean;
}

export const spellings: fc.Arbitrary<Spelling> = fc.record({
  hasNamedOperators: fc.boolean(),
  hasJoinsAsSigns: fc.boolean(),
  isBare: fc.boolean(),
});

const PLAIN: Spelling = { hasNamedOperators: false, hasJoinsAsSigns: false, isBare: false };

/** The text that reads as the expression, with every group in parentheses. */
export function written(expression: Expression, spelling: Spelling = PLAIN): string {
  const { hasJoinsAsSigns } = spelling;
  const within = (inner: Expression): string => written(inner, spelling);
  switch (expression.kind) {
    case 'comparison':
      return writtenComparison(expression, spelling);
    case 'not':
      return `${hasJoinsAsSigns ? '!' : 'not'}(${within(expression.inner)})`;
    case 'and':
    case 'or':
      return expression.terms
        .map((term) => (term.kind === 'and' || term.kind === 'or' ? `(${within(term)})` : within(term)))
        .join(hasJoinsAsSigns ? { and: '&&', or: '||' }[expression.kind] : ` ${expression.kind} `);
    default:
      return expression satisfies never;
  }
}

function writtenComparison({ subject, operator, values }: Comparison, spelling: Spelling): string {
  const { sign, argument } = OPERATORS[operator];
  const canBeBare = argument === 'pattern' ? /^[^\s'"]+$/ : /^[\w.:+/-]+$/;
  const literals = values.map((value) => {
    if (spelling.isBare && canBeBare.test(value)) return value;
    return value.includes("'") ? `"${value}"` : `'${value}'`;
  });
  const named = subject.kind === 'attribute' ? `attribute:${subject.name}` : subject.field;
  const head = `${named} ${spelling.hasNamedOperators ? operator : sign}`;
  return argument === 'list' ? `${head} [${literals.join(', ')}]` : [head, ...literals].join(' ');
}

const VALUES: Readonly<Record<Field | 'attribute', fc.Arbitrary<string>>> = {
  agentConnected: fc.constantFrom('true', 'false'),
  agentVersion: fc.constantFrom('1.9.0', '1.10.0', '1.14.5', '2'),
  ec2InstanceId: fc.constantFrom('i-1', 'i-2'),
  registeredAt: fc.constantFrom(
    '2018-06-18',
    '2018-06-18T22:28:28',
    '2018-06-18T22:28:28Z',
    '2018-06-18T22:28:28+02:00',
  ),
  runningTasksCount: fc.constantFrom('0', '1', '10'),
  'task:group': fc.constantFrom('service:web', 'family:job', "it's"),
  attribute: fc.constantFrom('a', 'b', '10', '9', '', 'two words', 'in'),
};

// What Java, RE2 and JavaScript read alike.
const atoms = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\W', '\\.', '^', '$', '\\b', '5');
const repeats = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0,1}', '{1,}');

/** Regular expressions without spaces, over the characters `a`, `b`, `5` and what is none of them. */
export const { patterns } = fc.letrec<{ patterns: string }>((tie) => ({
  patterns: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(atoms, repeats).map(([atom, repeat]) => (/^[\^$]|\\b/.test(atom) ? atom : atom + repeat)),
    fc.array(tie('patterns'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('(', '(?:'), tie('patterns'), tie('patterns'), fc.boolean(), repeats)
      .map(([open, left, right, isChoice, repeat]) => `${open}${isChoice ? `${left}|${right}` : left})${repeat}`),
  ),
}));
const PATTERNS = fc.oneof(
  patterns,
  fc.constantFrom('m5.*', '(c|m)5[ad]?\\.large', '(m[4,5]|p[2]).*', '(?i)A', '[^ab]+', 'a b', ''),
);

const fields = fc.constantFrom<Field>(
  'agentConnected',
  'agentVersion',
  'ec2InstanceId',
  'registeredAt',
  'runningTasksCount',
  'task:group',
);
const subjects: fc.Arbitrary<Subject> = fc.oneof(
  fields.map((field): Subject => ({ kind: 'field', field })),
  fc.constantFrom('ecs.instance-type', 'x', 'team/a_b').map((name): Subject => ({ kind: 'attribute', name })),
);

export const comparisons: fc.Arbitrary<Comparison> = subjects.chain((subject) => {
  const asked = subject.kind === 'field' ? subject.field : 'attribute';
  return fc.constantFrom(...OPERATORS_OF[asked]).chain((operator) => {
    const { argument } = OPERATORS[operator];
    const values: fc.Arbitrary<readonly string[]> =
      argument === 'none'
        ? fc.constant([])
        : argument === 'list'
          ? fc.array(VALUES[asked], { minLength: 1, maxLength: 3 })
          : fc.tuple(argument === 'pattern' ? PATTERNS : VALUES[asked]);
    return values.map((each): Comparison => ({ kind: 'comparison', subject, operator, values: each }));
  });
});

export const { expressions } = fc.letrec<{ expressions: Expression }>((tie) => ({
  expressions: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparisons,
    tie('expressions').map((inner): Expression => ({ kind: 'not', inner })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('expressions'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, terms]): Expression => ({ kind, terms })),
  ),
}));

const orUnknown = <T>(known: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(known, { nil: undefined });

/** An instance of which anything may be unknown, absent or strange. */
export const querySubjects: fc.Arbitrary<QuerySubject> = fc
  .record({
    attributes: fc.dictionary(
      fc.constantFrom('ecs.instance-type', 'x', 'team/a_b'),
      fc.option(fc.constantFrom('m5.large', 'a', '10', '9', ''), { nil: undefined }),
    ),
    ec2InstanceId: orUnknown(fc.constantFrom('i-1', 'i-3')),
    agentConnected: orUnknown(fc.boolean()),
    agentVersion: orUnknown(fc.constantFrom('1.9.0', '1.75.0', 'next', '')),
    registeredAt: orUnknown(
      fc.constantFrom(0, Date.parse('2018-06-18T22:28:28.5Z'), Date.parse('2018-06-18'), Number.NaN),
    ),
    runningTasksCount: orUnknown(fc.nat(11)),
    taskGroups: orUnknown(fc.uniqueArray(fc.constantFrom('service:web', 'family:job', 'b')).map((all) => new Set(all))),
  })
  .map(({ attributes, ...known }) => ({
    attribute: (name: string) => (Object.hasOwn(attributes, name) ? attributes[name] : null),
    ...known,
  }));

/** The same instance with less known of it: one bit of `which` for each part. */
export function forget(subject: QuerySubject, which: number): QuerySubject {
  const keep = <T>(bit: number, value: T): T | undefined => ((which & (1 << bit)) === 0 ? value : undefined);
  return {
    attribute: (name) => keep(0, subject.attribute(name)),
    ec2InstanceId: keep(1, subject.ec2InstanceId),
    agentConnected: keep(2, subject.agentConnected),
    agentVersion: keep(3, subject.agentVersion),
    registeredAt: keep(4, subject.registeredAt),
    runningTasksCount: keep(5, subject.runningTasksCount),
    taskGroups: keep(6, subject.taskGroups),
  };
}
