// Instances of the cluster belong to an ECS capacity provider: its managed scaling ends whoever is empty, its managed
// draining drains, and the room that we count there may be gone at any time.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html (capacityProviderName)
import type { InstanceId } from '../../model/ids.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Conflict } from './conflict.ts';

/** One for each provider. */
export function capacityProviders({ containerInstances, fleet }: ClusterSnapshot): Conflict[] {
  const byProvider = new Map<string, InstanceId[]>();
  for (const { capacityProvider, instanceId, status } of containerInstances) {
    if (capacityProvider === null || status === 'INACTIVE') continue;
    byProvider.set(capacityProvider, [...(byProvider.get(capacityProvider) ?? []), instanceId]);
  }
  if (byProvider.size === 0) return [];
  const members = new Set(fleet?.members.map(({ instanceId }) => instanceId));
  return [...byProvider].map(([provider, instanceIds]) => ({
    kind: 'capacity-provider',
    provider,
    instanceIds,
    ofFleet: instanceIds.filter((id) => members.has(id)).length,
  }));
}
