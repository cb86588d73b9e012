import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/world/ecs/member-of.ts';

const attributes = new Map([
  ['ecs.instance-type', 'm5.large'],
  ['stack', 'blue'],
  ['marked', null],
]);

describe('a memberOf expression', () => {
  it.each([
    'attribute:stack == blue',
    'attribute:stack equals blue',
    'attribute:stack in [red, "blue"]',
    'attribute:marked exists',
    'attribute:absent !exists',
    'attribute:absent not_exists',
    'attribute:ecs.instance-type == m5.large and attribute:stack in [blue]',
    'attribute:stack == blue && attribute:marked exists',
  ])('%s holds', (expression) => {
    expect(parseExpression(expression)(attributes)).toBe(true);
  });

  it.each([
    'attribute:stack == red',
    'attribute:absent == blue',
    'attribute:stack in [red, green]',
    'attribute:absent exists',
    'attribute:stack !exists',
    'attribute:stack == blue and attribute:absent exists',
  ])('%s does not hold', (expression) => {
    expect(parseExpression(expression)(attributes)).toBe(false);
  });

  it.each([
    'attribute:stack =~ b.*',
    'attribute:stack != red',
    'attribute:stack == blue or attribute:stack == red',
    'not(task:group == db)',
    'runningTasksCount > 3',
    '(attribute:stack == blue)',
    '',
  ])('%s is refused', (expression) => {
    expect(() => parseExpression(expression)).toThrow(expect.objectContaining({ code: 'InvalidParameterException' }));
  });
});
