import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import {
  DescribeClustersCommand,
  ListClustersCommand,
  PutAttributesCommand,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../src/sandbox/faults.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { until } from '../../support/until.ts';
import { aCluster, aQuickSandbox, type Clients, clientsOf } from '../clients.ts';

let sandbox: Sandbox;
let clients: Clients;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  aCluster(sandbox);
  clients = clientsOf(sandbox, 'operator');
});

afterAll(() => sandbox.close());

/** The newest request in the log. */
const lastRequest = () => sandbox.log.records.at(-1);

/** The AWS port with a body of one's own and the operator's credentials. */
function post(headers: Record<string, string>, body: string, path = '/'): Promise<Response> {
  const { AWS_ACCESS_KEY_ID: key } = sandbox.environmentFor('operator');
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0`;
  return fetch(`${sandbox.endpoints.aws}${path}`, { method: 'POST', headers: { authorization, ...headers }, body });
}

describe('the AWS port', () => {
  it('answers every service on one address', async () => {
    const { clusters } = await clients.ecs.send(new DescribeClustersCommand({ clusters: ['tests'] }));
    expect(clusters?.map(({ clusterName }) => clusterName)).toEqual(['tests']);
    await expect(clients.ec2.send(new DescribeInstancesCommand({}))).resolves.toHaveProperty('Reservations');
    await expect(clients.dynamodb.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
    const empty = new PutMetricDataCommand({ Namespace: 'Tests', MetricData: [] });
    await expect(clients.cloudwatch.send(empty)).resolves.toHaveProperty('$metadata.httpStatusCode', 200);
  });

  it('says whose key it was', async () => {
    const answer = await post(
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=GetCallerIdentity&Version=2011-06-15',
    );
    expect(await answer.text()).toContain('<Arn>arn:aws:iam::123456789012:user/operator</Arn>');
  });

  it('says in words that a request is for none of its services', async () => {
    const answer = await post({ 'x-amz-target': 'AWSLambda.Invoke' }, '{}');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      message: expect.stringContaining('ECS, EC2, Elastic Load Balancing, CloudWatch, DynamoDB and STS'),
    });
  });

  it.each([
    ['ecs', { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters' }, 'not json', 400],
    ['ecs', { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters' }, '[1]', 400],
    [
      'cloudwatch',
      { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData', 'content-encoding': 'gzip' },
      '{}',
      400,
    ],
  ])('refuses a body to %s that is not what it claims to be: %o %s', async (_service, headers, body, status) => {
    const answer = await post({ 'content-type': 'application/x-amz-json-1.1', ...headers }, body);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain('SerializationException');
  });
});

describe('an action the sandbox does not have', () => {
  it('is refused by ECS as an unknown operation', async () => {
    await expect(clients.ecs.send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is refused by EC2 as an invalid action', async () => {
    await expect(clients.ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  it('is not found on the prototype of the table', async () => {
    const answer = await post({ 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.constructor' }, '{}');
    expect(await answer.text()).toContain('UnknownOperationException');
  });
});

describe('a caller', () => {
  it('is known in the log by the name its key was issued to', async () => {
    await clientsOf(sandbox, 'controller-a').ecs.send(new DescribeClustersCommand({}));
    expect(lastRequest()?.caller?.name).toBe('controller-a');
  });

  it('has the same key whenever its environment is asked for, and no other caller has it', () => {
    const key = (name: string) => sandbox.environmentFor(name).AWS_ACCESS_KEY_ID;
    expect(key('one')).toBe(key('one'));
    expect(key('one')).not.toBe(key('another'));
  });

  it('with an unknown key is refused as each service refuses it', async () => {
    const stranger = clientsOf(sandbox, 'operator', { accessKeyId: 'AKIAUNKNOWN' });
    await expect(stranger.ecs.send(new DescribeClustersCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(stranger.dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(stranger.ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: 'AuthFailure',
      $metadata: { httpStatusCode: 401 },
    });
    expect(lastRequest()).toMatchObject({ caller: null, status: 401, errorCode: 'AuthFailure' });
  });

  it('that signs for another region is told which region this is', async () => {
    const elsewhere = clientsOf(sandbox, 'operator', { region: 'eu-west-1' });
    await expect(elsewhere.ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow(/'eu-west-1'.* us-east-1/);
    await expect(elsewhere.ecs.send(new DescribeClustersCommand({}))).rejects.toThrow(/us-east-1.*eu-west-1/);
  });

  it('that sends no credentials is refused', async () => {
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters' };
    const answer = await fetch(sandbox.endpoints.aws, { method: 'POST', headers, body: '{}' });
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

describe('the request log', () => {
  it('keeps what was asked, by whom, and what was answered', async () => {
    await clients.ecs.send(new DescribeClustersCommand({ clusters: ['tests'] }));
    expect(lastRequest()).toMatchObject({
      service: 'ecs',
      action: 'DescribeClusters',
      caller: { name: 'operator' },
      input: { clusters: ['tests'] },
      status: 200,
      errorCode: null,
      fault: null,
    });
  });

  it('keeps an error with its code', async () => {
    const missing = new GetItemCommand({ TableName: 'none', Key: { name: { S: 'x' } } });
    await expect(clients.dynamodb.send(missing)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(lastRequest()).toMatchObject({ service: 'dynamodb', status: 400, errorCode: 'ResourceNotFoundException' });
  });

  it('is led to by the request id of an answer', async () => {
    const { $metadata } = await clients.ecs.send(new DescribeClustersCommand({}));
    const number = lastRequest()?.number ?? 0;
    expect($metadata.requestId).toBe(`00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
  });
});

describe('an injected fault', () => {
  it.each([
    ['ecs', () => clients.ecs.send(new DescribeClustersCommand({})), 'ThrottlingException', 400],
    ['ec2', () => clients.ec2.send(new DescribeInstancesCommand({})), 'RequestLimitExceeded', 503],
    ['dynamodb', () => clients.dynamodb.send(new ListTablesCommand({})), 'ProvisionedThroughputExceededException', 400],
    [
      'cloudwatch',
      () => clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'T', MetricData: [] })),
      'ThrottlingException',
      400,
    ],
  ])('throttles %s as that service throttles', async (service, call, name, status) => {
    sandbox.faults.add({ service, action: '*', count: 1, effect: { kind: 'throttle' } });
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(lastRequest()).toMatchObject({ fault: 'throttle', errorCode: name });
    await expect(call()).resolves.toHaveProperty('$metadata.httpStatusCode', 200);
  });

  it('makes the SDK try again and succeed', async () => {
    sandbox.faults.add({ service: 'ec2', action: '*', count: 1, effect: { kind: 'throttle' } });
    const patient = clientsOf(sandbox, 'operator', { maxAttempts: 3 });
    const { $metadata } = await patient.ec2.send(new DescribeInstancesCommand({}));
    expect($metadata.attempts).toBe(2);
  });

  it('drops a request before anything is done', async () => {
    sandbox.faults.add({ service: 'ecs', action: '*', count: 1, effect: { kind: 'drop', when: 'before' } });
    await expect(clients.ecs.send(new DescribeClustersCommand({}))).rejects.toThrow();
    expect(lastRequest()).toMatchObject({ status: 0, fault: 'drop' });
  });

  it('loses an answer after the work was done', async () => {
    const { world, driver } = sandbox;
    const [member] = await joined();
    sandbox.faults.add({ service: 'ecs', action: 'PutAttributes', count: 1, effect: { kind: 'drop', when: 'after' } });
    const attributes = [{ name: 'spotkeeper.notice', value: 'x', targetId: member?.arn ?? '' }];
    await expect(clients.ecs.send(new PutAttributesCommand({ cluster: 'tests', attributes }))).rejects.toThrow();
    expect(lastRequest()).toMatchObject({ status: 200, fault: 'drop' });
    expect(
      driver
        .inPresent(() => world.ecs.cluster('tests').containerInstances.get(member?.id ?? ''))
        ?.attributes.get('spotkeeper.notice'),
    ).toBe('x');
  });

  it('delays an answer by at least what it says', async () => {
    sandbox.faults.add({ service: 'ecs', action: '*', count: 1, effect: { kind: 'latency', latencyMs: 30 } });
    await clients.ecs.send(new DescribeClustersCommand({}));
    const { at = 0, answeredAt = 0 } = lastRequest() ?? {};
    expect(answeredAt - at).toBeGreaterThanOrEqual(29);
  });
});

describe('a fault a caller has to live with', () => {
  const describeClusters = () => clients.ecs.send(new DescribeClustersCommand({ clusters: ['tests'] }));
  const strike = (effect: FaultEffect, action = '*') =>
    sandbox.faults.add({ service: 'ecs', action, count: 1, effect });

  it.each([
    ['InvalidSignatureException', 400],
    ['ExpiredTokenException', 400],
    ['ServerException', 500],
    ['ServiceUnavailable', 503],
  ])('may be the error %s with status %i', async (code, status) => {
    strike({ kind: 'error', code, status, message: 'on purpose' });
    await expect(describeClusters()).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
  });

  it('may be a connection that is reset', async () => {
    strike({ kind: 'reset' });
    await expect(describeClusters()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lastRequest()).toMatchObject({ status: 0, fault: 'reset' });
  });

  it.each(['truncate', 'garbage'] as const)('may be an answer that is no JSON (%s)', async (kind) => {
    strike({ kind });
    await expect(describeClusters()).rejects.toBeInstanceOf(SyntaxError);
  });

  it('may be an answer that comes after the caller has gone, although the work was done', async () => {
    const [member] = await joined();
    strike({ kind: 'latency', latencyMs: 300, when: 'after' }, 'PutAttributes');
    const attributes = [{ name: 'late', value: 'x', targetId: member?.arn ?? '' }];
    const call = new AbortController();
    const put = clients.ecs.send(new PutAttributesCommand({ cluster: 'tests', attributes }), {
      abortSignal: call.signal,
    });
    await until('the attribute', () => member?.attributes.get('late') === 'x');
    call.abort();
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('may be a 200 that refuses every item and does nothing', async () => {
    const [member] = await joined();
    strike({ kind: 'failures', reason: 'MISSING' }, 'UpdateContainerInstancesState');
    const drain = new UpdateContainerInstancesStateCommand({
      cluster: 'tests',
      containerInstances: [member?.arn ?? ''],
      status: 'DRAINING',
    });
    const answer = await clients.ecs.send(drain);
    expect(answer).toMatchObject({ containerInstances: [], failures: [{ arn: member?.arn, reason: 'MISSING' }] });
    expect(member?.status).toBe('ACTIVE');
  });
});

/** The container instances, when there is one. */
async function joined() {
  const { world, driver } = sandbox;
  await until('an instance to join', () =>
    driver.inPresent(() => world.ecs.cluster('tests').containerInstances.size > 0),
  );
  return [...world.ecs.cluster('tests').containerInstances.values()];
}
