// Whatever a request says, the answer is an error of the caller's or a result, and the world goes on.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type ApiInput } from '../../../src/sandbox/api.ts';
import { cloudWatchActions } from '../../../src/sandbox/cloudwatch/actions.ts';
import { MetricStore } from '../../../src/sandbox/cloudwatch/metric-store.ts';
import { startControl } from '../../../src/sandbox/control.ts';
import { ec2Actions } from '../../../src/sandbox/ec2/actions.ts';
import { ecsActions } from '../../../src/sandbox/ecs/actions.ts';
import { elbv2Actions } from '../../../src/sandbox/elbv2/actions.ts';
import type { Listening } from '../../../src/sandbox/listen.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { Refusal } from '../../../src/world/refusal.ts';
import { seededRng } from '../../../src/world/seeded-rng.ts';
import { REAL_PACE } from '../../../src/world/settings.ts';
import { World } from '../../../src/world/world.ts';
import { aQuickSandbox } from '../clients.ts';

const FIELDS = [
  'attributes cluster clusters containerDefinitions containerInstance containerInstances count desiredCount family',
  'filter image include maxResults memory name networkMode nextToken placementConstraints placementStrategy portMappings',
  'reason resourceArn resourceRequirements runtimePlatform serviceName services settings startedBy status tagKeys tags',
  'targetId targetType task taskDefinition tasks type expression field value key logConfiguration protectionEnabled',
  'Filter InstanceId InstanceType MaxResults NextToken SpotFleetRequestId TargetCapacity Namespace MetricData',
  'MetricDataQueries StartTime EndTime Name Value __proto__ constructor toString',
].flatMap((line) => line.split(' '));

const value = fc.letrec<{ value: unknown; fields: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('production', 'web', 'web:1', 'ACTIVE', 'GPU', 'memberOf', 'container-instance', '__proto__', ''),
    fc.constantFrom(null, true, 1, -1, 1e12, 0.5, Number.NaN, new Date(Number.NaN)),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('fields'),
  ),
  fields: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6 }),
}));

function aWorld(): World {
  const world = new World({ startAt: Date.UTC(2026, 10, 21), rng: seededRng(1), settings: REAL_PACE });
  world.ecs.createCluster('production');
  world.ecs.createCluster('default');
  world.atOnce(() => {
    for (const clusterName of ['production', 'default']) {
      world.ec2.launchOnDemand({ instanceType: 'm5.large', zone: 'us-east-1a', clusterName });
    }
  });
  return world;
}

describe('an action, whatever its input', () => {
  const tables = { ...ecsActions, ...ec2Actions, ...elbv2Actions, ...cloudWatchActions(new MetricStore()) };
  it.each(Object.entries(tables))('%s answers, or refuses with a code of AWS', (_, action) => {
    const world = aWorld();
    const caller = { accessKeyId: 'AKIA', name: 'anybody' };
    fc.assert(
      fc.property(value.fields, (input) => {
        try {
          JSON.stringify(action({ world, input: input as ApiInput, caller }));
          world.agenda.advanceTo(world.agenda.now + 1_000);
        } catch (error) {
          const isTold = error instanceof Refusal || (error instanceof ApiError && error.status < 500);
          if (!isTold) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a request that is none', () => {
  let sandbox: Sandbox;
  let control: Listening;
  beforeAll(async () => {
    sandbox = await aQuickSandbox();
    sandbox.world.ecs.createCluster('tests');
    control = await startControl({ sandbox, processes: null });
  });
  afterAll(async () => {
    await control.close();
    await sandbox.close();
  });

  const authorization = () => {
    const { AWS_ACCESS_KEY_ID: key } = sandbox.environmentFor('anybody');
    return `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0`;
  };
  const post = async (headers: Record<string, string>, body: string) => {
    const answer = await fetch(sandbox.endpoints.aws, {
      method: 'POST',
      headers: { authorization: authorization(), ...headers },
      body,
    });
    await answer.text();
    return answer.status;
  };
  const ecs = (action: string) => ({ 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${action}` });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['an action named __proto__', ecs('__proto__'), '{}', 400],
    ['an action named constructor', ecs('constructor'), '{}', 400],
    ['a service named __proto__', { 'x-amz-target': '__proto__.ListTasks' }, '{}', 404],
    ['a target without a dot', { 'x-amz-target': 'ListTasks' }, '{}', 404],
    ['a query version named __proto__', form, 'Action=DescribeInstances&Version=__proto__', 404],
    ['a query action named __proto__', form, 'Action=__proto__&Version=2016-11-15', 400],
    ['a query without an action', form, 'Version=2016-11-15', 400],
    ['an action that is a group', form, 'Action.toString=x&Version=2016-11-15', 400],
    ['a field both value and group', form, 'Action=DescribeInstances&Version=2016-11-15&A=1&A.1=2', 400],
    ['a body that is no JSON', ecs('ListTasks'), '{', 400],
    ['a body that is a list', ecs('ListTasks'), '[]', 400],
    ['a field __proto__', ecs('ListTasks'), '{"__proto__": {"cluster": "x"}}', 400],
    ['a table operation nobody knows', { 'x-amz-target': 'DynamoDB_20120810.__proto__' }, '{}', 404],
    [
      'a group named like a method',
      form,
      'Action=DescribeInstanceTypes&Version=2016-11-15&InstanceType.1.toString=x',
      400,
    ],
    ['a table operation that is no JSON', { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, '{', 400],
  ])('is the caller’s error: %s', async (_, headers, body, status) => {
    expect(await post(headers, body)).toBe(status);
  });

  it.each([
    ['GET', '/%zz'],
    ['GET', '//'],
    ['GET', '/log?after=soon'],
    ['POST', '/services/%E0%A4%A'],
    ['POST', '/services/web'],
    ['DELETE', '/faults/__proto__'],
    ['POST', '/agents/__proto__/connected'],
    ['POST', '/throttling'],
  ])('is the caller’s error at the control API: %s %s', async (method, path) => {
    const answer = await fetch(`${control.url}${path}`, { method });
    await answer.text();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});
