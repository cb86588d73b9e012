import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { parseIntent } from '../../src/aws/ecs-intents.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import { ecsError, type ScriptedEcs, startScriptedEcs } from './scripted-ecs.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const VALUE = 'batch:7 20 until 2026-11-21T13:00:00Z';
const intentsOf = async (cluster: Cluster) => (await cluster.operatorWords()).intents();
const parse = (value: string) => parseIntent('spotkeeper.intent.nightly', value);

describe('an intent as it is written on the cluster', () => {
  it('names a definition, a count and an end', () => {
    const until = Date.parse('2026-11-21T13:00:00Z');
    expect(parse(VALUE)).toEqual({ name: 'nightly', definition: 'batch:7', count: 20, until });
    expect(parse('  batch   1 until 2026-11-21T14:00+01:00 ')).toEqual({
      name: 'nightly',
      definition: 'batch',
      count: 1,
      until,
    });
  });

  it('may name any family, revision, count and instant, and is read as it was written', () => {
    const family = fc.stringMatching(/^[A-Za-z0-9_-]{1,255}$/);
    const revision = fc.option(fc.integer({ min: 1, max: 2_000_000_000 }));
    const seconds = fc.integer({ min: Date.parse('2020-01-01') / 1000, max: Date.parse('2099-12-31') / 1000 });
    fc.assert(
      fc.property(family, revision, fc.integer({ min: 1, max: 100_000 }), seconds, (name, number, count, second) => {
        const definition = number === null ? name : `${name}:${number}`;
        const instant = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
        const text = `${definition} ${count} until ${instant}`;
        // What AWS allows in the value of a tag: a longer one could not have been written.
        expect(text).toMatch(/^[\w +\-=.:/@]*$/);
        expect(parse(text)).toEqual({ name: 'nightly', definition, count, until: second * 1000 });
      }),
    );
  });

  it('with any one character changed says what it said, or is set aside; it is never guessed at', () => {
    const canonical = VALUE.split('');
    fc.assert(
      fc.property(fc.nat(canonical.length - 1), fc.string({ maxLength: 2 }), (index, replacement) => {
        const text = canonical.with(index, replacement).join('');
        const parsed = parse(text);
        if (parsed?.reason !== undefined) expect(parsed.detail).toMatch(/expected /);
        else expect(text.trim().split(/ +/).slice(0, 2)).toEqual([parsed?.definition, String(parsed?.count)]);
      }),
    );
  });

  it.each([
    ['', 'has another form: expected FAMILY:REVISION COUNT until INSTANT'],
    ['batch:7 20', 'has another form'],
    ['batch:7 20 till 2026-11-21T13:00:00Z', 'has another form'],
    [`${VALUE} please`, 'has another form'],
    ['batch:0 20 until 2026-11-21T13:00:00Z', '"batch:0" is no task definition'],
    ['batch:latest 20 until 2026-11-21T13:00:00Z', '"batch:latest" is no task definition'],
    ['batch:7 0 until 2026-11-21T13:00:00Z', '"0" is no number of tasks: expected a whole number from 1 to 100000'],
    ['batch:7 2.5 until 2026-11-21T13:00:00Z', '"2.5" is no number of tasks'],
    ['batch:7 1000000 until 2026-11-21T13:00:00Z', '"1000000" is no number of tasks'],
    ['batch:7 20 until 13:00', '"13:00" is no instant: expected one like 2026-11-21T13:00:00Z'],
    ['batch:7 20 until 2026-11-21T13:00:00', 'is no instant'],
    ['batch:7 20 until 2026-11-31T13:00:00Z', 'is no instant'],
    ['batch:7 20 until 2026-13-01T13:00:00Z', 'is no instant'],
    ['batch:7 20 until 2026-11-21T24:30:00Z', 'is no instant'],
  ])('as "%s" is set aside: %s', (value, detail) => {
    expect(parse(value)).toEqual({
      kind: 'intent',
      subject: 'nightly',
      reason: 'malformed-intent',
      detail: expect.stringContaining(detail),
    });
  });

  it('needs a name', () => {
    expect(parseIntent('spotkeeper.intent.', VALUE)).toMatchObject({
      subject: 'spotkeeper.intent.',
      reason: 'malformed-intent',
    });
  });

  it('is none under another key', () => {
    expect(parseIntent('team', VALUE)).toBeNull();
    expect(parseIntent('spotkeeper.intents.nightly', VALUE)).toBeNull();
  });
});

describe('the intents of a cluster', () => {
  let ecs: ScriptedEcs;
  afterEach(() => ecs.close());

  const clock: Clock = { now: () => NOW, monotonicMs: () => 0, sleep: async () => {} };
  const arnOf = (name: string) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}`;

  async function clusterWith(tags: Record<string, string>, describe: (reference: string) => object) {
    ecs = await startScriptedEcs({
      DescribeClusters: ({ include }) => ({
        clusters: [
          {
            status: 'ACTIVE',
            tags:
              JSON.stringify(include) === '["TAGS"]'
                ? Object.entries(tags).map(([key, value]) => ({ key, value }))
                : [],
          },
        ],
      }),
      DescribeTaskDefinition: ({ taskDefinition }) => ({ taskDefinition: describe(String(taskDefinition)) }),
    });
    return createEcsCluster({ cluster: 'small', client: ecs.client, clock });
  }

  it('are read in one call, each with the ARN of its definition or of the latest of its family', async () => {
    const cluster = await clusterWith(
      {
        team: 'a',
        'spotkeeper.intent.nightly': VALUE,
        'spotkeeper.intent.report': 'report 2 until 2026-11-21T18:00:00Z',
      },
      (reference) => ({ taskDefinitionArn: arnOf(reference.includes(':') ? reference : `${reference}:12`) }),
    );
    const expected = {
      intents: [
        { name: 'nightly', taskDefinition: arnOf('batch:7'), count: 20, until: NOW + 3_600_000 },
        { name: 'report', taskDefinition: arnOf('report:12'), count: 2, until: NOW + 6 * 3_600_000 },
      ],
      malformed: [],
    };
    expect(await intentsOf(cluster)).toEqual(expected);
    expect(await intentsOf(cluster)).toEqual(expected);
    expect(ecs.asked).toEqual([
      'DescribeClusters',
      'DescribeTaskDefinition batch:7',
      'DescribeTaskDefinition report',
      'DescribeClusters',
    ]);
  });

  it('that are over are left out, and nothing is asked about them', async () => {
    const cluster = await clusterWith({ 'spotkeeper.intent.old': 'old:1 3 until 2026-11-21T12:00:00Z' }, () => ({}));
    expect(await intentsOf(cluster)).toEqual({ intents: [], malformed: [] });
    expect(ecs.asked).toEqual(['DescribeClusters']);
  });

  it('that are malformed or name a definition nobody knows are set aside beside the others', async () => {
    const cluster = await clusterWith(
      {
        'spotkeeper.intent.a': 'twenty of batch',
        'spotkeeper.intent.b': 'gone:1 3 until 2026-11-21T13:00:00Z',
        'spotkeeper.intent.c': 'batch:7 1 until 2026-11-21T13:00:00Z',
      },
      (reference) => {
        if (reference === 'gone:1') throw ecsError('ClientException', 'Unable to describe task definition.');
        return { taskDefinitionArn: arnOf(reference) };
      },
    );
    const { intents, malformed } = await intentsOf(cluster);
    expect(intents.map(({ name }) => name)).toEqual(['c']);
    expect(malformed).toMatchObject([
      { kind: 'intent', subject: 'a', reason: 'malformed-intent' },
      {
        kind: 'intent',
        subject: 'b',
        reason: 'definition-unreadable',
        detail: expect.stringMatching(/gone:1.*Unable to describe/),
      },
    ]);
  });

  it('are not known at all while ECS refuses to describe one of their definitions', async () => {
    const cluster = await clusterWith({ 'spotkeeper.intent.nightly': VALUE }, () => {
      throw ecsError('AccessDeniedException', 'no');
    });
    await expect(intentsOf(cluster)).rejects.toMatchObject({ code: 'access-denied' });
  });
});
