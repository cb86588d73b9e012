// What fleet, EC2 and ECS say of each instance, joined on the EC2 instance id. All lists are walked once, in the order of
// the ids, instead of looking each id up: with thousands of instances that is most of what a plan would take.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { FleetMember } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { Instance } from '../model/instance.ts';
import type { TasksOnInstance } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';

/** The lists of a snapshot, all but the tasks in the order of the instance ids. */
export interface Sources {
  readonly instances: readonly Instance[];
  readonly members: readonly FleetMember[];
  /** One record an instance. */
  readonly records: readonly ContainerInstance[];
  readonly tasks: readonly TasksOnInstance[];
}

export function sourcesIn({ instances, fleet, containerInstances, tasks }: ClusterSnapshot): Sources {
  return {
    instances: sorted(instances, ({ id }) => id),
    members: sorted(fleet?.members ?? [], ({ instanceId }) => instanceId),
    records: newestRecords(containerInstances),
    tasks,
  };
}

/** What the sources say of one instance. */
export interface Source {
  readonly instanceId: InstanceId;
  readonly instance: Instance | null;
  readonly containerInstance: ContainerInstance | null;
  /** undefined when its tasks were not looked at. */
  readonly entry: TasksOnInstance | undefined;
  /** null for an instance that is not in the fleet; possibly empty in the fleet's list. */
  readonly memberType: string | null;
}

/** Every instance that the fleet lists or that ECS knows, by id. */
export function joinedById({ instances, members, records, tasks }: Sources): Source[] {
  const instanceOf = walker(instances, ({ id }) => id);
  const memberOf = walker(members, ({ instanceId }) => instanceId);
  const recordOf = walker(records, ({ instanceId }) => instanceId);
  const entryOf = entries(records, tasks);
  return mergedIds(members, records).map((instanceId) => {
    const containerInstance = recordOf(instanceId);
    return {
      instanceId,
      instance: instanceOf(instanceId),
      containerInstance,
      entry: containerInstance === null ? undefined : entryOf(containerInstance),
      memberType: memberOf(instanceId)?.instanceType ?? null,
    };
  });
}

/**
 * What the sources say of the instance at this place of every list; null where the lists do not all speak of the same one
 * there. In a steady cluster they do from end to end, and nothing has to be walked.
 */
export function alignedAt({ instances, members, records, tasks }: Sources, at: number): Source | null {
  const [instance, member, record, entry] = [instances[at], members[at], records[at], tasks[at]];
  if (instance === undefined || member === undefined || record === undefined || entry === undefined) return null;
  const { instanceId } = record;
  const isOne =
    instance.id === instanceId && member.instanceId === instanceId && entry.containerInstanceArn === record.arn;
  return isOne ? { instanceId, instance, containerInstance: record, entry, memberType: member.instanceType } : null;
}

/** Whether all lists are as long. */
export function areEven({ instances, members, records, tasks }: Sources): boolean {
  return instances.length === records.length && members.length === records.length && tasks.length === records.length;
}

/** The list itself when it is in order, as it mostly is. */
function sorted<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  for (let at = 1; at < items.length; at += 1) {
    const [before, item] = [items[at - 1], items[at]];
    if (before === undefined || item === undefined || keyOf(before) <= keyOf(item)) continue;
    return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }
  return items;
}

/** Finds items by key; must be asked in the order of the keys. */
function walker<Item>(items: readonly Item[], keyOf: (item: Item) => string): (key: string) => Item | null {
  let at = 0;
  return (key) => {
    for (let item = items[at]; item !== undefined && keyOf(item) < key; item = items[at]) at += 1;
    const item = items[at];
    return item !== undefined && keyOf(item) === key ? item : null;
  };
}

function mergedIds(members: readonly FleetMember[], records: readonly ContainerInstance[]): InstanceId[] {
  const ids: InstanceId[] = [];
  let member = 0;
  for (const { instanceId } of records) {
    for (let other = members[member]; other !== undefined && other.instanceId <= instanceId; other = members[member]) {
      if (other.instanceId < instanceId && other.instanceId !== ids.at(-1)) ids.push(other.instanceId);
      member += 1;
    }
    ids.push(instanceId);
  }
  for (const { instanceId } of members.slice(member)) if (instanceId !== ids.at(-1)) ids.push(instanceId);
  return ids;
}

/** An ECS agent that registered anew leaves its old record behind, disconnected: the connected, newest one stands. */
function newestRecords(all: readonly ContainerInstance[]): readonly ContainerInstance[] {
  const ordered = sorted(all, ({ instanceId }) => instanceId);
  const isTwice = ordered.some(({ instanceId }, at) => at > 0 && ordered[at - 1]?.instanceId === instanceId);
  if (!isTwice) return ordered;
  const newest = new Map<InstanceId, ContainerInstance>();
  for (const each of ordered) {
    const other = newest.get(each.instanceId);
    if (other === undefined || isNewer(each, other)) newest.set(each.instanceId, each);
  }
  return [...newest.values()];
}

function isNewer(a: ContainerInstance, b: ContainerInstance): boolean {
  if (a.agentConnected !== b.agentConnected) return a.agentConnected;
  return a.registeredAt === b.registeredAt ? a.arn > b.arn : a.registeredAt > b.registeredAt;
}

/** Tasks mostly come in the order of the records; where they do not, they are looked up. Asked in the order of the records. */
function entries(
  records: readonly ContainerInstance[],
  tasks: readonly TasksOnInstance[],
): (of: ContainerInstance) => TasksOnInstance | undefined {
  if (!isInOrder(records, tasks)) {
    const byArn = new Map(tasks.map((entry) => [entry.containerInstanceArn, entry]));
    return ({ arn }) => byArn.get(arn);
  }
  let at = 0;
  return ({ arn }) => {
    const entry = tasks[at];
    if (entry?.containerInstanceArn !== arn) return undefined;
    at += 1;
    return entry;
  };
}

/** Whether walking the records meets every entry. */
function isInOrder(records: readonly ContainerInstance[], tasks: readonly TasksOnInstance[]): boolean {
  let at = 0;
  for (const { arn } of records) if (tasks[at]?.containerInstanceArn === arn) at += 1;
  return at === tasks.length;
}
