import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/world/ecs/member-of.ts';
import type { Queried } from '../../../src/world/ecs/query/subjects.ts';

const instance: Queried = {
  agentConnected: true,
  agentVersion: '1.94.0',
  attributes: new Map([
    ['ecs.instance-type', 'm5.large'],
    ['ecs.availability-zone', 'us-east-1a'],
    ['stack', 'blue'],
    ['rank', '9'],
    ['marked', null],
  ]),
  ec2: { id: 'i-0123456789abcdef0' },
  registeredAt: Date.UTC(2018, 5, 18, 22, 28, 28),
  tally: {
    runningCount: 3,
    groups: new Map([
      ['service:web', 2],
      ['family:batch', 1],
    ]),
  },
};

describe('a memberOf expression', () => {
  it.each([
    'attribute:stack == blue',
    'attribute:stack equals blue',
    'attribute:stack==blue',
    'attribute:stack != red',
    'attribute:stack not_equals red',
    'attribute:stack in [red, "blue"]',
    "attribute:stack !in [red, 'green']",
    'attribute:stack not_in [red]',
    'attribute:marked exists',
    'attribute:absent !exists',
    'attribute:absent not_exists',
    'attribute:ecs.instance-type =~ m5.*',
    'attribute:ecs.instance-type matches m5.large',
    'attribute:ecs.instance-type =~ "(c5|m5)\\.(large|xlarge)"',
    'attribute:stack =~ "(?i)BLUE"',
    // In use in public repositories, without quotes.
    'attribute:ecs.instance-type =~ (p[2,3]|m[4,5]|f[1]).*',
    '(attribute:ecs.instance-type =~ (c|m)5.*)',
    'attribute:ecs.instance-type =~ ((c|m)5\\.(x?(large)))||attribute:absent exists',
    'attribute:stack=~blu[)e]&&attribute:marked exists',
    'attribute:stack =~ (red||blue)',
    'attribute:ecs.instance-type !~ m6.*',
    'attribute:ecs.instance-type not_matches m5',
    'attribute:rank < 10',
    'attribute:rank >= 9',
    'attribute:stack greater_than aqua',
    'agentConnected == true',
    'agentVersion >= 1.94',
    'agentVersion less_than 1.100.0',
    'ec2InstanceId in [i-0123456789abcdef0]',
    'registeredAt > 2018-06-18',
    'registeredAt >= 2018-06-18T22:28:28',
    'registeredAt <= 2018-06-18T22:28:28Z',
    'registeredAt < 2018-06-18T22:28:29+00:00',
    'runningTasksCount greater_than_equal 3',
    'runningTasksCount less_than_equal 3',
    'runningTasksCount == 3',
    'task:group == service:web',
    'task:group =~ family:.*',
    'task:group != service:db',
    'task:group != service:web',
    'task:group exists',
    'not(task:group == db)',
    'not attribute:stack == red',
    '!(attribute:stack == red)',
    'attribute:stack == red or attribute:stack == blue',
    'attribute:stack == red || attribute:stack == blue',
    'attribute:stack == blue and attribute:marked exists',
    'attribute:stack == blue&&attribute:marked exists',
    // `and` binds tighter than `or`, so the first half decides.
    'attribute:stack == blue or attribute:stack == red and attribute:absent exists',
    '((attribute:stack == blue))',
  ])('%s holds', (expression) => {
    expect(parseExpression(expression)(instance)).toBe(true);
  });

  it.each([
    'attribute:stack == red',
    'attribute:absent == blue',
    'attribute:rank == 9.0',
    'attribute:stack in [red, green]',
    'attribute:absent exists',
    'attribute:stack !exists',
    // A pattern matches the whole value.
    'attribute:ecs.instance-type =~ m5',
    'attribute:absent =~ .*',
    'attribute:absent != blue',
    'attribute:absent !in [blue]',
    'attribute:absent !~ b.*',
    'not(attribute:stack != red)',
    'agentConnected == false',
    'agentVersion > 1.94.0',
    'registeredAt < 2018-06-18T22:28:28',
    'runningTasksCount > 3',
    'task:group == web',
    'task:group !in [service:web, family:batch]',
    'task:group !exists',
    'not(task:group == service:web)',
    '(attribute:stack == blue or attribute:stack == red) and attribute:absent exists',
    'not not attribute:stack == red',
  ])('%s does not hold', (expression) => {
    expect(parseExpression(expression)(instance)).toBe(false);
  });

  it.each([
    ['', 1],
    ['stack == blue', 1],
    ['attribute:stack', 16],
    ['attribute:stack is blue', 17],
    ['attribute:stack ==', 19],
    ['attribute:stack == blue and', 28],
    ['attribute:stack == blue attribute:stack == red', 25],
    ['(attribute:stack == blue', 25],
    ['attribute:stack in blue', 20],
    ['attribute:stack in [blue', 25],
    ['attribute:stack in []', 21],
    ['attribute:stack in [blue,]', 26],
    ['attribute:stack =~ (a|b', 20],
    ['attribute:stack =~ a)', 21],
    ['attribute:stack =~ []a]', 20],
    ['attribute:stack =~ [a-c[x-z]]', 20],
    ['attribute:stack =~ [a-c&&[^b]]', 20],
    ['attribute:stack =~ \\x{61}', 20],
    ['attribute:stack =~ a*+', 20],
    ['attribute:stack =~ *', 20],
    ['attribute:stack =~ "\\p{Alpha}+"', 20],
    ['agentConnected > false', 16],
    ['ec2InstanceId exists', 15],
    ['agentVersion >= new', 17],
    ['agentVersion =~ 1.*', 14],
    ['registeredAt > yesterday', 16],
    ['registeredAt > 2018-13-41', 16],
    ['registeredAt > 2018-02-30', 16],
    ['runningTasksCount > many', 21],
    ['runningTasksCount in [1]', 19],
    [`attribute:stack == ${'b'.repeat(2_000)}`, 1],
    [`${'('.repeat(200)}attribute:stack == blue${')'.repeat(200)}`, 102],
  ])('%s is refused at column %i', (expression, column) => {
    const refusal = { code: 'InvalidParameterException', message: expect.stringContaining(`column ${column}:`) };
    expect(() => parseExpression(expression)).toThrow(expect.objectContaining(refusal));
  });

  it('is either read or refused, whatever it says', () => {
    const word = fc.constantFrom(
      'attribute:a',
      'task:group',
      '==',
      '=~',
      'in',
      '[',
      ']',
      '(',
      ')',
      ',',
      'and',
      '!',
      'x',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (expression) => {
        try {
          expect(typeof parseExpression(expression)(instance)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidParameterException' });
        }
      }),
    );
  });
});
