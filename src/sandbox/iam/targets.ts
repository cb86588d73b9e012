// What each action is authorized on: resources, and the condition keys they bring. An action that is not listed here is
// about no resource in particular, as most that only describe are in EC2.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html and, for the
// other services, list_amazonec2.html, list_amazondynamodb.html and list_amazoncloudwatch.html.
import { shortName } from '../../model/ids.ts';
import { type ArnKind, ecsArn } from '../../world/ecs/identity.ts';
import type { World } from '../../world/world.ts';
import type { ApiInput } from '../api.ts';
import { tagsOf } from '../ec2/instance-description.ts';
import type { Target } from './evaluate.ts';

type Find = (world: World, input: ApiInput) => Target[];

/** What a request is about; never empty. It is authorized before it is checked, so a nonsensical one is about nothing. */
export function targetsOf(world: World, action: string, input: ApiInput): Target[] {
  const found = (Object.hasOwn(FINDERS, action) ? FINDERS[action] : undefined)?.(world, input) ?? [];
  return found.length > 0 ? found : [{ arn: '*', keys: {} }];
}

const containerInstances = inCluster('container-instance', ({ containerInstances: named }) => named);
const attributes = inCluster('container-instance', ({ attributes: given }) =>
  list(given).map((each) => (isObject(each) ? each.targetId : undefined)),
);
const services = inCluster('service', ({ services: named }) => named);
const service = inCluster('service', (input) => [input.service ?? input.serviceName]);
const tasks = inCluster('task', (input) => input.tasks);
const resource: Find = (_world, { resourceArn }) => texts([resourceArn]).map((arn) => ({ arn, keys: {} }));
const table: Find = ({ settings: { region, accountId } }, { TableName }) =>
  texts([TableName]).map((name) => ({ arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}`, keys: {} }));
/** On a definition, where it names one, in the cluster. */
const starting: Find = (world, input) =>
  texts([input.taskDefinition]).map((definition) => ({
    arn: definition.startsWith('arn:') ? definition : ecsArn(world.settings, 'task-definition', definition),
    keys: clusterKey(world, input),
  }));

const FINDERS: Readonly<Record<string, Find>> = {
  'ecs:CreateService': service,
  'ecs:DeleteAttributes': attributes,
  'ecs:DescribeClusters': (world, { clusters }) => named(world, texts(clusters ?? ['default']), 'cluster', ''),
  'ecs:DescribeContainerInstances': containerInstances,
  'ecs:DescribeServices': services,
  'ecs:DescribeTasks': tasks,
  'ecs:GetTaskProtection': tasks,
  'ecs:ListContainerInstances': (world, input) => [{ arn: clusterArn(world, input), keys: {} }],
  'ecs:ListServices': (world, input) => [{ arn: '*', keys: clusterKey(world, input) }],
  'ecs:ListTagsForResource': resource,
  // On a container instance where it names one, else on all of them.
  'ecs:ListTasks': inCluster('container-instance', (input) => [input.containerInstance ?? '*']),
  'ecs:PutAttributes': attributes,
  'ecs:RunTask': starting,
  'ecs:StartTask': starting,
  'ecs:StopTask': inCluster('task', (input) => [input.task]),
  'ecs:TagResource': resource,
  'ecs:UntagResource': resource,
  'ecs:UpdateContainerInstancesState': containerInstances,
  'ecs:UpdateService': service,
  'ecs:UpdateTaskProtection': tasks,
  'ec2:ModifySpotFleetRequest': ({ settings: { region, accountId } }, input) =>
    texts([input.SpotFleetRequestId]).map((id) => ({
      arn: `arn:aws:ec2:${region}:${accountId}:spot-fleet-request/${id}`,
      keys: {},
    })),
  'ec2:TerminateInstances': (world, input) => texts(input.InstanceId).map((id) => instance(world, id)),
  'cloudwatch:PutMetricData': (_world, { Namespace }) => [
    { arn: '*', keys: typeof Namespace === 'string' ? { 'cloudwatch:namespace': Namespace } : {} },
  ],
  'dynamodb:CreateTable': table,
  'dynamodb:DeleteItem': table,
  'dynamodb:DescribeTable': table,
  'dynamodb:GetItem': table,
  'dynamodb:PutItem': table,
  'dynamodb:UpdateItem': table,
};

function inCluster(kind: ArnKind, pick: (input: ApiInput) => unknown): Find {
  return (world, input) => {
    const keys = clusterKey(world, input);
    const cluster = shortName(clusterArn(world, input));
    return named(world, texts(pick(input)), kind, `${cluster}/`).map(({ arn }) => ({ arn, keys }));
  };
}

function named({ settings }: World, references: readonly string[], kind: ArnKind, path: string): Target[] {
  return references.map((reference) => ({
    arn: reference === '*' || reference.startsWith('arn:') ? reference : ecsArn(settings, kind, `${path}${reference}`),
    keys: {},
  }));
}

function clusterKey(world: World, input: ApiInput): Target['keys'] {
  return { 'ecs:cluster': clusterArn(world, input) };
}

function clusterArn({ settings }: World, { cluster }: ApiInput): string {
  const name = typeof cluster === 'string' && cluster !== '' ? cluster : 'default';
  return name.startsWith('arn:') ? name : ecsArn(settings, 'cluster', name);
}

/** With its tags, which policies of either name can ask for. */
function instance({ ec2, settings: { region, accountId } }: World, id: string): Target {
  const known = ec2.instances.get(id);
  const tags = known === undefined ? [] : tagsOf(known);
  return {
    arn: `arn:aws:ec2:${region}:${accountId}:instance/${id}`,
    keys: Object.fromEntries(
      tags.flatMap(({ key, value }) => ['aws', 'ec2'].map((prefix) => [`${prefix}:ResourceTag/${key}`, value])),
    ),
  };
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] =>
  list(value).filter((each): each is string => typeof each === 'string' && each !== '');
const isObject = (value: unknown): value is ApiInput => typeof value === 'object' && value !== null;
