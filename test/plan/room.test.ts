import { describe, expect, it } from 'vitest';
import { countThatFit, obstacleTo, occupy, poolOf } from '../../src/plan/room.ts';
import { aShape } from '../support/builders.ts';
import { anEmptyRoom, type RoomSpec } from '../support/empty-rooms.ts';

const room = (spec: RoomSpec = {}) => anEmptyRoom('m5.large', { gpus: 1, eniSlots: 2, ...spec });
const lone = aShape({ isDistinct: true, group: 'service:web' });
const shy = aShape({ expressions: ['not(task:group == service:web)'], group: 'service:web' });
const web = new Map([['service:web', 2]]);

describe('a room holds of a shape', () => {
  it.each([
    ['what the scarcest resource allows', room(), aShape({ cpuUnits: 100, memoryMiB: 3_000 }), 2],
    ['any number of what needs no cpu, by memory alone', room(), aShape({ cpuUnits: 0, memoryMiB: 1_000 }), 7],
    ['one that fills it to the last unit', room(), aShape({ cpuUnits: 2_048, memoryMiB: 7_690 }), 1],
    ['none that is larger by one', room(), aShape({ cpuUnits: 2_049, memoryMiB: 1 }), 0],
    ['as many as it has GPUs', room({ gpus: 3 }), aShape({ cpuUnits: 1, memoryMiB: 1, gpus: 2 }), 1],
    ['as many as it has network interfaces', room(), aShape({ cpuUnits: 1, memoryMiB: 1, eniSlots: 1 }), 2],
    ['one with a host port', room(), aShape({ cpuUnits: 1, memoryMiB: 1, hostPorts: ['tcp:80'] }), 1],
    ['none whose host port is taken', room(), aShape({ cpuUnits: 1, memoryMiB: 1, hostPorts: ['tcp:22'] }), 0],
    ['one with that port over udp', room(), aShape({ cpuUnits: 1, memoryMiB: 1, hostPorts: ['udp:22'] }), 1],
    ['one that must be alone', room(), lone, 1],
    ['none that must be alone and is not', room({ groups: web }), lone, 0],
    ['one that keeps its own away', room(), shy, 1],
    ['none that its own keep away', room({ groups: web }), shy, 0],
  ])('%s', (_, each, shape, expected) => {
    expect(countThatFit(each, shape)).toBe(expected);
  });
});

describe('what keeps a task from a room', () => {
  it.each([
    ['nothing', {}, aShape(), null],
    ['cpu', { cpuUnits: 100 }, aShape(), 'cpu'],
    ['memory', { memoryMiB: 100 }, aShape(), 'memory'],
    ['the resource it lacks most of in shares of the need', { cpuUnits: 256, memoryMiB: 100 }, aShape(), 'memory'],
    ['a GPU', { gpus: 0 }, aShape({ gpus: 1 }), 'gpu'],
    ['an interface', { eniSlots: 0 }, aShape({ eniSlots: 1 }), 'eni'],
    ['a port, also where cpu lacks too', { cpuUnits: 1 }, aShape({ hostPorts: ['tcp:22'] }), 'port'],
    ['one of its own', { groups: web }, lone, 'distinct-instance'],
    [
      'an expression, also where a port is taken too',
      { groups: web },
      { ...shy, hostPorts: ['tcp:22'] as const },
      'member-of',
    ],
    ['another architecture before all', { cpuUnits: 1 }, aShape({ architecture: 'arm64' }), 'architecture'],
  ])('is %s', (_, spec, shape, expected) => {
    expect(obstacleTo(room(spec), shape)).toBe(expected);
  });
});

describe('a room that tasks have moved into', () => {
  it('has so much less of everything, and never less than nothing', () => {
    const shape = aShape({ cpuUnits: 1_000, memoryMiB: 1_000, gpus: 1, eniSlots: 1, hostPorts: ['tcp:80'] });
    const left = occupy(room(), shape, 1);
    expect(left).toMatchObject({ cpuUnits: 1_048, memoryMiB: 6_690, gpus: 0, eniSlots: 1 });
    expect([...left.takenPorts]).toEqual(['tcp:22', 'tcp:80']);
    expect(occupy(room(), shape, 9)).toMatchObject({ cpuUnits: 0, memoryMiB: 0, gpus: 0, eniSlots: 0 });
  });

  it('knows the groups that placement depends on', () => {
    expect(occupy(room({ groups: web }), lone, 1).groups.get('service:web')).toBe(3);
    expect(occupy(room(), aShape(), 1).groups.size).toBe(0);
  });

  it('leaves the room it was as it was', () => {
    const before = room();
    occupy(before, lone, 1);
    expect(before).toEqual(room());
    expect(occupy(before, lone, 0)).toBe(before);
  });
});

describe('a pool', () => {
  it('is a type in a zone, and none while the zone is not known', () => {
    expect(poolOf(room({ zone: 'us-east-1a' }))).toBe('m5.large/us-east-1a');
    expect(poolOf(room({ zone: null }))).toBeNull();
  });
});
