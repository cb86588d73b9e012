// The planner and the pretend cloud read cluster queries each in their own way; here they are held against each other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type QuerySubject } from '../../../src/plan/cluster-query/evaluate.ts';
import { MalformedExpression, parse } from '../../../src/plan/cluster-query/parse.ts';
import { parseExpression } from '../../../src/world/ecs/member-of.ts';
import type { Queried } from '../../../src/world/ecs/query/subjects.ts';
import { Refusal } from '../../../src/world/refusal.ts';
import { comparisons, expressions, forget, spellings, written } from '../../support/cluster-queries.ts';

/** A container instance of the pretend cloud. */
const instances: fc.Arbitrary<Queried> = fc.record({
  agentConnected: fc.boolean(),
  agentVersion: fc.constantFrom('1.9.0', '1.10.0', '1.75.3', '2.0'),
  attributes: fc
    .array(
      fc.tuple(
        fc.constantFrom('ecs.instance-type', 'x', 'team/a_b'),
        fc.constantFrom('m5.large', 'm5', 'a', 'aab', '5.b', '10', '9', 'two words', 'in', null),
      ),
      { maxLength: 5 },
    )
    .map((entries) => new Map(entries)),
  ec2: fc.record({ id: fc.constantFrom('i-1', 'i-2', 'i-3') }),
  registeredAt: fc.constantFrom(
    ...['2018-06-18T00:00:00Z', '2018-06-18T20:28:28Z', '2018-06-18T22:28:28.5Z', '2018-06-19T00:00:00Z'].map(
      Date.parse,
    ),
  ),
  tally: fc.record({
    runningCount: fc.nat(11),
    groups: fc
      .uniqueArray(fc.constantFrom('service:web', 'family:job', "it's", 'b'), { maxLength: 3 })
      .map((groups) => new Map(groups.map((group) => [group, 1]))),
  }),
});

/** The same instance for the planner. */
function seen({ attributes, ec2, tally, ...rest }: Queried): QuerySubject {
  return {
    agentConnected: rest.agentConnected,
    agentVersion: rest.agentVersion,
    registeredAt: rest.registeredAt,
    attribute: (name) => (attributes.has(name) ? (attributes.get(name) ?? '') : null),
    ec2InstanceId: ec2.id,
    runningTasksCount: tally.runningCount,
    taskGroups: new Set(tally.groups.keys()),
  };
}

/** What the world says, null when it refuses to read the text. */
function worldSays(text: string, instance: Queried): boolean | null {
  try {
    return parseExpression(text)(instance);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

describe('the planner and the pretend cloud', () => {
  it('say the same of every instance, or the planner does not know', () => {
    let decided = 0;
    fc.assert(
      fc.property(expressions, spellings, instances, fc.nat(127), (expression, spelling, instance, forgotten) => {
        const text = written(expression, spelling);
        fc.pre(text.length <= 2_000);
        const query = parse(text);
        expect(query).toEqual(expression);
        const world = worldSays(text, instance);
        for (const subject of [seen(instance), forget(seen(instance), forgotten)]) {
          const answer = evaluate(expression, subject);
          if (answer === 'unknown') continue;
          decided += 1;
          expect([text, answer]).toEqual([text, world === null ? 'refused' : world ? 'yes' : 'no']);
        }
      }),
      { numRuns: 3_000 },
    );
    // Of 6,000 questions; an evaluator that knows nothing would agree with everybody.
    expect(decided).toBeGreaterThan(3_000);
  });

  const pieces = fc.constantFrom(
    ...['attribute:x', 'task:group', 'agentVersion', '==', '!=', '<', '=~', '!~', 'in', '!in', 'exists', '!exists'],
    ...[
      '(',
      ')',
      '[',
      ']',
      ',',
      'and',
      '||',
      'not',
      '!',
      ' ',
      '"',
      "'",
      'a',
      '9',
      '1.10',
      '(a|b)',
      '.*',
      '\\',
      '-',
      '',
    ],
  );
  const changes = fc.array(fc.tuple(fc.nat(100), fc.nat(1), pieces), { minLength: 1, maxLength: 2 });
  const short = fc.oneof(comparisons, expressions);

  it('say the same of a text that both can read, whoever wrote it', () => {
    let read = 0;
    const sentences = fc.tuple(short, spellings, changes).map(([expression, spelling, changed]) => {
      const parts = written(expression, spelling).split(/(\s+|[()[\],'"!&|])/);
      for (const [at, removed, piece] of changed) parts.splice(at % (parts.length + 1), removed, piece);
      return parts.join('');
    });
    fc.assert(
      fc.property(sentences, instances, (text, instance) => {
        const query = parse(text);
        const world = worldSays(text, instance);
        if (query instanceof MalformedExpression || world === null) return;
        read += 1;
        const answer = evaluate(query, seen(instance));
        if (answer !== 'unknown') expect([text, answer]).toEqual([text, world ? 'yes' : 'no']);
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
