// Rooms and shapes at random, with everything that decides whether a task may stand somewhere: sizes, GPUs, network
// interfaces, host ports, groups, attributes that are there, missing or unknown, and expressions over all of it.
import fc from 'fast-check';
import { instanceId } from '../../src/model/ids.ts';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import { notWorked, type Room } from '../../src/plan/room.ts';

const GROUPS = ['service:web', 'service:api', 'service:cache'] as const;

const EXPRESSIONS: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['attribute:ecs.availability-zone in [a, b]'],
  ['attribute:disk exists', 'attribute:ecs.instance-type =~ m5.*'],
  ['not(attribute:disk == ssd)'],
  ['not(task:group == service:web)'],
  ['not(task:group == service:api)'],
  ['task:group == service:cache'],
  ['runningTasksCount < 3'],
  ['not(task:group == service:web) and attribute:ecs.availability-zone == a'],
  ['ec2InstanceId != i-2'],
];

/** Whether the group is told follows from what asks for it, as it does for the shapes of services. */
export const someShape: fc.Arbitrary<TaskShape> = fc
  .record({
    cpuUnits: fc.nat(8),
    memoryMiB: fc.nat(8),
    gpus: fc.constantFrom(0, 0, 0, 1, 2),
    eniSlots: fc.constantFrom(0, 0, 1),
    hostPorts: fc.constantFrom<TaskShape['hostPorts'][]>([], [], [], ['tcp:80'], ['tcp:80', 'udp:53']),
    architecture: fc.constantFrom(null, null, null, 'x86_64' as const, 'arm64' as const),
    operatingSystem: fc.constantFrom(null, null, null, 'linux' as const),
    requiredAttributes: fc.constantFrom<TaskShape['requiredAttributes'][]>(
      [],
      [],
      [],
      [{ name: 'disk', value: 'ssd' }],
      [{ name: 'disk', value: null }],
    ),
    expressions: fc.constantFrom(...EXPRESSIONS),
    isDistinct: fc.constantFrom(false, false, true),
    group: fc.constantFrom(...GROUPS),
  })
  .map(({ group, ...shape }) => {
    const isAsked = shape.isDistinct || shape.expressions.some((text) => text.includes('task:group'));
    return { ...NO_SHAPE, ...shape, group: isAsked ? group : null };
  });

/** Distinct, as the kernel wants them. */
export const someShapes: fc.Arbitrary<TaskShape[]> = fc.uniqueArray(someShape, {
  selector: (shape) => JSON.stringify(shape),
  minLength: 1,
  maxLength: 7,
});

const someRoom = fc.record({
  zone: fc.constantFrom('a', 'b', 'c', null),
  instanceType: fc.constantFrom('m5.large', 'm6g.large'),
  cpuUnits: fc.nat(20),
  memoryMiB: fc.nat(20),
  gpus: fc.nat(3),
  eniSlots: fc.nat(3),
  takenPorts: fc.constantFrom<TaskShape['hostPorts'][]>([], [], ['tcp:80'], ['udp:53']),
  groups: fc.dictionary(fc.constantFrom(...GROUPS), fc.integer({ min: 1, max: 3 }), { maxKeys: 2 }),
  attributes: fc.constantFrom<(Record<string, string> | null)[]>(
    {},
    { disk: 'ssd', 'ecs.os-type': 'linux' },
    { disk: 'hdd', 'ecs.os-type': 'windows', 'ecs.cpu-architecture': 'x86_64' },
    null,
  ),
  architecture: fc.constantFrom(null, 'x86_64' as const, 'arm64' as const),
  runningTaskCount: fc.constantFrom(null, 0, 2, 5),
  isNew: fc.constantFrom(false, false, false, true),
});

/** Instances by number, so that their ids are in order; some of them do not exist yet. */
export function someRooms(most: number): fc.Arbitrary<Room[]> {
  return fc.noBias(fc.array(someRoom, { maxLength: most })).map((rooms) =>
    rooms.map(
      ({ takenPorts, groups, attributes, architecture, runningTaskCount, isNew, ...room }, at): Room => ({
        ...room,
        owner: isNew ? null : instanceId(`i-${at}`),
        takenPorts: new Set(takenPorts),
        groups: new Map(Object.entries(groups)),
        isSpot: true,
        isTallied: true,
        worked: notWorked(),
        traits: { attributes, architecture, agentVersion: null, registeredAt: null, runningTaskCount },
      }),
    ),
  );
}
