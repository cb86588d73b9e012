import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, evaluate, type QuerySubject } from '../../../src/plan/cluster-query/evaluate.ts';
import type { Expression } from '../../../src/plan/cluster-query/expression.ts';
import { MalformedExpression, parse } from '../../../src/plan/cluster-query/parse.ts';
import { anInstance, expressions, forget, querySubjects } from '../../support/cluster-queries.ts';

function asked(text: string, subject: QuerySubject): Answer {
  const expression = parse(text);
  if (expression instanceof MalformedExpression) throw expression;
  return evaluate(expression, subject);
}

const busy = anInstance(
  { 'ecs.instance-type': 'g2.2xlarge', 'ecs.availability-zone': 'us-east-1a', flag: '', size: '10' },
  {
    ec2InstanceId: 'i-abcd1234',
    agentConnected: true,
    agentVersion: '1.9.0',
    registeredAt: Date.parse('2018-02-12T23:59:59.500Z'),
    runningTasksCount: 1,
    taskGroups: new Set(['service:production', 'family:job']),
  },
);

describe('of an instance that is known', () => {
  const answers: readonly (readonly [string, Answer])[] = [
    ['attribute:ecs.instance-type == g2.2xlarge', 'yes'],
    ['attribute:ecs.instance-type == G2.2xlarge', 'no'],
    ['attribute:ecs.availability-zone in [us-east-1a, us-east-1b]', 'yes'],
    ['attribute:ecs.availability-zone !in [us-east-1a, us-east-1b]', 'no'],
    ['attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d', 'yes'],
    ['attribute:ecs.instance-type =~ (p[2,3]|g[2,3]).*', 'yes'],
    ['attribute:ecs.instance-type =~ g2', 'no'],
    ['attribute:ecs.instance-type !~ g2', 'yes'],
    ['task:group == service:production', 'yes'],
    ['not(task:group == service:production)', 'no'],
    ['not(task:group == database)', 'yes'],
    ['task:group != service:production', 'yes'],
    ['task:group in [database, family:job]', 'yes'],
    ['task:group =~ service:.*', 'yes'],
    ['task:group exists', 'yes'],
    ['runningTasksCount == 1', 'yes'],
    ['runningTasksCount < 10', 'yes'],
    ['runningTasksCount != 01', 'no'],
    ['agentVersion < 1.14.5', 'yes'],
    ['agentVersion < 1.10', 'yes'],
    ['agentVersion == 1.9', 'yes'],
    ['agentVersion > 1.9.0-rc1', 'unknown'],
    ['registeredAt < 2018-02-13', 'yes'],
    ['registeredAt >= 2018-02-12', 'yes'],
    ['registeredAt < 2018-02-13T01:00:00+02:00', 'no'],
    ['registeredAt == 2018-02-12', 'unknown'],
    ['registeredAt == 2018-02-12T23:59:59', 'unknown'],
    ['registeredAt == 2018-02-11', 'no'],
    ["ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", 'yes'],
    ['agentConnected == true', 'yes'],
    ['agentConnected != true', 'no'],
    ['attribute:flag exists', 'yes'],
    ["attribute:flag == ''", 'yes'],
    ['attribute:size >= 10', 'yes'],
    ['attribute:size > 9', 'unknown'],
    ['attribute:ecs.instance-type > c5', 'yes'],
  ];

  it.each(answers)('%s is answered %s', (text, answer) => {
    expect(asked(text, busy)).toBe(answer);
  });
});

describe('an attribute that is absent', () => {
  it.each(['== a', '!= a', 'in [a]', '!in [a]', '=~ a', '!~ a', '< a', 'exists'])('does not satisfy %s', (rest) => {
    expect(asked(`attribute:retiring ${rest}`, anInstance())).toBe('no');
  });

  it.each(['attribute:retiring !exists', 'not(attribute:retiring == true)'])('satisfies %s', (text) => {
    expect(asked(text, anInstance())).toBe('yes');
  });
});

describe('an instance without tasks', () => {
  const idle = anInstance({}, { taskGroups: new Set() });

  it('satisfies that a group does not stand there', () => {
    expect(asked('not(task:group == database)', idle)).toBe('yes');
  });

  it('does not satisfy that another group stands there', () => {
    expect(asked('task:group != database', idle)).toBe('no');
  });
});

describe('what is not known', () => {
  const dark: QuerySubject = { ...anInstance(), attribute: () => undefined };

  it.each([
    'attribute:a == b',
    'attribute:a !exists',
    'task:group == a',
    'agentVersion < 1.0',
    'agentConnected == true',
    'runningTasksCount == 0',
    'not(ec2InstanceId == i-1)',
  ])('leaves %s unknown', (text) => {
    expect(asked(text, dark)).toBe('unknown');
  });

  it('is overruled where the rest decides alone', () => {
    const typed = { ...dark, agentConnected: true };
    expect(asked('attribute:a == b or agentConnected == true', typed)).toBe('yes');
    expect(asked('attribute:a == b and agentConnected == false', typed)).toBe('no');
    expect(asked('attribute:a == b and agentConnected == true', typed)).toBe('unknown');
  });
});

const not = (inner: Expression): Expression => ({ kind: 'not', inner });

describe('for every expression and every instance', () => {
  it('an answer is given', () => {
    fc.assert(
      fc.property(expressions, querySubjects, (expression, subject) => {
        expect(['yes', 'no', 'unknown']).toContain(evaluate(expression, subject));
      }),
      { numRuns: 1_000 },
    );
  });

  it('denying twice says the same as once', () => {
    fc.assert(
      fc.property(expressions, querySubjects, (expression, subject) => {
        expect(evaluate(not(not(expression)), subject)).toBe(evaluate(expression, subject));
      }),
    );
  });

  it('neither of two is as good as not the one and not the other', () => {
    fc.assert(
      fc.property(expressions, expressions, querySubjects, (a, b, subject) => {
        const neither = evaluate(not({ kind: 'or', terms: [a, b] }), subject);
        expect(neither).toBe(evaluate({ kind: 'and', terms: [not(a), not(b)] }, subject));
        const notBoth = evaluate(not({ kind: 'and', terms: [a, b] }), subject);
        expect(notBoth).toBe(evaluate({ kind: 'or', terms: [not(a), not(b)] }, subject));
      }),
    );
  });

  it('learning more never turns one answer into the other', () => {
    fc.assert(
      fc.property(expressions, querySubjects, fc.integer({ min: 0, max: 127 }), (expression, subject, forgotten) => {
        const before = evaluate(expression, forget(subject, forgotten));
        if (before !== 'unknown') expect(evaluate(expression, subject)).toBe(before);
      }),
      { numRuns: 1_000 },
    );
  });
});
