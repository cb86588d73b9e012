// What the controller needs. It does not start without what it looks at and leads by; whatever is missing beyond that is
// said at each pass, and nothing shrinks that cannot be seen.
import type { Permission } from './permission.ts';

const NOTHING_DECIDED = 'nothing is decided, and the fleet stays as it is';
const NOTHING_LEAVES = 'no instance leaves; the fleet can still grow';
const NO_START = 'it does not start';

export const CONTROLLER_PERMISSIONS: readonly Permission[] = [
  {
    action: 'ecs:DescribeClusters',
    scope: 'cluster',
    why: 'at start: the cluster exists; every pass: its tags, which announce [standalone tasks](#standalone-tasks) and [hold it back](#holding-it-back)',
    without: NO_START,
  },
  {
    action: 'ecs:ListContainerInstances',
    scope: 'cluster',
    why: 'every pass: who is in the cluster; in a large one by query: who drains, has a notice or a mark, is new or not connected',
    without: NOTHING_DECIDED,
  },
  {
    action: 'ecs:DescribeContainerInstances',
    scope: 'in-cluster',
    why: 'every pass: their room, their state, their attributes',
    without: NOTHING_DECIDED,
  },
  {
    action: 'ecs:ListServices',
    scope: 'in-cluster',
    why: 'every pass: the services',
    without: NOTHING_DECIDED,
  },
  {
    action: 'ecs:DescribeServices',
    scope: 'in-cluster',
    why: 'every pass: what they want and have, their deployments, constraints and strategies',
    without: NOTHING_DECIDED,
  },
  {
    action: 'ecs:ListTasks',
    scope: 'in-cluster',
    why: 'every pass: which tasks run where; on an instance on its way out, which are still stopping',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ecs:DescribeTasks',
    scope: 'in-cluster',
    why: 'of tasks that are new: their service and definition; whether an instance on its way out is really empty',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ecs:GetTaskProtection',
    scope: 'tasks',
    why: 'before an instance is chosen to leave: which of its tasks are protected from scale-in',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    scope: 'anywhere',
    why: 'what a task needs, once for each revision',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ecs:UpdateContainerInstancesState',
    scope: 'in-cluster',
    why: 'drains an instance that leaves, takes it back when it is needed',
    without: 'no instance leaves, and none is taken back',
  },
  {
    action: 'ecs:PutAttributes',
    scope: 'in-cluster',
    why: 'marks an instance as leaving, so that the next leader knows whose drain it is',
    without: 'no instance leaves',
  },
  {
    action: 'ecs:DeleteAttributes',
    scope: 'in-cluster',
    why: 'takes the mark off again',
    without: 'an instance that was taken back goes on counting as leaving',
  },
  {
    action: 'ec2:DescribeSpotFleetRequests',
    scope: 'anywhere',
    why: "the fleet's target, state and weights",
    without: NO_START,
  },
  {
    action: 'ec2:DescribeLaunchTemplateVersions',
    scope: 'anywhere',
    why: 'what the fleet launches now, once for each version of its launch template; of `$Latest` and `$Default` once a minute',
    without: 'nobody is told to be behind the fleet; all else goes on',
  },
  {
    action: 'ec2:DescribeSpotFleetInstances',
    scope: 'anywhere',
    why: "the fleet's instances",
    without: NO_START,
  },
  {
    action: 'ec2:ModifySpotFleetRequest',
    scope: 'fleet',
    why: 'sets the target capacity',
    without: 'the fleet neither grows nor shrinks',
  },
  {
    action: 'ec2:DescribeInstances',
    scope: 'anywhere',
    why: 'zone, age and state of the instances, and whether they are Spot',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ec2:DescribeInstanceTypes',
    scope: 'anywhere',
    why: 'of the types the fleet may launch: vCPUs, memory, GPUs, processor, network interfaces',
    without: NOTHING_LEAVES,
  },
  {
    action: 'ec2:TerminateInstances',
    scope: 'fleet-instances',
    why: 'ends an instance that is empty',
    without: 'instances that were emptied stay, and are paid for',
  },
  {
    action: 'dynamodb:GetItem',
    scope: 'lease-table',
    why: 'reads the lease',
    without: NO_START,
  },
  {
    action: 'dynamodb:PutItem',
    scope: 'lease-table',
    why: 'takes and renews the lease, by a conditional write',
    without: NO_START,
  },
  {
    action: 'dynamodb:DescribeTable',
    scope: 'lease-table',
    why: 'only with `--create-lease-table`: whether the lease table is there, with the right key',
    without: 'it does not start with that option',
  },
  {
    action: 'dynamodb:CreateTable',
    scope: 'lease-table',
    why: 'only with `--create-lease-table`: makes it; not needed once it is there',
    without: 'it does not start with that option while there is no table',
  },
  {
    action: 'cloudwatch:PutMetricData',
    scope: 'metrics',
    why: 'publishes the metrics',
    without: 'CloudWatch has none of them, and all else goes on',
  },
];
