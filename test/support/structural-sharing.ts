// What an observer hands out pass after pass: a snapshot in which everything that did not change is the very same object
// as before. And the opposite: the same snapshot with no object that anybody has seen.
import { isDeepStrictEqual } from 'node:util';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';

/** The later snapshot, with the objects of the earlier one wherever they are equal. */
export function sharing(before: ClusterSnapshot, after: ClusterSnapshot): ClusterSnapshot {
  return {
    ...after,
    fleet: kept(before.fleet, after.fleet),
    instances: keptEach(before.instances, after.instances, ({ id }) => id),
    instanceTypes: keptEach(before.instanceTypes, after.instanceTypes, ({ name }) => name),
    containerInstances: keptEach(before.containerInstances, after.containerInstances, ({ arn }) => arn),
    services: keptEach(before.services, after.services, ({ arn }) => arn),
    definitions: keptEach(before.definitions, after.definitions, ({ arn }) => arn),
    tasks: keptEach(before.tasks, after.tasks, ({ containerInstanceArn }) => containerInstanceArn),
  };
}

/** Equal in everything, and the same in nothing. */
export function unshared(snapshot: ClusterSnapshot): ClusterSnapshot {
  return structuredClone(snapshot);
}

function kept<Item>(before: Item, after: Item): Item {
  return isDeepStrictEqual(before, after) ? before : after;
}

function keptEach<Item>(before: readonly Item[], after: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  return after.map((item) => kept(known.get(keyOf(item)) ?? item, item));
}
