// What the commands of an operator need: `cordon`, `drain` and `uncordon`, and the looks of `plan` and `status`.
import type { Permission } from './permission.ts';

export const OPERATOR_PERMISSIONS: readonly Permission[] = [
  {
    action: 'ecs:DescribeClusters',
    scope: 'cluster',
    why: 'every command: the cluster exists',
    without: 'none of them works',
  },
  {
    action: 'ecs:ListContainerInstances',
    scope: 'cluster',
    why: 'every command: finds an instance by its EC2 id',
    without: 'none of them works',
  },
  {
    action: 'ecs:DescribeContainerInstances',
    scope: 'in-cluster',
    why: 'every command: the state and the marks of an instance',
    without: 'none of them works',
  },
  {
    action: 'ecs:PutAttributes',
    scope: 'in-cluster',
    why: '`cordon` and `drain`: sets the cordon; `replace`: sets the wish',
    without: 'none of these works',
  },
  {
    action: 'ecs:DeleteAttributes',
    scope: 'in-cluster',
    why: '`uncordon`: takes the cordon off; `replace --undo`: takes the wish back',
    without: 'it does not work',
  },
  {
    action: 'ecs:UpdateContainerInstancesState',
    scope: 'in-cluster',
    why: '`drain`, `uncordon` and `cordon --or-drain`: DRAINING, and back',
    without: 'none of these works',
  },
  {
    action: 'ecs:ListServices',
    scope: 'in-cluster',
    why: '`cordon`: who would still place tasks there; `plan` and `status`: the services',
    without: 'it is told as not seen',
  },
  {
    action: 'ecs:DescribeServices',
    scope: 'in-cluster',
    why: '`cordon`: the constraints of services; `drain`: whether they can drain; `plan` and `status`: what they want',
    without: 'it is told as not seen',
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    scope: 'anywhere',
    why: '`cordon`: the constraints of definitions; `plan` and `status`: what a task needs',
    without: 'it is told as not seen',
  },
  {
    action: 'ecs:ListTasks',
    scope: 'in-cluster',
    why: '`drain`: what runs there, and with `--wait` what is left; `plan` and `status`: the tasks',
    without: 'it is told as not seen, and `--wait` cannot follow',
  },
  {
    action: 'ecs:DescribeTasks',
    scope: 'in-cluster',
    why: '`drain`: whether each has STOPPED; `plan` and `status`: whose each is',
    without: 'it is told as not seen, and `--wait` cannot follow',
  },
  {
    action: 'ecs:GetTaskProtection',
    scope: 'tasks',
    why: '`drain`: which tasks have scale-in protection',
    without: 'it is told as not seen',
  },
  {
    action: 'ec2:DescribeSpotFleetRequests',
    scope: 'anywhere',
    why: "`plan` and `status`: the fleet's target, state and weights",
    without: 'neither works',
  },
  {
    action: 'ec2:DescribeLaunchTemplateVersions',
    scope: 'anywhere',
    why: '`plan` and `replace --drifted`: what the fleet launches now',
    without: 'nobody is told to be behind the fleet',
  },
  {
    action: 'ec2:DescribeSpotFleetInstances',
    scope: 'anywhere',
    why: "`plan` and `status`: the fleet's instances",
    without: 'neither works',
  },
  {
    action: 'ec2:DescribeInstances',
    scope: 'anywhere',
    why: '`plan` and `status`: zone, age and state of the instances',
    without: 'it is told as not seen',
  },
  {
    action: 'ec2:DescribeInstanceTypes',
    scope: 'anywhere',
    why: '`plan` and `status`: what the types of the fleet hold',
    without: 'it is told as not seen',
  },
  {
    action: 'dynamodb:GetItem',
    scope: 'lease-table',
    why: '`status`: who leads',
    without: 'it does not work',
  },
  {
    action: 'ecs:TagResource',
    scope: 'cluster',
    why: '`pause`, and whoever announces [standalone tasks](#standalone-tasks)',
    without: 'it does not work, and they are found room only when they come',
  },
  {
    action: 'ecs:UntagResource',
    scope: 'cluster',
    why: '`resume`, and whoever takes such an announcement back',
    without: 'it does not work, and what was said stands until its time is over',
  },
];
