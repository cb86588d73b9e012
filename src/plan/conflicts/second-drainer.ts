// Something else on a host answers interruption notices, as the agent there found and wrote down: a handler that stops
// tasks, or completes a lifecycle action and so ends the instance, before its tasks have had their time.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Conflict } from './conflict.ts';

/** One for each thing that was found, on however many hosts: it came with an image. */
export function secondDrainers({ containerInstances }: ClusterSnapshot): Conflict[] {
  const byFound = new Map<string, InstanceId[]>();
  for (const { attributes, instanceId, status } of containerInstances) {
    const found = attributes[ATTRIBUTE.otherDrainer];
    if (found === undefined || status === 'INACTIVE') continue;
    byFound.set(found, [...(byFound.get(found) ?? []), instanceId]);
  }
  return [...byFound].map(([found, instanceIds]) => ({ kind: 'second-drainer', found, instanceIds }));
}
