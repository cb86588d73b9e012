// Who is behind the fleet: launched with another image, or from another version of the launch template, than the fleet
// launches now. Behind is also who is ahead, after an operator took a bad version back.
import type { InstanceId } from '../../model/ids.ts';
import { differs } from '../../model/launch.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';

/** Empty where it cannot be told, in the order of the snapshot. Only members of the fleet: it launched no other. */
export function driftedIn({ fleet, launches, instances }: Pick<ClusterSnapshot, 'fleet' | 'launches' | 'instances'>) {
  const drifted = new Set<InstanceId>();
  if (fleet === null || launches.length === 0) return drifted;
  const wanted = new Map(launches.map((launch) => [launch.instanceType, launch]));
  const members = new Set(fleet.members.map(({ instanceId }) => instanceId));
  for (const { id, instanceType, launch } of instances) {
    const now = wanted.get(instanceType);
    if (now !== undefined && members.has(id) && differs(launch, now)) drifted.add(id);
  }
  return drifted;
}
