import { describe, expect, it } from 'vitest';
import { namesAskedBy } from '../../../src/plan/cluster-query/expression.ts';
import { MalformedExpression, parse } from '../../../src/plan/cluster-query/parse.ts';

function namesIn(text: string) {
  const expression = parse(text);
  if (expression instanceof MalformedExpression) throw expression;
  return namesAskedBy(expression);
}

describe('the names an expression asks about', () => {
  it('are every attribute, however deep', () => {
    expect(namesIn('attribute:a exists and not(attribute:b == 1 or (attribute:a == 2))')).toEqual({
      attributes: new Set(['a', 'b']),
      asksAboutTasks: false,
      asksAboutInstance: false,
    });
  });

  it('tell tasks from the rest of the instance', () => {
    expect(namesIn('not(task:group == database)')).toMatchObject({ asksAboutTasks: true, asksAboutInstance: false });
  });

  it.each([
    'agentConnected == true',
    'agentVersion < 1.0',
    'ec2InstanceId == i-1',
    'registeredAt < 2018-02-13',
    'runningTasksCount == 1',
  ])('hold the instance for %s', (text) => {
    expect(namesIn(text)).toEqual({ attributes: new Set(), asksAboutTasks: false, asksAboutInstance: true });
  });
});
