import type { ContainerInstance as AwsContainerInstance, Resource } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { readContainerInstance } from '../../src/aws/ecs-entities.ts';

const SEEN_AT = Date.parse('2026-11-21T12:00:00Z');
const read = (fields: Partial<AwsContainerInstance>) => readContainerInstance(fields, SEEN_AT);

/** As live answers are: the number fields that a type does not use hold zero. */
const resource = (name: string, fields: Partial<Resource>): Resource => ({
  name,
  doubleValue: 0,
  integerValue: 0,
  longValue: 0,
  ...fields,
});
const integer = (name: string, integerValue: number) => resource(name, { type: 'INTEGER', integerValue });
const set = (name: string, stringSetValue: string[]) => resource(name, { type: 'STRINGSET', stringSetValue });

describe('the resources of a container instance', () => {
  it('are read by their type, whatever zeros stand beside it', () => {
    const { registered, remaining } = read({
      registeredResources: [integer('CPU', 2048), resource('MEMORY', { type: 'LONG', longValue: 7690 })],
      remainingResources: [resource('CPU', { type: 'DOUBLE', doubleValue: 1536 }), integer('MEMORY', 0)],
    });
    expect(registered).toEqual({ cpuUnits: 2048, memoryMiB: 7690 });
    expect(remaining).toEqual({ cpuUnits: 1536, memoryMiB: 0 });
  });

  it('keep their sign on an instance that is over-committed', () => {
    const { remaining } = read({ remainingResources: [integer('CPU', -512), integer('MEMORY', 64)] });
    expect(remaining).toEqual({ cpuUnits: -512, memoryMiB: 64 });
  });

  it.each<[string, Resource[] | undefined]>([
    ['is missing', undefined],
    ['lacks cpu', [integer('MEMORY', 64)]],
    ['lacks memory', [integer('CPU', 64)]],
    ['has a type that none is', [integer('CPU', 64), resource('MEMORY', { type: 'COMPLEX' })]],
    ['has a long without its value', [integer('CPU', 64), { name: 'MEMORY', type: 'LONG', integerValue: 64 }]],
    ['has a whole number without its value', [integer('CPU', 64), { name: 'MEMORY', type: 'INTEGER' }]],
  ])('are unknown, not none, when the list %s', (_, list) => {
    const { registered, remaining } = read({ ...(list && { registeredResources: list, remainingResources: list }) });
    expect(registered).toBeNull();
    expect(remaining).toBeNull();
  });

  it('have as many GPUs as were registered, whatever remains', () => {
    const both = { registeredResources: [set('GPU', ['GPU-a', 'GPU-b'])], remainingResources: [set('GPU', ['GPU-a'])] };
    expect(read(both).gpus).toBe(2);
    expect(read({}).gpus).toBe(0);
  });

  it('name the ports that are taken under what remains', () => {
    const { takenPorts } = read({ remainingResources: [set('PORTS', ['80', '22']), set('PORTS_UDP', ['53'])] });
    expect(takenPorts).toEqual(['tcp:22', 'tcp:80', 'udp:53']);
  });
});

describe('a container instance', () => {
  it('carries its version and when it was seen', () => {
    expect(read({ version: 17 })).toMatchObject({ version: 17, seenAt: SEEN_AT });
    expect(read({})).toMatchObject({ version: 0, seenAt: SEEN_AT });
  });
});
