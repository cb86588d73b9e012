// What an instance has and what a task takes, as one comparable value.

/** A host port that only one task per instance can hold, as `tcp:8080` or `udp:53`. */
export type HostPort = `${'tcp' | 'udp'}:${number}`;

/** cpu in ECS units (1024 = one vCPU), memory in MiB. */
export interface Resources {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

export const NO_RESOURCES: Resources = { cpuUnits: 0, memoryMiB: 0 };

/** a − b, never below zero: over-committed instances (ECS reports that) have no room rather than negative room. */
export function subtract(a: Resources, b: Resources): Resources {
  return { cpuUnits: Math.max(0, a.cpuUnits - b.cpuUnits), memoryMiB: Math.max(0, a.memoryMiB - b.memoryMiB) };
}

/** Whether `need` is at most `room` in every dimension. */
export function covers(room: Resources, need: Resources): boolean {
  return need.cpuUnits <= room.cpuUnits && need.memoryMiB <= room.memoryMiB;
}
