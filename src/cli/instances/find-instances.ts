// The container instances an operator names: by EC2 instance id, by container instance id or ARN, or by the beginning of
// either id. All of them are found before anything is changed, and every name that is wrong is told at once.
import { nearest } from '../../config/nearest.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import { type ContainerInstanceArn, containerInstanceArn, shortName } from '../../model/ids.ts';
import { type Answer, type ClusterReads, type InstanceQuery, MOST } from '../../ports/cluster-reads.ts';
import { Failure } from '../../ports/failure.ts';

type Reads = Pick<ClusterReads, 'listContainerInstances' | 'describeContainerInstances'>;

const MOST_NAMED = 5;
// An expression has at most 2,000 characters where AWS says how many; an id in a list takes 21 of them.
const MOST_IN_QUERY = 50;
// Below that nearly any list has several that begin so, and a slip of the finger would find one.
const SHORTEST_PREFIX = 4;

/** In the order they were named, each once. @throws Failure `instance-not-found`, a line for each name that is no good */
export async function findInstances(
  cluster: Reads,
  clusterName: string,
  names: readonly string[],
): Promise<ContainerInstance[]> {
  const misplaced = names.flatMap((name) => ofAnotherCluster(name, clusterName) ?? []);
  if (misplaced.length > 0) throw new Failure('instance-not-found', misplaced.join('\n'));
  const exact = await exactly(cluster, names);
  const missing = names.filter((name) => !exact.some((instance) => isCalled(instance, name)));
  // Only a name that is not exact is worth reading the whole cluster for.
  const all = missing.length === 0 ? [] : await everyInstance(cluster);
  const found: ContainerInstance[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const one = exact.find((instance) => isCalled(instance, name)) ?? byPrefix(all, name, clusterName);
    if (typeof one === 'string') problems.push(one);
    else if (!found.some(({ arn }) => arn === one.arn)) found.push(one);
  }
  if (problems.length > 0) throw new Failure('instance-not-found', problems.join('\n'));
  return found;
}

/** `arn:aws:ecs:REGION:ACCOUNT:container-instance/CLUSTER/ID`; the older form does not name the cluster. */
function ofAnotherCluster(name: string, clusterName: string): string | null {
  const [, cluster] = /^arn:[\w-]+:ecs:[^:]*:\d*:container-instance\/([^/]+)\/[^/]+$/.exec(name) ?? [];
  if (cluster === undefined || cluster === clusterName) return null;
  return `${name} is of cluster ${cluster}, not of ${clusterName}: say --cluster ${cluster}`;
}

const isEc2Id = (name: string): boolean => /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(name);
const isContainerInstanceId = (name: string): boolean => /^(?:[0-9a-f]{32}|[0-9a-f-]{36})$/.test(shortName(name));

async function exactly(cluster: Reads, names: readonly string[]): Promise<ContainerInstance[]> {
  const instanceIds = names.filter(isEc2Id);
  const arns = names.filter(isContainerInstanceId).map(containerInstanceArn);
  const listed: ContainerInstanceArn[] = [];
  for (let from = 0; from < instanceIds.length; from += MOST_IN_QUERY) {
    const some = instanceIds.slice(from, from + MOST_IN_QUERY);
    listed.push(...(await listing(cluster, { kind: 'named', instanceIds: some })));
  }
  const found = await describe(cluster, [...new Set([...arns, ...listed])]);
  // An ECS agent that registered anew leaves its old record behind, disconnected.
  return found.sort((a, b) => Number(b.agentConnected) - Number(a.agentConnected) || b.registeredAt - a.registeredAt);
}

async function everyInstance(cluster: Reads): Promise<ContainerInstance[]> {
  return describe(cluster, await listing(cluster, { kind: 'all' }));
}

async function listing(cluster: Reads, query: InstanceQuery): Promise<ContainerInstanceArn[]> {
  const arns: ContainerInstanceArn[] = [];
  let page: string | null = null;
  do {
    const answer: Answer<ContainerInstanceArn> = await cluster.listContainerInstances(query, page);
    arns.push(...answer.items);
    page = answer.next;
  } while (page !== null);
  return arns;
}

/** Without those that have left: nothing can be done to them. */
async function describe(cluster: Reads, arns: readonly ContainerInstanceArn[]): Promise<ContainerInstance[]> {
  const found: ContainerInstance[] = [];
  for (let at = 0; at < arns.length; at += MOST.containerInstances) {
    found.push(...(await cluster.describeContainerInstances(arns.slice(at, at + MOST.containerInstances))).items);
  }
  return found.filter(({ status }) => status !== 'INACTIVE');
}

function isCalled({ instanceId, arn }: ContainerInstance, name: string): boolean {
  return instanceId === name || arn === name || shortName(arn) === name;
}

/** The only one that begins so, or what is wrong with the name. */
function byPrefix(all: readonly ContainerInstance[], name: string, clusterName: string): ContainerInstance | string {
  const begin = ({ instanceId, arn }: ContainerInstance) =>
    instanceId.startsWith(name) || shortName(arn).startsWith(name);
  const matching = all.filter(begin);
  const [only, ...others] = matching;
  if (only !== undefined && name.replace(/^i-/, '').length < SHORTEST_PREFIX) {
    return `${name} is too short: the beginning of an id has ${SHORTEST_PREFIX} characters or more (without "i-"); in cluster ${clusterName} these begin so: ${someOf(matching)}`;
  }
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    return `${name} may be any of ${matching.length} instances of cluster ${clusterName}: ${someOf(matching)}`;
  }
  const ids = all.flatMap(({ instanceId, arn }) => [instanceId, shortName(arn)]);
  const meant = nearest(name, ids);
  const nearby =
    meant !== null ? `did you mean ${meant}?` : all.length === 0 ? 'it has none at all' : `it has ${someOf(all)}`;
  return `no container instance of cluster ${clusterName} is called ${name}: ${nearby}`;
}

function someOf(instances: readonly ContainerInstance[]): string {
  const shown = instances.slice(0, MOST_NAMED).map(({ instanceId, arn }) => `${instanceId} (${shortName(arn)})`);
  const more = instances.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
