import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../src/plan/cluster-query/expression.ts';
import { MalformedExpression, parse, parsed } from '../../../src/plan/cluster-query/parse.ts';
import { expressions, written } from '../../support/cluster-queries.ts';

const attribute = (name: string, operator: string, ...values: string[]) => ({
  kind: 'comparison',
  subject: { kind: 'attribute', name },
  operator,
  values,
});
const field = (name: string, operator: string, ...values: string[]) => ({
  kind: 'comparison',
  subject: { kind: 'field', field: name },
  operator,
  values,
});

describe('a cluster query reads', () => {
  // The first group is every example of AWS's page, in its order; the rest is what services in public repositories say.
  const read: readonly (readonly [string, unknown])[] = [
    ['attribute:ecs.instance-type == t2.small', attribute('ecs.instance-type', 'equals', 't2.small')],
    [
      'attribute:ecs.availability-zone in [us-east-1a, us-east-1b]',
      attribute('ecs.availability-zone', 'in', 'us-east-1a', 'us-east-1b'),
    ],
    [
      'attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d',
      {
        kind: 'and',
        terms: [
          attribute('ecs.instance-type', 'matches', 'g2.*'),
          attribute('ecs.availability-zone', 'not_equals', 'us-east-1d'),
        ],
      },
    ],
    ['task:group == service:production', field('task:group', 'equals', 'service:production')],
    ['not(task:group == database)', { kind: 'not', inner: field('task:group', 'equals', 'database') }],
    ['runningTasksCount == 1', field('runningTasksCount', 'equals', '1')],
    ['agentVersion < 1.14.5', field('agentVersion', 'less_than', '1.14.5')],
    ['registeredAt < 2018-02-13', field('registeredAt', 'less_than', '2018-02-13')],
    ["ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", field('ec2InstanceId', 'in', 'i-abcd1234', 'i-wxyx7890')],

    ['attribute:flavor==test', attribute('flavor', 'equals', 'test')],
    ['runningTasksCount<4', field('runningTasksCount', 'less_than', '4')],
    ['ec2InstanceId in [i-1,i-2]', field('ec2InstanceId', 'in', 'i-1', 'i-2')],
    ['attribute:foundry.io/storage == persistent', attribute('foundry.io/storage', 'equals', 'persistent')],
    ['attribute:ecs.instance-type matches t2.*', attribute('ecs.instance-type', 'matches', 't2.*')],
    [
      'attribute:ecs.instance-type =~ (p[2,3]|g[3,4]|f[1]).*',
      attribute('ecs.instance-type', 'matches', '(p[2,3]|g[3,4]|f[1]).*'),
    ],
    [
      'attribute:lock == OPEN or attribute:lock not_exists',
      { kind: 'or', terms: [attribute('lock', 'equals', 'OPEN'), attribute('lock', 'not_exists')] },
    ],
    [
      'registeredAt >= 2018-06-18T22:28:28+00:00',
      field('registeredAt', 'greater_than_equal', '2018-06-18T22:28:28+00:00'),
    ],

    ['attribute:x !exists', attribute('x', 'not_exists')],
    ['attribute:x !in [a]', attribute('x', 'not_in', 'a')],
    ['attribute:x !~ a', attribute('x', 'not_matches', 'a')],
    ['attribute:x == "two words"', attribute('x', 'equals', 'two words')],
    [
      'attribute:x == and and attribute:y exists',
      { kind: 'and', terms: [attribute('x', 'equals', 'and'), attribute('y', 'exists')] },
    ],
    ['  attribute:x\n\tEQUALS  1  ', attribute('x', 'equals', '1')],
    ["attribute:x =~ 'a b'", attribute('x', 'matches', 'a b')],
  ];

  it.each(read)('%s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  const [a, b, c] = [attribute('a', 'exists'), attribute('b', 'exists'), attribute('c', 'exists')];
  const bound: readonly (readonly [string, unknown])[] = [
    ['A or B and C', { kind: 'or', terms: [a, { kind: 'and', terms: [b, c] }] }],
    ['A && B || C', { kind: 'or', terms: [{ kind: 'and', terms: [a, b] }, c] }],
    ['(A or B) and C', { kind: 'and', terms: [{ kind: 'or', terms: [a, b] }, c] }],
    ['not A and B', { kind: 'and', terms: [{ kind: 'not', inner: a }, b] }],
    ['!(A || B) AND c', { kind: 'and', terms: [{ kind: 'not', inner: { kind: 'or', terms: [a, b] } }, c] }],
    ['not not A', { kind: 'not', inner: { kind: 'not', inner: a } }],
    ['((A))', a],
  ];

  it.each(bound)('%s with its joins bound as usual', (text, expected) => {
    const spelled = text.replace(/\b[ABCc]\b/g, (letter) => `attribute:${letter.toLowerCase()} exists`);
    expect(parse(spelled)).toEqual(expected);
  });

  it('a bare pattern up to the parenthesis it did not open', () => {
    expect(parse('(attribute:a =~ (m|c)5.* ) or (attribute:a=~[)]+)')).toEqual({
      kind: 'or',
      terms: [attribute('a', 'matches', '(m|c)5.*'), attribute('a', 'matches', '[)]+')],
    });
  });

  it('a bare pattern up to a join', () => {
    expect(parse('attribute:a=~m5.*||attribute:b=~(a||b)&&attribute:c exists')).toEqual({
      kind: 'or',
      terms: [
        attribute('a', 'matches', 'm5.*'),
        { kind: 'and', terms: [attribute('b', 'matches', '(a||b)'), attribute('c', 'exists')] },
      ],
    });
  });

  it.each([
    ['escaped', 'a\\)b'],
    ['quoted', '\\Q)\\E.'],
    ['in a class', '[])]x'],
  ])('a bare pattern with a parenthesis %s', (_how, pattern) => {
    expect(parse(`(attribute:a =~ ${pattern})`)).toEqual(attribute('a', 'matches', pattern));
  });
});

describe('a malformed cluster query says where and what', () => {
  const malformed: readonly (readonly [string, string, number, string, string | null])[] = [
    ['nothing', '', 1, 'a subject', null],
    ['spaces alone', '   ', 4, 'a subject', null],
    ['an unknown subject', 'ec2Instance == i-1', 1, 'a subject (attribute:NAME,', 'ec2Instance'],
    ['an attribute without a name', 'attribute: == a', 1, 'an attribute name', 'attribute:'],
    ['a value where a subject belongs', '== a', 1, 'a subject', '=='],
    ['a subject alone', 'attribute:a', 12, 'an operator', null],
    ['an unknown operator', 'attribute:a = b', 13, 'an operator', '='],
    ['an operator of other subjects', 'agentConnected > 1', 16, 'one of == != in !in =~ !~', '>'],
    ['a pattern for a version', 'agentVersion =~ 1.*', 14, 'one of == != > >= < <=', '=~'],
    ['existence of a field', 'registeredAt exists', 14, 'one of', 'exists'],
    ['a missing value', 'attribute:a == ', 16, 'a value', null],
    ['a join for a value', 'attribute:a == && b', 16, 'a value', '&&'],
    ['a version that is none', 'agentVersion < latest', 16, 'a version such as', 'latest'],
    ['a date that is none', 'registeredAt < 2018-02-30', 16, 'a date such as', '2018-02-30'],
    ['a count that is none', 'runningTasksCount == few', 22, 'a whole number', 'few'],
    ['a list without brackets', 'attribute:a in b', 16, 'a list in brackets', 'b'],
    ['a list without an end', 'attribute:a in [b, c', 21, '"," or "]"', null],
    ['an empty list', 'attribute:a in []', 17, 'a value', ']'],
    ['a list that ends in a comma', 'attribute:a in [b,]', 19, 'a value', ']'],
    ['a quote without an end', 'attribute:a == "b', 18, 'a closing quote', null],
    ['a parenthesis without an end', '(attribute:a exists', 20, '"and", "or" or ")"', null],
    ['a parenthesis too many', 'attribute:a exists)', 19, '"and", "or" or the end', ')'],
    ['a value of two bare words', 'attribute:a == b c', 18, '"and", "or" or the end', 'c'],
    ['a join without a right side', 'attribute:a exists and', 23, 'a subject', null],
    ['a missing pattern', 'attribute:a =~ ', 16, 'a pattern', null],
    ['a group of a pattern without an end', 'attribute:a =~ (b|c', 16, 'a usable pattern (missing closing )', '(b|c'],
    ['a class of a pattern without an end', 'attribute:a =~ [b and', 16, 'a usable pattern (missing closing ]', '[b'],
    ['a back reference', "attribute:a =~ '(b)\\1'", 17, 'a usable pattern (a back reference', '(b)\\1'],
    ['a pattern that looks ahead', 'attribute:a !~ (?!b).*', 16, 'a usable pattern (look-around', '(?!b).*'],
    ['groups within groups', `${'('.repeat(120)}attribute:a exists`, 101, 'at most 100 levels', '('],
    ['a text that is too long', `attribute:a == ${'b'.repeat(2_000)}`, 2_001, 'at most 2000 characters', 'b'],
  ];

  it.each(malformed)('%s', (_what, text, column, expected, found) => {
    const error = parse(text);
    expect(error).toBeInstanceOf(MalformedExpression);
    expect(error).toMatchObject({ column, found, expected: expect.stringContaining(expected) });
  });

  it('in one line for a report', () => {
    expect(parse('attribute:a in b')).toHaveProperty('message', 'column 16: expected a list in brackets, found "b"');
    expect(parse('attribute:a')).toHaveProperty('message', 'column 12: expected an operator, found the end');
  });

  it('with long words cut', () => {
    expect(parse(`attribute:a exists ${'b'.repeat(100)}`)).toHaveProperty(
      'message',
      `column 20: expected "and", "or" or the end, found "${'b'.repeat(40)}..."`,
    );
  });
});

describe('parsing', () => {
  it('gives back the expression that was written', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = written(expression);
        fc.pre(text.length <= 2_000);
        expect(parse(text)).toEqual(expression satisfies Expression);
      }),
    );
  });

  const pieces = fc.constantFrom(
    ...['attribute:a', 'task:group', 'agentVersion', '==', '!=', '=~', 'in', '!in', 'exists', '[', ']', '(', ')', ','],
    ...['and', 'or', 'not', '!', '&&', '||', 'a', '1.2', '"', "'", '\\', '\\Q', '{2}', '*', ' ', '(?i)', '\u{1f600}'],
  );
  const texts = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(pieces, { maxLength: 20 }).map((all) => all.join(' ')),
    fc.array(pieces, { maxLength: 20 }).map((all) => all.join('')),
  );

  it('reads any text or names a column within it, or one past its end', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = parse(text);
        if (!(result instanceof MalformedExpression)) return;
        expect(result.column).toBeGreaterThanOrEqual(1);
        expect(result.column).toBeLessThanOrEqual(text.length + 1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is remembered, malformed or not', () => {
    expect(parsed('attribute:remembered exists')).toBe(parsed('attribute:remembered exists'));
    expect(parsed('attribute:remembered')).toBe(parsed('attribute:remembered'));
  });

  it('remembers no more than a cluster can ask for', () => {
    const first = parsed('attribute:first exists');
    for (let text = 0; text < 10_000; text += 1) parsed(`attribute:a == ${text}`);
    expect(parsed('attribute:first exists')).not.toBe(first);
    expect(parsed('attribute:first exists')).toEqual(first);
  });
});
