// What a caller's policy does not allow is answered as AWS answers it, in each protocol, and nothing is done.
import { ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeInstancesCommand,
  ModifySpotFleetRequestCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTasksCommand,
  PutAttributesCommand,
  StartTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PolicyDocument, policyDocument } from '../../../src/model/iam/document.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { until } from '../../support/until.ts';
import { aCluster, aQuickSandbox, type Clients, clientsOf } from '../clients.ts';

const PLACES = { region: 'us-east-1', account: '123456789012', cluster: 'tests', leaseTable: 'leases' };
const NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

let sandbox: Sandbox;
let fleet: string;
let other: string;
let nobody: Clients;
let controller: Clients;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  fleet = aCluster(sandbox).fleetId;
  other = aCluster(sandbox, 'others').fleetId;
  const { world, driver } = sandbox;
  await until('both fleets to have an instance in the cluster', () =>
    driver.inPresent(() =>
      [fleet, other].every((id) =>
        world.ec2.fleets.get(id)?.members.some((each) => world.ecs.containerInstanceOf(each.id)),
      ),
    ),
  );
  nobody = inRole('nobody', NOTHING);
  controller = inRole('controller', policyDocument('controller', { ...PLACES, fleetId: fleet }));
});

afterAll(() => sandbox.close());

function inRole(name: string, policy: PolicyDocument): Clients {
  sandbox.environmentFor(name, { name: `spotkeeper-${name}`, policy });
  return clientsOf(sandbox, name);
}

const memberOf = (id: string) => sandbox.world.ec2.fleets.get(id)?.members[0]?.id ?? '';
const arnOn = (id: string) => sandbox.world.ecs.containerInstanceOf(memberOf(id))?.arn ?? '';

function post(headers: Record<string, string>, body: string): Promise<Response> {
  const { AWS_ACCESS_KEY_ID: key } = sandbox.environmentFor('nobody');
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0`;
  return fetch(sandbox.endpoints.aws, { method: 'POST', headers: { authorization, ...headers }, body });
}

const form = (body: string) => post({ 'content-type': 'application/x-www-form-urlencoded' }, body);
const WHO = 'User: arn:aws:sts::123456789012:assumed-role/spotkeeper-nobody/nobody is not authorized to perform:';

describe('what a policy does not allow is answered', () => {
  it('by ECS with AccessDeniedException', async () => {
    await expect(nobody.ecs.send(new ListServicesCommand({ cluster: 'tests' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${WHO} ecs:ListServices on resource: * because no identity-based policy allows the ecs:ListServices action`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('by EC2 with UnauthorizedOperation', async () => {
    const command = new ModifySpotFleetRequestCommand({ SpotFleetRequestId: fleet, TargetCapacity: 2 });
    await expect(nobody.ec2.send(command)).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: `You are not authorized to perform this operation. ${WHO} ec2:ModifySpotFleetRequest on resource: arn:aws:ec2:us-east-1:123456789012:spot-fleet-request/${fleet} because no identity-based policy allows the ec2:ModifySpotFleetRequest action.`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(sandbox.world.ec2.fleets.get(fleet)?.targetUnits).toBe(1);
  });

  it('by DynamoDB with AccessDeniedException, on a table that does not even exist', async () => {
    const command = new GetItemCommand({ TableName: 'leases', Key: { name: { S: 'tests' } } });
    await expect(nobody.dynamodb.send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('on resource: arn:aws:dynamodb:us-east-1:123456789012:table/leases because'),
    });
  });

  it('by CloudWatch with its own word for it', async () => {
    const command = new PutMetricDataCommand({ Namespace: 'Spotkeeper', MetricData: [] });
    await expect(nobody.cloudwatch.send(command)).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
      message: expect.stringContaining('cloudwatch:PutMetricData because'),
    });
    const answer = await form('Action=PutMetricData&Version=2010-08-01&Namespace=Spotkeeper');
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });

  it('by Elastic Load Balancing with AccessDenied, by the name IAM has for it', async () => {
    const answer = await form('Action=DescribeTargetGroupAttributes&Version=2015-12-01&TargetGroupArn=x');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(
      `<Code>AccessDenied</Code><Message>${WHO} elasticloadbalancing:DescribeTargetGroupAttributes because`,
    );
  });

  it('to everything but the question who one is', async () => {
    const answer = await form('Action=GetCallerIdentity&Version=2011-06-15');
    expect(await answer.text()).toContain('<Arn>arn:aws:sts::123456789012:assumed-role/spotkeeper-nobody/nobody</Arn>');
  });

  it('before it is looked whether it would make sense', async () => {
    const answer = await post({ 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.StopTask' }, '{"task": 7}');
    expect(await answer.json()).toMatchObject({ __type: 'AccessDeniedException' });
  });

  it('in the log with its code', async () => {
    await expect(nobody.ec2.send(new DescribeInstancesCommand({ DryRun: true }))).rejects.toThrow('not authorized');
    expect(sandbox.log.records.at(-1)).toMatchObject({ status: 403, errorCode: 'UnauthorizedOperation' });
  });

  it('as denied where a statement denies it', async () => {
    const deny = { Effect: 'Deny', Action: 'ecs:*', Resource: '*' } as const;
    const allow = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
    const denied = inRole('denied', { Version: '2012-10-17', Statement: [allow, deny] });
    const told = denied.ecs.send(new ListTasksCommand({ cluster: 'tests' }));
    await expect(told).rejects.toThrow('with an explicit deny in an identity-based policy');
  });
});

describe("the controller's policy", () => {
  it('is that of one cluster', async () => {
    const see = (id: string, cluster: string) =>
      controller.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: [arnOn(id)] }));
    await expect(see(fleet, 'tests')).resolves.toMatchObject({ containerInstances: [{ status: 'ACTIVE' }] });
    await expect(see(other, 'others')).rejects.toThrow('not authorized to perform');
  });

  it.each([
    ['ListTasks', () => controller.ecs.send(new ListTasksCommand({ cluster: 'others' }))],
    ['ListServices', () => controller.ecs.send(new ListServicesCommand({ cluster: 'others' }))],
    ['ListTasks of the default cluster', () => controller.ecs.send(new ListTasksCommand({}))],
    ['DescribeTasks', () => controller.ecs.send(new DescribeTasksCommand({ cluster: 'others', tasks: ['x'] }))],
    [
      'PutAttributes',
      () =>
        controller.ecs.send(
          new PutAttributesCommand({ cluster: 'others', attributes: [{ name: 'a', targetId: arnOn(other) }] }),
        ),
    ],
    [
      'StartTask, which it never needs',
      () =>
        controller.ecs.send(
          new StartTaskCommand({ cluster: 'tests', taskDefinition: 'web', containerInstances: [arnOn(fleet)] }),
        ),
    ],
    [
      'another fleet',
      () => controller.ec2.send(new ModifySpotFleetRequestCommand({ SpotFleetRequestId: other, TargetCapacity: 2 })),
    ],
    ['an instance of another fleet', () => controller.ec2.send(terminate(other))],
    ['an instance that nobody knows', () => controller.ec2.send(terminate('none'))],
    [
      'another table',
      () => controller.dynamodb.send(new GetItemCommand({ TableName: 'others', Key: { name: { S: 'tests' } } })),
    ],
    [
      'metrics of another namespace',
      () => controller.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Fake', MetricData: [] })),
    ],
    ['reading metrics', () => controller.cloudwatch.send(new ListMetricsCommand({}))],
  ])('does not reach %s', async (_what, call) => {
    await expect(call()).rejects.toThrow('not authorized to perform');
  });

  it('reaches the instances of its own fleet', async () => {
    await expect(controller.ec2.send(terminate(fleet))).resolves.toHaveProperty('TerminatingInstances');
  });
});

function terminate(id: string): TerminateInstancesCommand {
  return new TerminateInstancesCommand({ InstanceIds: [memberOf(id) || 'i-00000000000000000'] });
}
