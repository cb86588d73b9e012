// What our policies are for, each feature done once, by the action of AWS it cannot do without: through the adapters that
// our processes use, over HTTP. The list in src/model/iam/ is not looked at here; that the two agree is what is tested.
import { createCloudWatchClient, createMetricsSink } from '../../src/aws/cloudwatch-metrics.ts';
import { createDynamoClient, createDynamoLeaseStore } from '../../src/aws/dynamodb-lease.ts';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { ensureLeaseTable } from '../../src/aws/lease-table.ts';
import { createLoadBalancers, createLoadBalancingClient } from '../../src/aws/load-balancers.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import type { PolicyName } from '../../src/model/iam/permission.ts';
import { containerInstanceArn, fleetId, instanceId, taskArn, taskDefinitionArn } from '../../src/model/ids.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { keepingLogger } from '../support/log-lines.ts';

/** What there is to do something to, by its name or ARN. */
export interface Things {
  readonly cluster: string;
  readonly fleetId: string;
  /** The id of the launch template of the fleet. */
  readonly template: string;
  readonly leaseTable: string;
  readonly containerInstance: string;
  /** Of the fleet; it may be terminated. */
  readonly instance: string;
  /** It may be stopped. */
  readonly task: string;
  readonly service: string;
  readonly definition: string;
  /** May be started on the container instance. */
  readonly family: string;
  readonly targetGroup: string;
}

/** Feature, in a sentence about the process; the action it needs; how it is done. */
export type Exercise = readonly [feature: string, action: string, run: (aws: Aws, things: Things) => Promise<unknown>];

type Aws = ReturnType<typeof awsAs>;

/** New clients, so that they have the credentials of this process's environment as it is now. */
export function awsAs(policy: PolicyName, things: Things) {
  const settings = { region: 'us-east-1', policy, maxAttempts: 1 } as const;
  const [ecs, ec2, dynamodb] = [createEcsClient(settings), createEc2Client(settings), createDynamoClient(settings)];
  return {
    cluster: createEcsCluster({ cluster: things.cluster, client: ecs, clock }),
    fleet: createSpotFleet({ id: fleetId(things.fleetId), client: ec2 }),
    instances: createInstances({ client: ec2 }),
    lease: createDynamoLeaseStore({ client: dynamodb, table: things.leaseTable, name: things.cluster }),
    dynamodb,
    metrics: createMetricsSink({ client: createCloudWatchClient(settings), cluster: things.cluster, clock }),
    loadBalancers: createLoadBalancers({ client: createLoadBalancingClient(settings), clock }),
  };
}

const arnOf = ({ containerInstance }: Things) => containerInstanceArn(containerInstance);

const describesInstance: Exercise[2] = ({ cluster }, things) => cluster.describeContainerInstances([arnOf(things)]);
const listsInstances: Exercise[2] = ({ cluster }) => cluster.listContainerInstances({ kind: 'all' }, null);
const listsServices: Exercise[2] = ({ cluster }) => cluster.listServices(null);
const describesService: Exercise[2] = ({ cluster }, { service }) => cluster.servicesNamed([service]);
const listsTasks: Exercise[2] = ({ cluster }) => cluster.listTasks({ on: null, desiredStatus: 'RUNNING' }, null);
const describesTask: Exercise[2] = ({ cluster }, { task }) => cluster.describeTasks([taskArn(task)]);
const describesDefinition: Exercise[2] = ({ cluster }, { definition }) =>
  cluster.taskDefinition(taskDefinitionArn(definition));
const asksProtection: Exercise[2] = ({ cluster }, { task }) => cluster.protectedTasks([taskArn(task)]);
const marks: Exercise[2] = ({ cluster }, things) => cluster.setAttribute(arnOf(things), 'spotkeeper.test', 'yes');
const unmarks: Exercise[2] = ({ cluster }, things) => cluster.removeAttribute(arnOf(things), 'spotkeeper.test');
const drainsAndTakesBack: Exercise[2] = async ({ cluster }, things) => {
  await cluster.drain(arnOf(things));
  await cluster.reactivate(arnOf(things));
};
const looksAtFleet: Exercise[2] = ({ fleet }) => fleet.describe();
/** By the template that the world gives the fleet, so that nothing but this is asked. */
const readsTemplate: Exercise[2] = ({ fleet }, { template }) => fleet.launchOf({ idOrName: template, version: '1' });
const describesEc2Instance: Exercise[2] = ({ instances }, { instance }) => instances.describe([instanceId(instance)]);
const describesType: Exercise[2] = ({ instances }) => instances.types(['m5.large']);

/** In an order in which all of them can be done: the table is made before it is read, and what cannot be undone comes last. */
export const EXERCISES: Readonly<Record<PolicyName, readonly Exercise[]>> = {
  agent: [
    ['sees who set DRAINING', 'ecs:DescribeContainerInstances', describesInstance],
    ['writes its notice', 'ecs:PutAttributes', marks],
    ['takes its notice off', 'ecs:DeleteAttributes', unmarks],
    ['drains its instance', 'ecs:UpdateContainerInstancesState', drainsAndTakesBack],
    ['learns whose a task is', 'ecs:DescribeTasks', describesTask],
    ['tells daemons from other services', 'ecs:DescribeServices', describesService],
    ['learns a stop timeout', 'ecs:DescribeTaskDefinition', describesDefinition],
    [
      'learns a deregistration delay',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      ({ loadBalancers }, { targetGroup }) => loadBalancers.deregistrationDelayMs(targetGroup),
    ],
    ['respects scale-in protection', 'ecs:GetTaskProtection', asksProtection],
    [
      'lists its tasks without the ECS agent',
      'ecs:ListTasks',
      ({ cluster }, things) => cluster.listTasks({ on: arnOf(things), desiredStatus: 'RUNNING' }, null),
    ],
    [
      'starts a required daemon',
      'ecs:StartTask',
      ({ cluster }, things) => cluster.startTask(arnOf(things), things.family, 'spotkeeper'),
    ],
    ['stops a task in time', 'ecs:StopTask', ({ cluster }, { task }) => cluster.stopTask(taskArn(task), 'in time')],
  ],
  controller: [
    ['finds its cluster', 'ecs:DescribeClusters', ({ cluster }) => cluster.verify()],
    [
      'hears of standalone tasks',
      'ecs:DescribeClusters',
      async ({ cluster }) => (await cluster.operatorWords()).intents(),
    ],
    ['knows who is in the cluster', 'ecs:ListContainerInstances', listsInstances],
    ['knows the room of instances', 'ecs:DescribeContainerInstances', describesInstance],
    ['knows the services', 'ecs:ListServices', listsServices],
    ['knows what services want', 'ecs:DescribeServices', describesService],
    ['knows which tasks run', 'ecs:ListTasks', listsTasks],
    ['knows whose tasks are', 'ecs:DescribeTasks', describesTask],
    ['respects scale-in protection', 'ecs:GetTaskProtection', asksProtection],
    ['knows what a task needs', 'ecs:DescribeTaskDefinition', describesDefinition],
    ['marks who leaves', 'ecs:PutAttributes', marks],
    ['takes the mark off', 'ecs:DeleteAttributes', unmarks],
    ['drains who leaves, and takes it back', 'ecs:UpdateContainerInstancesState', drainsAndTakesBack],
    ['knows its fleet', 'ec2:DescribeSpotFleetRequests', looksAtFleet],
    ['knows what its fleet launches', 'ec2:DescribeLaunchTemplateVersions', readsTemplate],
    ["knows its fleet's instances", 'ec2:DescribeSpotFleetInstances', looksAtFleet],
    ['knows the state of instances', 'ec2:DescribeInstances', describesEc2Instance],
    ['knows what a type holds', 'ec2:DescribeInstanceTypes', describesType],
    [
      'makes the lease table',
      'dynamodb:CreateTable',
      ({ dynamodb: client }, { leaseTable: table }) =>
        ensureLeaseTable({ client, table, clock, logger: keepingLogger().logger }),
    ],
    ['reads the lease', 'dynamodb:GetItem', ({ lease }) => lease.read()],
    [
      'takes the lease',
      'dynamodb:PutItem',
      async ({ lease }) => {
        const next = { holder: 'me', leaseDurationMs: 1_000, version: 'first', isReleased: true };
        await lease.write(next, null);
      },
    ],
    [
      'looks for the lease table',
      'dynamodb:DescribeTable',
      ({ dynamodb: client }, { leaseTable: table }) =>
        ensureLeaseTable({ client, table, clock, logger: keepingLogger().logger }),
    ],
    [
      'publishes metrics',
      'cloudwatch:PutMetricData',
      ({ metrics }) => metrics.publish([{ name: 'Retiring', value: 0 }]),
    ],
    ['sets the target', 'ec2:ModifySpotFleetRequest', ({ fleet }) => fleet.setTargetCapacity({ targetUnits: 4 })],
    [
      'ends an empty instance',
      'ec2:TerminateInstances',
      ({ instances }, { instance }) => instances.terminate([instanceId(instance)]),
    ],
  ],
  operator: [
    ['names a cluster', 'ecs:DescribeClusters', ({ cluster }) => cluster.verify()],
    ['finds an instance', 'ecs:ListContainerInstances', listsInstances],
    ['sees its state', 'ecs:DescribeContainerInstances', describesInstance],
    ['cordons', 'ecs:PutAttributes', marks],
    ['uncordons', 'ecs:DeleteAttributes', unmarks],
    ['drains', 'ecs:UpdateContainerInstancesState', drainsAndTakesBack],
    ['sees the services', 'ecs:ListServices', listsServices],
    ['sees their constraints', 'ecs:DescribeServices', describesService],
    ["sees definitions' constraints", 'ecs:DescribeTaskDefinition', describesDefinition],
    ['sees what is left', 'ecs:ListTasks', listsTasks],
    ['sees whether tasks have stopped', 'ecs:DescribeTasks', describesTask],
    ['sees protected tasks', 'ecs:GetTaskProtection', asksProtection],
    ['sees the fleet', 'ec2:DescribeSpotFleetRequests', looksAtFleet],
    ['sees what the fleet launches', 'ec2:DescribeLaunchTemplateVersions', readsTemplate],
    ["sees the fleet's instances", 'ec2:DescribeSpotFleetInstances', looksAtFleet],
    ['sees instances', 'ec2:DescribeInstances', describesEc2Instance],
    ['sees types', 'ec2:DescribeInstanceTypes', describesType],
    ['sees who leads', 'dynamodb:GetItem', ({ lease }) => lease.read()],
    ['pauses the controllers', 'ecs:TagResource', ({ cluster }) => cluster.setTag('spotkeeper.x', 'y')],
    ['ends a pause', 'ecs:UntagResource', ({ cluster }) => cluster.removeTag('spotkeeper.x')],
  ],
};
