// Worlds at random: calm ones, where much is free and instances leave, and wild ones, where tasks have no place and
// instances are in every standing. And policies that promise everything there is to promise.
import fc from 'fast-check';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import type { PlacementStrategy } from '../../src/model/service.ts';
import type { Gap } from '../../src/model/snapshot.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aHeadroom, aPolicy, NOW } from './builders.ts';
import { type HostSeed, KINDS, type ServiceSeed, TYPES, type World } from './wide-clusters.ts';

const STATES: readonly (Partial<ContainerInstance> | null)[] = [
  null,
  { agentConnected: false },
  { status: 'REGISTERING', registeredAt: NOW - 60_000 },
  { status: 'DRAINING' },
  { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } },
  { status: 'ACTIVE', attributes: { 'spotkeeper.retiring': 'excess' } },
  { status: 'DRAINING', attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:01:00Z' } },
  { status: 'DRAINING', attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:00:05Z' } },
  { attributes: { 'spotkeeper.cordoned': 'yes' } },
  { attributes: { 'spotkeeper.ready': 'no' } },
  { attributes: { disk: 'ssd' } },
  { attributes: { disk: 'ssd' } },
  { attributes: { 'ecs.awsvpc-trunk-id': 'trunk-1' } },
];
/** Those in which an instance takes tasks. */
const SERVING = STATES.slice(-3);
const strategies: readonly (readonly PlacementStrategy[])[] = [
  [],
  [{ type: 'random' }],
  [{ type: 'binpack', field: 'cpu' }],
  [{ type: 'binpack', field: 'memory' }],
  [{ type: 'spread', field: 'instanceId' }],
  [
    { type: 'spread', field: 'attribute:ecs.availability-zone' },
    { type: 'binpack', field: 'memory' },
  ],
];

const host = (states: fc.Arbitrary<HostSeed['state']>): fc.Arbitrary<HostSeed> =>
  fc.record({
    type: fc.constantFrom('m5.large', 'm5.large', 'm5.xlarge', 'm6g.large', 'g4dn.xlarge'),
    zone: fc.constantFrom('a', 'b', 'c'),
    isSpot: fc.constantFrom(true, true, true, false),
    state: states,
    ageMs: fc.constantFrom(3_600_000, 3_600_000, 120_000, 500_000, 700_000),
    isLookedAt: fc.constantFrom(true, true, true, true, true, true, false),
    wishes: fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2), { minLength: KINDS.length + 1, maxLength: KINDS.length + 1 }),
  });

interface Mood {
  readonly states: fc.Arbitrary<HostSeed['state']>;
  readonly extra: readonly number[];
  readonly largest: readonly [cpuParts: number, memoryParts: number];
  readonly gaps: readonly (readonly Gap[])[];
  readonly fleetStates: readonly World['state'][];
  readonly beyond: readonly number[];
}

/** Where nothing is amiss and much is free: there instances leave. */
const CALM: Mood = {
  states: fc.constantFrom({}, ...SERVING),
  extra: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1],
  largest: [7, 8],
  gaps: [[]],
  fleetStates: ['active'],
  beyond: [0, 0, 0, 3, -2],
};

const WILD: Mood = {
  states: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom({}, ...SERVING) },
    { weight: 2, arbitrary: fc.constantFrom(...STATES) },
  ),
  extra: [0, 0, 0, 0, 0, 0, 1, 3, 8, -1],
  largest: [14, 24],
  gaps: [[], [], [], [], [], [], [], [], [{ part: 'tasks', why: 'x' }]],
  fleetStates: ['active', 'active', 'active', 'modifying'],
  beyond: [0, 0, 0, 3, -2],
};

const service = (kind: number, { extra, largest }: Mood): fc.Arbitrary<ServiceSeed> =>
  fc.record({
    kind: fc.constant(kind),
    cpuUnits: fc.integer({ min: 0, max: largest[0] }).map((part) => 128 * part),
    memoryMiB: fc.integer({ min: 1, max: largest[1] }).map((part) => 256 * part),
    strategy: fc.constantFrom(...strategies),
    extra: fc.constantFrom(...extra),
    bounds: fc.constantFrom<[number, number]>([100, 200], [50, 100], [100, 150], [100, 100], [0, 100]),
    isDeploying: fc.constantFrom(false, false, false, false, true),
    isFailing: fc.constantFrom(false, false, true),
  });

/** A cluster of up to so many instances, calm or wild. */
export function someWorlds(hosts: number): fc.Arbitrary<World> {
  return fc.oneof(worldsOf(hosts, CALM), worldsOf(hosts, WILD));
}

export function someCalmWorlds(hosts: number): fc.Arbitrary<World> {
  return worldsOf(hosts, CALM);
}

function worldsOf(hosts: number, mood: Mood): fc.Arbitrary<World> {
  const some = <Item>(arbitrary: fc.Arbitrary<Item>, weight: number) =>
    fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight, arbitrary });
  const names = TYPES.map(({ name }) => name);
  // Without bias: a generator that likes small numbers makes clusters that are empty.
  return fc.noBias(
    fc.record({
      hosts: fc.array(some(host(mood.states), 10), { minLength: hosts, maxLength: hosts }),
      services: fc.tuple(...KINDS.map((_, kind) => some(service(kind, mood), 1))),
      options: fc
        .subarray(names, { minLength: 1 })
        .chain((types) =>
          fc.tuple(
            ...types.map((instanceType) =>
              fc.record({ instanceType: fc.constant(instanceType), weightUnits: fc.constantFrom(1, 2, 2, 4) }),
            ),
          ),
        ),
      described: fc.constantFrom(names, names, names, names.slice(1)),
      beyond: fc.constantFrom(...mood.beyond),
      state: fc.constantFrom(...mood.fleetStates),
      gaps: fc.constantFrom(...mood.gaps),
      intents: fc.constantFrom<World['intents'][number][]>(
        [],
        [],
        [],
        [{ name: 'tonight', count: 3, until: NOW + 60_000 }],
        [{ name: 'past', count: 3, until: NOW }],
      ),
    }),
  );
}

/** Promises of every sort. */
export const somePolicies: fc.Arbitrary<Policy> = fc
  .record({
    headroom: fc.record({
      largestTasks: fc.constantFrom(0, 1, 2),
      survive: fc.constantFrom('none', 'pool', 'zone'),
      pins: fc.constantFrom([], [], [{ cpuUnits: 1000, memoryMiB: 4000, gpus: 0, tasks: 2 }]),
      arrivalQuantile: fc.constantFrom(null, 0.9),
      forgetLargestMs: fc.constantFrom(0, 60_000),
    }),
    minUnits: fc.constantFrom(0, 0, 6),
    pendingDebounceMs: fc.constantFrom(0, 20_000),
  })
  .map(({ headroom, minUnits, pendingDebounceMs }) =>
    aPolicy({ headroom: aHeadroom(headroom), pendingDebounceMs, fleet: { name: 'general', minUnits, maxUnits: 60 } }),
  );
