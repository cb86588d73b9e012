// Container instances whose room cannot be told. They stay in the snapshot, and offer none.
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { SetAside } from '../../model/snapshot.ts';

/** Each instance whose resources are missing or negative, with what exactly is. */
export function unreadableResources(instances: readonly ContainerInstance[]): SetAside[] {
  return instances.flatMap((instance): SetAside[] => {
    const found = missing(instance) ?? negative(instance);
    return found === null ? [] : [{ kind: 'instance', subject: instance.instanceId, ...found }];
  });
}

function missing({ registered, remaining }: ContainerInstance): Pick<SetAside, 'reason' | 'detail'> | null {
  const lists = [...(registered === null ? ['registered'] : []), ...(remaining === null ? ['remaining'] : [])];
  if (lists.length === 0) return null;
  return { reason: 'resources-missing', detail: `its ${lists.join(' and ')} resources lack cpu or memory` };
}

function negative({ remaining }: ContainerInstance): Pick<SetAside, 'reason' | 'detail'> | null {
  if (remaining === null || (remaining.cpuUnits >= 0 && remaining.memoryMiB >= 0)) return null;
  const { cpuUnits, memoryMiB } = remaining;
  return { reason: 'resources-negative', detail: `${cpuUnits} cpu units and ${memoryMiB} MiB remain on it` };
}
