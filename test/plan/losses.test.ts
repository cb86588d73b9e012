// The loss of a pool or of a zone with everything that stands there.
import { describe, expect, it } from 'vitest';
import { poolsAtRisk } from '../../src/plan/capacity/pool-check.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import { aSnapshot, type ClusterSpec, type Host, NOW } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const POOL = { headroom: { survive: 'pool' as const } };
/** Whether anybody may leave is not asked here. */
const PATIENT = { scaleIn: { idleMs: 3_600_000 } };
const ZONE = { headroom: { survive: 'zone' as const } };
const web = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
/** Two tasks fill it. */
const full = (id: string, zone: string, host: Partial<Host> = {}): Host => ({ id, zone, tasks: { web: 2 }, ...host });
const empty = (id: string, zone: string, host: Partial<Host> = {}): Host => ({ id, zone, ...host });

describe('the loss of a pool', () => {
  it('needs other places for its tasks, and units are asked for them', () => {
    const { scenario, plan } = decided({ hosts: [full('i-1', 'a'), full('i-2', 'b')], services: [web] }, POOL);
    expect(scenario('pool-loss', 'm5.large/a')).toMatchObject({ tasks: 2, unplaced: 2, shortUnits: 1 });
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'pool-loss', fromUnits: 4, targetUnits: 5 }]);
  });

  it('is survived where what is left takes them', () => {
    const hosts = [full('i-1', 'a'), empty('i-2', 'b')];
    const { scenario, plan } = decided({ hosts, services: [web] }, POOL);
    expect(scenario('pool-loss')).toMatchObject({ lost: 'm5.large/a', tasks: 2, unplaced: 0 });
    expect(plan).toEqual([]);
  });

  it('still leaves room for what is promised', () => {
    const hosts = [full('i-1', 'a'), empty('i-2', 'b'), empty('i-3', 'a')];
    const promise = { headroom: { survive: 'pool' as const, largestTasks: 1 } };
    expect(decided({ hosts, services: [web] }, promise).scenario('pool-loss')).toMatchObject({ tasks: 3, unplaced: 1 });
  });

  it('comes on top of what has no place already', () => {
    const hosts = [full('i-1', 'a'), empty('i-2', 'b')];
    const services = [{ ...web, desiredCount: 3 }];
    expect(decided({ hosts, services }, POOL).scenario('pool-loss')).toMatchObject({ tasks: 3, unplaced: 1 });
  });

  it('takes no On-Demand instance along', () => {
    const hosts = [
      full('i-1', 'a', { instance: { isSpot: false } }),
      full('i-2', 'b', { instance: { isSpot: false } }),
    ];
    expect(decided({ hosts, services: [web] }, POOL).scenario('pool-loss')).toBeUndefined();
    const mixed = [full('i-1', 'a', { instance: { isSpot: false } }), full('i-2', 'a'), empty('i-3', 'b')];
    expect(decided({ hosts: mixed, services: [web] }, POOL).scenario('pool-loss')).toMatchObject({ tasks: 2 });
  });

  it('takes all of its instances at once, those that are launching too', () => {
    const launching = empty('i-3', 'a', { containerInstance: null, instance: { state: 'pending', launchedAt: NOW } });
    const hosts = [full('i-1', 'a'), full('i-2', 'b'), launching];
    const { scenario } = decided({ hosts, services: [web] }, POOL);
    expect(scenario('pool-loss', 'm5.large/b')).toBeUndefined();
    expect(scenario('pool-loss', 'm5.large/a')).toMatchObject({ unplaced: 2 });
  });

  it('is told and asks for nothing where the fleet has no other place', () => {
    const hosts = [full('i-1', 'a'), full('i-2', 'a')];
    const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 2 }] };
    const { scenario, plan, target } = decided({ hosts, services: [web], fleet }, POOL);
    expect(scenario('pool-loss')).toMatchObject({ lost: 'm5.large/a', tasks: 4, shortUnits: 0 });
    expect(plan).toEqual([]);
    expect(target.reason).toBe('keep');
  });

  it('leaves out of the ask what is bound to it, and no other', () => {
    const bound = {
      name: 'bound',
      shape: { cpuUnits: 512, memoryMiB: 512 },
      placementConstraints: [{ type: 'memberOf' as const, expression: 'attribute:ecs.availability-zone == a' }],
    };
    const hosts = [
      { id: 'i-1', zone: 'a', tasks: { web: 1, bound: 2 } },
      { id: 'i-2', zone: 'b', tasks: { web: 2 } },
    ];
    const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 1 }] };
    const { scenario } = decided({ hosts, services: [web, bound], fleet }, POOL);
    expect(scenario('pool-loss', 'm5.large/a')).toMatchObject({ shortUnits: 1 });
    expect(scenario('pool-loss', 'm5.large/b')).toMatchObject({ tasks: 2, unplaced: 2, shortUnits: 1 });
  });

  it('does not move standalone tasks: nobody starts them again', () => {
    const hosts = [{ id: 'i-1', zone: 'a', tasks: { 'family:web': 2 } }, full('i-2', 'b')];
    expect(decided({ hosts, services: [web] }, POOL).scenario('pool-loss', 'm5.large/a')).toBeUndefined();
  });

  it('moves no daemon: those that are left have their own', () => {
    const logs = { name: 'logs', schedulingStrategy: 'DAEMON' as const, shape: { cpuUnits: 64, memoryMiB: 64 } };
    const hosts = [
      { id: 'i-1', zone: 'a', tasks: { logs: 1 } },
      { id: 'i-2', zone: 'b', tasks: { logs: 1 } },
    ];
    expect(decided({ hosts, services: [logs] }, POOL).scenario('pool-loss')).toBeUndefined();
  });

  it('is asked for again with growing pauses where what came stands in that very pool', () => {
    const before = [full('i-1', 'a'), full('i-2', 'b'), empty('i-3', 'a')];
    const first = decided({ hosts: before, services: [web] }, { ...POOL, policy: PATIENT });
    expect(first.plan).toMatchObject([{ kind: 'set-target', fromUnits: 6, targetUnits: 7, reason: 'pool-loss' }]);
    const at = (minutes: number, hosts: readonly Host[], memory: Memory) => {
      const now = NOW + minutes * 60_000;
      const containerInstance = { seenAt: now };
      const seen = hosts.map((host) => ({ ...host, containerInstance }));
      const snapshot = { ...aSnapshot({ hosts: seen, services: [web] }), observedAt: now };
      return decidedOn(snapshot, { ...POOL, policy: PATIENT, memory, now });
    };
    const answered = [...before, empty('i-4', 'a')];
    expect(at(1, answered, first.memory).target).toMatchObject({ reason: 'wrong-types', shortUnits: 0 });
    const second = at(11, answered, first.memory);
    expect(second.target).toMatchObject({ reason: 'pool-loss', shortUnits: 1 });
    const twice = [...answered, empty('i-5', 'a')];
    expect(at(30, twice, second.memory).target.reason).toBe('wrong-types');
    expect(at(32, twice, second.memory).target.reason).toBe('pool-loss');
  });

  it('is forgotten to have been asked for once it is survived', () => {
    const before = [full('i-1', 'a'), full('i-2', 'b')];
    const { memory } = decided({ hosts: before, services: [web] }, POOL);
    expect(Object.keys(memory.lossAsks)).toEqual(['m5.large/a', 'm5.large/b']);
    const helped = decided({ hosts: [...before, empty('i-3', 'c')], services: [web] }, { ...POOL, memory });
    expect(helped.memory.lossAsks).toEqual({});
  });

  it('counts tasks on instances that nobody looked at by their share', () => {
    const hosts = [full('i-1', 'a'), full('i-2', 'a'), full('i-3', 'b')];
    const snapshot = aSnapshot({ hosts, services: [web] });
    const whole = decidedOn(snapshot, POOL);
    const blind = decidedOn({ ...snapshot, tasks: [] }, POOL);
    expect(whole.scenario('pool-loss', 'm5.large/a')).toMatchObject({ tasks: 4 });
    expect(blind.scenario('pool-loss', 'm5.large/a')).toMatchObject({ tasks: 4 });
    expect(blind.scenario('pool-loss', 'm5.large/b')).toMatchObject({ tasks: 2 });
    const partly = decidedOn({ ...snapshot, tasks: snapshot.tasks.slice(0, 1) }, POOL);
    expect(partly.scenario('pool-loss', 'm5.large/a')).toMatchObject({ tasks: 4 });
  });

  it('is none of an instance whose zone nobody can tell', () => {
    const spec: ClusterSpec = { hosts: [full('i-1', 'a'), empty('i-2', 'b')], services: [web] };
    const snapshot = aSnapshot(spec);
    const instances = snapshot.instances.slice(1);
    const containerInstances = snapshot.containerInstances.map((each) => ({ ...each, attributes: {} }));
    const { scenario, report } = decidedOn({ ...snapshot, instances, containerInstances }, POOL);
    expect(scenario('pool-loss')).toBeUndefined();
    expect(report.setAside).toMatchObject([{ kind: 'instance', subject: 'i-1', reason: 'attribute-missing' }]);
  });
});

describe('of many pools', () => {
  /** Ever lighter pools of one instance each, all but the last of them with room left elsewhere. */
  const zones = Array.from({ length: 12 }, (_, at) => `z${String(at).padStart(2, '0')}`);
  const last = { name: 'last', shape: { cpuUnits: 64, memoryMiB: 4_300 } };
  const hosts = [
    ...zones.map(
      (zone, at): Host => ({ id: `i-${zone}`, zone, tasks: { web: at === 11 ? 0 : 1, last: at === 11 ? 1 : 0 } }),
    ),
    ...zones.map((zone): Host => ({ id: `j-${zone}`, zone, tasks: { web: 1 } })),
  ];
  const spec: ClusterSpec = { hosts, services: [{ ...web, shape: { cpuUnits: 1000, memoryMiB: 3_500 } }, last] };

  it('the heaviest are looked at in every pass, and all of them by the full check', () => {
    const { fullCheck, report } = decided(spec, POOL);
    if (fullCheck === null) throw new Error('there is no full check');
    expect(report.scenarios.filter(({ name }) => name === 'pool-loss').length).toBeLessThan(zones.length);
    expect(
      fullCheck()
        .pools.map(({ name }) => name)
        .sort(),
    ).toEqual(zones.map((zone) => `m5.large/${zone}`));
    expect(poolsAtRisk(fullCheck())).toEqual(['m5.large/z11']);
  });

  it('those that the full check found at risk are looked at as well', () => {
    const [without, with11] = [[], ['m5.large/z11']].map((poolsAtRisk) =>
      decided(spec, { ...POOL, policy: PATIENT, memory: { ...NO_MEMORY, poolsAtRisk } }),
    );
    expect(without?.scenario('pool-loss', 'm5.large/z11')).toBeUndefined();
    expect(with11?.scenario('pool-loss', 'm5.large/z11')).toMatchObject({ unplaced: 1 });
    expect(without?.target.reason).toBe('keep');
    expect(with11?.target.reason).toBe('pool-loss');
  });

  it('there is nothing more to check where the pass looks at all', () => {
    expect(decided({ hosts: hosts.slice(0, 3), services: [web] }, POOL).fullCheck).toBeNull();
  });
});

describe('the loss of a zone', () => {
  const hosts = [
    full('i-1', 'a'),
    full('i-2', 'a', { type: 'm5.xlarge' }),
    full('i-3', 'b'),
    empty('i-4', 'b', { type: 'm5.xlarge' }),
  ];

  it('takes all its pools at once', () => {
    const { scenario, plan } = decided({ hosts, services: [web] }, ZONE);
    expect(scenario('pool-loss')).toMatchObject({ tasks: 2, unplaced: 0 });
    expect(scenario('zone-loss')).toMatchObject({ lost: 'a', tasks: 4, unplaced: 2, shortUnits: 1 });
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'zone-loss' }]);
  });

  it('is not looked at where only the loss of a pool is to be survived', () => {
    const { scenario } = decided({ hosts, services: [web] }, POOL);
    expect(scenario('pool-loss')).toBeDefined();
    expect(scenario('zone-loss')).toBeUndefined();
  });

  it('asks for nothing where everything is in one zone', () => {
    const { scenario, plan } = decided({ hosts: [full('i-1', 'a'), full('i-2', 'a')], services: [web] }, ZONE);
    expect(scenario('zone-loss')).toMatchObject({ lost: 'a', tasks: 4, shortUnits: 0 });
    expect(plan.filter(({ reason }) => reason === 'zone-loss')).toEqual([]);
  });
});

describe('where no loss is to be survived', () => {
  it('none is looked at', () => {
    const { report, fullCheck } = decided({ hosts: [full('i-1', 'a'), full('i-2', 'b')], services: [web] });
    expect(report.scenarios.map(({ name }) => name)).toEqual(['now', 'promise']);
    expect(fullCheck).toBeNull();
  });
});
