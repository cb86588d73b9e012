import { describe, expect, it } from 'vitest';
import { instanceId } from '../../../src/model/ids.ts';
import { attributeOf, excludes, excludesItself, groundObstacle } from '../../../src/plan/capacity/ground.ts';
import { aShape } from '../../support/builders.ts';
import { anEmptyRoom, type RoomSpec } from '../../support/empty-rooms.ts';

const traits = (attributes: Readonly<Record<string, string>> | null, more: object = {}): RoomSpec => ({
  traits: { attributes, architecture: null, agentVersion: null, registeredAt: null, runningTaskCount: null, ...more },
});
const known = (attributes: Readonly<Record<string, string>>, more: RoomSpec = {}) =>
  anEmptyRoom('m5.large', { owner: instanceId('i-1'), zone: 'a', ...traits(attributes), ...more });
/** A type of which nobody has joined yet. */
const unknown = anEmptyRoom('m5.large', { owner: null, zone: null, ...traits(null) });
const zonal = aShape({ expressions: ['attribute:ecs.availability-zone == a'] });

describe('an attribute of an instance', () => {
  it.each([
    ['is its value', known({ disk: 'ssd' }), 'disk', 'ssd'],
    ['is the empty string where it has no value', known({ disk: '' }), 'disk', ''],
    ['is null where the instance has none', known({}), 'disk', null],
    ['is not known of a type nobody has seen join', unknown, 'disk', undefined],
    ['is its type, whatever it registered', known({ 'ecs.instance-type': 'x' }), 'ecs.instance-type', 'm5.large'],
    ['is its zone, also where it registered none', known({}), 'ecs.availability-zone', 'a'],
    [
      'is no zone of an instance that does not exist yet, though its like are in one',
      anEmptyRoom('m5.large', { zone: null, ...traits({ 'ecs.availability-zone': 'a' }) }),
      'ecs.availability-zone',
      undefined,
    ],
    ['is none of the names that every object has', known({}), 'constructor', null],
  ])('%s', (_, room, name, expected) => {
    expect(attributeOf(room, name)).toBe(expected);
  });
});

describe('ground', () => {
  it.each([
    ['of another CPU architecture', { architecture: 'arm64' as const }, 'architecture'],
    ['of another operating system', { operatingSystem: 'windows' as const }, 'operating-system'],
    ['without an attribute that is required', { requiredAttributes: [{ name: 'gpu', value: null }] }, 'attribute'],
    ['with another value of it', { requiredAttributes: [{ name: 'disk', value: 'ssd' }] }, 'attribute'],
    ['where an expression does not hold', { expressions: ['attribute:ecs.availability-zone == b'] }, 'member-of'],
  ])('%s is none', (_, shape, obstacle) => {
    const room = known({ 'ecs.cpu-architecture': 'x86_64', 'ecs.os-type': 'linux', disk: 'hdd' });
    expect(groundObstacle(room, aShape(shape))).toBe(obstacle);
    expect(groundObstacle(room, aShape())).toBeNull();
  });

  it('that says nothing of its architecture or system forbids nothing by it', () => {
    expect(groundObstacle(known({}), aShape({ architecture: 'arm64', operatingSystem: 'windows' }))).toBeNull();
  });

  it.each([
    ['a required attribute', { requiredAttributes: [{ name: 'disk', value: 'ssd' }] }],
    ['an expression', { expressions: ['attribute:disk == ssd'] }],
    ['a zone', zonal],
    ['an architecture', { architecture: 'arm64' as const }],
  ])('of a type that nobody has seen join is allowed, once, by %s', (_, shape) => {
    expect(groundObstacle(unknown, aShape(shape))).toBeNull();
  });

  it('of a new instance is known by its like, apart from its zone', () => {
    const learned = anEmptyRoom('m5.large', { zone: null, ...traits({ disk: 'hdd', 'ecs.availability-zone': 'b' }) });
    expect(groundObstacle(learned, aShape({ expressions: ['attribute:disk == ssd'] }))).toBe('member-of');
    expect(groundObstacle(learned, zonal)).toBeNull();
  });

  it('may be bound to what stands there, or to how much', () => {
    const beside = aShape({ expressions: ['task:group == service:cache'], group: 'service:web' });
    const few = aShape({ expressions: ['runningTasksCount < 3'] });
    const room = (groups: [string, number][], runningTaskCount: number) =>
      known({}, { groups: new Map(groups), ...traits({}, { runningTaskCount }) });
    expect([groundObstacle(room([], 0), beside), groundObstacle(room([['service:cache', 1]], 1), beside)]).toEqual([
      'member-of',
      null,
    ]);
    expect([groundObstacle(room([], 2), few), groundObstacle(room([], 3), few)]).toEqual([null, 'member-of']);
  });
});

describe('a shape keeps others of its group away', () => {
  it.each([
    ['by not(task:group == its own)', 'not(task:group == service:web)', true],
    ['by a pattern that its own group matches', 'not(task:group =~ service:.*)', true],
    ['together with another condition', 'attribute:disk exists and not(task:group == service:web)', true],
    ['not where the other condition may do instead', 'attribute:disk exists or not(task:group == service:web)', false],
    ['not by another group', 'not(task:group == service:api)', false],
    ['not by asking for its own', 'task:group == service:web', false],
  ])('%s', (_, expression, expected) => {
    expect(excludesItself(aShape({ expressions: [expression], group: 'service:web' }))).toBe(expected);
  });

  it('and those of other groups alike', () => {
    const shy = aShape({ expressions: ['not(task:group =~ service:(web|api))'], group: 'service:cache' });
    const groups = ['service:web', 'service:api', 'service:cache'];
    expect(groups.map((group) => excludes(shy, group))).toEqual([true, true, false]);
  });
});
