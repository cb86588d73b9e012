// What fleet, EC2 and ECS say of each instance, joined on the EC2 instance id. All lists are walked once, in the order of
// the ids, instead of looking each id up: with thousands of instances that is most of what a plan would take.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { FleetMember } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { Instance } from '../model/instance.ts';
import type { TasksOnInstance } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';

/** Tells every instance that the fleet lists or that ECS knows, by id. Makes nothing: most of what it tells is known. */
export function tellById(
  { instances, fleet, containerInstances, tasks }: ClusterSnapshot,
  tell: (
    instanceId: InstanceId,
    instance: Instance | null,
    containerInstance: ContainerInstance | null,
    member: FleetMember | null,
    entry: TasksOnInstance | undefined,
  ) => void,
): void {
  const instanceOf = walker(
    sorted(instances, ({ id }) => id),
    ({ id }) => id,
  );
  const members = sorted(fleet?.members ?? [], ({ instanceId }) => instanceId);
  const memberOf = walker(members, ({ instanceId }) => instanceId);
  const records = newestRecords(containerInstances);
  const recordOf = walker(records, ({ instanceId }) => instanceId);
  const entryOf = entries(records, tasks);
  for (const id of mergedIds(members, records)) {
    const containerInstance = recordOf(id);
    const entry = containerInstance === null ? undefined : entryOf(containerInstance);
    tell(id, instanceOf(id), containerInstance, memberOf(id), entry);
  }
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
