// What empty instances of a few types offer, for tests of advice.
import fc from 'fast-check';
import { notWorked, type Room } from '../../src/plan/room.ts';

export type RoomSpec = Partial<Omit<Room, 'instanceType'>>;

export function anEmptyRoom(instanceType: string, room: RoomSpec = {}): Room {
  return {
    owner: null,
    instanceType,
    zone: null,
    cpuUnits: 2_048,
    memoryMiB: 7_690,
    gpus: 0,
    eniSlots: 2,
    takenPorts: new Set(['tcp:22']),
    groups: new Map(),
    isSpot: true,
    isTallied: true,
    worked: notWorked(),
    traits: { attributes: {}, architecture: 'x86_64', agentVersion: null, registeredAt: null, runningTaskCount: null },
    ...room,
  };
}

/** `{ 'm5.large': { memoryMiB: 7_985 } }` */
export function emptyRoomsOf(types: Readonly<Record<string, RoomSpec>>): Map<string, Room> {
  return new Map(Object.entries(types).map(([name, room]) => [name, anEmptyRoom(name, room)]));
}

/** Up to six types of any size, some with GPUs. */
export const someEmptyRooms: fc.Arbitrary<Map<string, Room>> = fc
  .dictionary(
    fc.constantFrom('a.large', 'b.large', 'c.large', 'd.large', 'e.large', 'f.large'),
    fc.record({
      cpuUnits: fc.integer({ min: 0, max: 32_768 }),
      memoryMiB: fc.integer({ min: 0, max: 65_536 }),
      gpus: fc.nat(2),
      eniSlots: fc.integer({ min: 0, max: 10 }),
    }),
  )
  .map(emptyRoomsOf);

/** Sizes a task may ask for, nothing of one resource among them. */
export const someNeeds = fc.record({
  cpuUnits: fc.nat(8_192),
  memoryMiB: fc.integer({ min: 1, max: 16_384 }),
  gpus: fc.constantFrom(0, 0, 0, 1),
  eniSlots: fc.constantFrom(0, 1),
});
