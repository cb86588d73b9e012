import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constraintsOf, type TaskShape } from '../../../src/model/task-shape.ts';
import { nearestType } from '../../../src/plan/advice/nearest-type.ts';
import { countThatFit } from '../../../src/plan/room.ts';
import { aShape } from '../../support/builders.ts';
import { emptyRoomsOf, someEmptyRooms, someNeeds } from '../../support/empty-rooms.ts';

const NOTHING = { cpuUnits: 0, memoryMiB: 0, gpus: 0, eniSlots: 0, constraints: [] };

describe('the nearest type', () => {
  it('lacks least in shares of the need', () => {
    const empty = emptyRoomsOf({
      'c5.large': { cpuUnits: 2_048, memoryMiB: 3_700 },
      'm5.large': { cpuUnits: 2_048, memoryMiB: 7_690 },
      't3.small': { cpuUnits: 2_048, memoryMiB: 1_900 },
    });
    expect(nearestType(aShape({ cpuUnits: 1_024, memoryMiB: 12_000 }), empty)).toEqual({
      instanceType: 'm5.large',
      missing: { ...NOTHING, memoryMiB: 4_310 },
    });
  });

  it('weighs a little of two resources against much of one', () => {
    const empty = emptyRoomsOf({
      balanced: { cpuUnits: 3_600, memoryMiB: 7_200 },
      lopsided: { cpuUnits: 1_024, memoryMiB: 64_000 },
    });
    expect(nearestType(aShape({ cpuUnits: 4_096, memoryMiB: 8_192 }), empty)).toEqual({
      instanceType: 'balanced',
      missing: { ...NOTHING, cpuUnits: 496, memoryMiB: 992 },
    });
  });

  it('tells of GPUs and network interfaces', () => {
    const shape = aShape({ gpus: 4, eniSlots: 1 });
    expect(nearestType(shape, emptyRoomsOf({ 'p3.large': { gpus: 1, eniSlots: 0 }, 'm5.large': {} }))).toEqual({
      instanceType: 'm5.large',
      missing: { ...NOTHING, gpus: 4 },
    });
    expect(nearestType(shape, emptyRoomsOf({ 'p3.large': { gpus: 3, eniSlots: 1 }, 'm5.large': {} }))).toEqual({
      instanceType: 'p3.large',
      missing: { ...NOTHING, gpus: 1 },
    });
  });

  it('is one that keeps the constraints, however small', () => {
    const shape = aShape({ cpuUnits: 16_384, memoryMiB: 16_384, expressions: ['attribute:ecs.instance-type =~ g4.*'] });
    const empty = emptyRoomsOf({ 'm5.12xlarge': { cpuUnits: 49_152, memoryMiB: 190_000 }, 'g4.large': {} });
    expect(nearestType(shape, empty)).toMatchObject({ instanceType: 'g4.large', missing: { constraints: [] } });
  });

  it('tells each constraint it breaks, in the words of the shape', () => {
    const shape: TaskShape = aShape({
      architecture: 'arm64',
      operatingSystem: 'windows',
      expressions: ['attribute:gpu exists', 'attribute:ecs.instance-type =~ m5.*'],
      requiredAttributes: [
        { name: 'ecs.capability.efs', value: null },
        { name: 'ecs.os-type', value: null },
      ],
      isDistinct: true,
      group: 'service:web',
    });
    const traits = { attributes: { 'ecs.os-type': 'linux' }, architecture: 'x86_64' as const };
    const unknown = { agentVersion: null, registeredAt: null, runningTaskCount: null };
    const nearest = nearestType(shape, emptyRoomsOf({ 'm5.large': { traits: { ...traits, ...unknown } } }));
    const broken = ['arm64', 'windows', 'memberOf(attribute:gpu exists)', 'requires(ecs.capability.efs)'];
    expect(nearest?.missing.constraints).toEqual(broken);
    expect(constraintsOf(shape)).toEqual(expect.arrayContaining(broken));
  });

  it('is none when the size of no type is known', () => {
    expect(nearestType(aShape(), new Map())).toBeNull();
  });

  it('is the same in whatever order the types come', () => {
    fc.assert(
      fc.property(someEmptyRooms, someNeeds.map(aShape), (empty, shape) => {
        expect(nearestType(shape, new Map([...empty].reverse()))).toEqual(nearestType(shape, empty));
      }),
    );
  });

  it('hosts the shape once it has what is missing', () => {
    fc.assert(
      fc.property(someEmptyRooms, someNeeds.map(aShape), (empty, shape) => {
        const nearest = nearestType(shape, empty);
        const room = empty.get(nearest?.instanceType ?? '');
        expect(room === undefined).toBe(empty.size === 0);
        if (nearest === null || room === undefined) return;
        const { cpuUnits, memoryMiB, gpus, eniSlots } = nearest.missing;
        const larger = {
          ...room,
          cpuUnits: room.cpuUnits + cpuUnits,
          memoryMiB: room.memoryMiB + memoryMiB,
          gpus: room.gpus + gpus,
          eniSlots: room.eniSlots + eniSlots,
        };
        expect(countThatFit(larger, shape)).toBeGreaterThan(0);
        // What is missing is needed to the last unit.
        const isMissing = cpuUnits + memoryMiB + gpus + eniSlots > 0;
        expect(countThatFit(room, shape) === 0).toBe(isMissing);
      }),
    );
  });
});
