// What a new instance of a type will really offer: what such instances register with ECS, minus the daemons. Learned
// from live ones, estimated before the first.
import type { HostPort, Resources } from '../model/resources.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Daemons } from './daemons.ts';
import type { Holding } from './ledger.ts';
import { occupy, type Room } from './room.ts';

// Kernel and firmware keep part of the memory EC2 sells. Nitro types lose 4 to 9 %; this line lies below every
// published value of registered memory, so the estimate errs towards launching too much.
const KEPT_MIB = 200;
const KEPT_SHARE = 0.045;

// What the ECS agent reserves by default: SSH, the Docker daemon, its own two.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html (ECS_RESERVED_PORTS)
const RESERVED_PORTS: readonly HostPort[] = ['tcp:22', 'tcp:2375', 'tcp:2376', 'tcp:51678', 'tcp:51679'];

/** An empty room a type, for each type the fleet may launch and whose size is known. */
export function emptyRooms(
  snapshot: ClusterSnapshot,
  holdings: readonly Holding[],
  daemons: Daemons,
): Map<string, Room> {
  const rooms = new Map<string, Room>();
  for (const { instanceType } of snapshot.fleet?.options ?? []) {
    const registered = learned(holdings, instanceType) ?? estimated(snapshot, instanceType);
    if (registered === null) continue;
    const bare: Room = { owner: null, ...registered, takenPorts: new Set(RESERVED_PORTS) };
    rooms.set(
      instanceType,
      daemons.onNewInstance.reduce((room, shape) => occupy(room, shape, 1), bare),
    );
  }
  return rooms;
}

/** The least that any live instance of the type registered: images differ, and the least is what can be promised. */
function learned(holdings: readonly Holding[], instanceType: string): Resources | null {
  const seen = holdings.flatMap(({ containerInstance, ...holding }) =>
    holding.instanceType === instanceType && containerInstance !== null && containerInstance.registered.memoryMiB > 0
      ? [containerInstance.registered]
      : [],
  );
  if (seen.length === 0) return null;
  return {
    cpuUnits: Math.min(...seen.map(({ cpuUnits }) => cpuUnits)),
    memoryMiB: Math.min(...seen.map(({ memoryMiB }) => memoryMiB)),
  };
}

function estimated(snapshot: ClusterSnapshot, instanceType: string): Resources | null {
  const type = snapshot.instanceTypes.find(({ name }) => name === instanceType);
  if (type === undefined) return null;
  const { cpuUnits, memoryMiB } = type.nominal;
  return { cpuUnits, memoryMiB: Math.max(0, Math.floor(memoryMiB * (1 - KEPT_SHARE) - KEPT_MIB)) };
}
