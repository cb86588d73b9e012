// What the agent needs, in the role of its instance profile. Without any of it the agent runs on and says what is missing.
import type { Permission } from './permission.ts';

export const AGENT_PERMISSIONS: readonly Permission[] = [
  {
    action: 'ecs:UpdateContainerInstancesState',
    scope: 'in-cluster',
    why: 'sets its own instance to DRAINING: the whole point',
    without: 'ECS moves no task before the instance ends',
  },
  {
    action: 'ecs:PutAttributes',
    scope: 'in-cluster',
    why: 'writes on its container instance that it is ready, its notice, its cordon and what else here answers notices',
    without:
      'services that ask for `spotkeeper.ready` place nothing here, the controller learns of no notice, and nothing is cordoned',
  },
  {
    action: 'ecs:DeleteAttributes',
    scope: 'in-cluster',
    why: 'takes notice and cordon off again',
    without: 'both stay when their cause is over',
  },
  {
    action: 'ecs:DescribeContainerInstances',
    scope: 'in-cluster',
    why: 'who set DRAINING: only what it set itself it takes back; at start, that ECS answers at all',
    without: 'nothing is cordoned for a recommendation, and a drain is never taken back',
  },
  {
    action: 'ecs:StopTask',
    scope: 'in-cluster',
    why: 'stops a task while its stop timeout still fits before the end',
    without: 'tasks that ECS does not move end without SIGTERM',
  },
  {
    action: 'ecs:DescribeTasks',
    scope: 'in-cluster',
    why: 'once for each task: the service it belongs to',
    without: 'every task counts as one of a service that is no daemon and has no load balancer',
  },
  {
    action: 'ecs:DescribeServices',
    scope: 'in-cluster',
    why: 'tells daemons from other services, and which load balancers a service has',
    without: 'daemons are not stopped last, and no deregistration delay is kept',
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    scope: 'anywhere',
    why: 'the stop timeout of each task',
    without: 'every task counts as having the default stop timeout of the ECS agent',
  },
  {
    action: 'elasticloadbalancing:DescribeTargetGroupAttributes',
    scope: 'anywhere',
    why: 'the deregistration delay of these load balancers',
    without: 'none is assumed',
  },
  {
    action: 'ecs:GetTaskProtection',
    scope: 'tasks',
    why: 'before a voluntary drain: which tasks are protected',
    without: 'every service task counts as protected, and nothing drains for a voluntary reason',
  },
  {
    action: 'ecs:ListTasks',
    scope: 'in-cluster',
    why: "the tasks on this instance, where the ECS agent's own list cannot be read",
    without: 'where the ECS agent is down, no task is stopped in time',
  },
  {
    action: 'ecs:StartTask',
    scope: 'in-cluster',
    why: 'only with `requiredDaemons.families`: starts them on its own instance. Where their definitions have roles, `iam:PassRole` for these, too',
    without: 'these daemons do not run, and the instance is not ready',
  },
];
