import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/decide.ts';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aHeadroom, aPolicy, aSnapshot, type ClusterSpec, type Host, NOW } from '../support/builders.ts';

const SURVIVE = aPolicy({ headroom: aHeadroom({ largestTasks: 0, survive: 'pool' }) });
const decide = (spec: ClusterSpec, policy: Policy = SURVIVE, memory = NO_MEMORY) =>
  plan({ snapshot: aSnapshot(spec), policy, memory, now: NOW });
const host = (id: string, rest: Partial<Host> = {}): Host => ({ id, ...rest });
const large = { registered: { cpuUnits: 4096, memoryMiB: 15_586 } };

describe('what only the lost pool could host', () => {
  const wide = { name: 'wide', shape: { cpuUnits: 3000, memoryMiB: 1024 } };
  const spec: ClusterSpec = {
    hosts: [host('i-1', { type: 'm5.xlarge', containerInstance: large, tasks: { wide: 1 } }), host('i-2')],
    services: [wide],
  };

  it('by its size is nothing to launch for, told as without a place, and holds up no scale-in', () => {
    const { plan: actions, report } = decide({ ...spec, fleet: { targetUnits: 6 } });
    expect(actions.filter(({ kind }) => kind === 'set-target')).not.toContainEqual(
      expect.objectContaining({ reason: 'pool-loss' }),
    );
    expect(report.scenarios).toContainEqual({
      name: 'pool-loss',
      lost: 'm5.xlarge/us-east-1a',
      tasks: 1,
      unplaced: 1,
      shortUnits: 0,
    });
    expect(report.scaleIn.reason).not.toBe('shortage');
  });

  it('in another zone has a place, and is launched for', () => {
    const elsewhere = { ...spec, hosts: [...(spec.hosts ?? []), host('i-3', { zone: 'us-east-1b' })] };
    const { report } = decide(elsewhere);
    expect(report.target).toMatchObject({ reason: 'pool-loss', scenario: 'pool-loss' });
  });
});

describe('the loss of the only pool', () => {
  it('is told as it is: what On-Demand instances take up has a place', () => {
    const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 2 }] };
    const services = [{ name: 'web', shape: { cpuUnits: 512, memoryMiB: 1024 } }];
    const onDemand = host('i-2', { instance: { isSpot: false } });
    const alone = decide({ hosts: [host('i-1', { tasks: { web: 2 } })], services, fleet });
    expect(alone.report.scenarios).toContainEqual(expect.objectContaining({ name: 'pool-loss', unplaced: 2 }));
    const beside = decide({ hosts: [host('i-1', { tasks: { web: 2 } }), onDemand], services, fleet });
    expect(beside.report.scenarios).toContainEqual(expect.objectContaining({ name: 'pool-loss', unplaced: 0 }));
    expect(beside.report.shapes[0]?.afterLoss?.schedulable).toBe(2);
  });
});

describe('pools at risk', () => {
  it('are looked at, a few of them, and the full check goes on', () => {
    const zones = Array.from({ length: 20 }, (_, at) => `zone-${at.toString().padStart(2, '0')}`);
    const hosts = zones.map((zone, at) => host(`i-${zone}`, { zone, tasks: { web: at < 4 ? 3 : 2 } }));
    const services = [{ name: 'web', shape: { cpuUnits: 600, memoryMiB: 1024 } }];
    const poolsAtRisk = zones.map((zone) => `m5.large/${zone}`);
    const planned = decide({ hosts, services }, SURVIVE, { ...NO_MEMORY, poolsAtRisk });
    expect(planned.fullCheck?.().pools).toHaveLength(20);
    expect(planned.report.scenarios.filter(({ name }) => name === 'pool-loss').length).toBeLessThanOrEqual(12);
  });
});

describe('what a new instance carries', () => {
  it('is not what only the newest one says of itself', () => {
    const web = {
      name: 'web',
      shape: { expressions: ['not(attribute:spotkeeper.ready == no)'] },
      desiredCount: 9,
      runningCount: 0,
    };
    const newest = { attributes: { 'spotkeeper.ready': 'no' }, registeredAt: NOW - 1_000 };
    const hosts = [host('i-1', { containerInstance: newest, instance: { launchedAt: NOW - 60_000 } })];
    const { report } = decide({
      hosts,
      services: [web],
      fleet: { options: [{ instanceType: 'm5.large', weightUnits: 2 }] },
    });
    expect(report.unschedulable).toEqual([]);
    expect(report.target.reason).toBe('pending-tasks');
  });
});

describe('a largest task', () => {
  it('that keeps its like away by an expression is promised room of its own, as one with distinctInstance is', () => {
    const policy = aPolicy();
    const services = (solo: object) => [
      { name: 'big', shape: { cpuUnits: 1500, memoryMiB: 4000 }, desiredCount: 1, runningCount: 1 },
      { name: 'solo', shape: { cpuUnits: 100, memoryMiB: 100 }, desiredCount: 1, runningCount: 1, ...solo },
    ];
    const promised = (solo: object) =>
      decide(
        { hosts: [host('i-1', { tasks: { big: 1, solo: 1 } })], services: services(solo) },
        policy,
      ).report.shapes.map(({ users, promised: count }) => [users[0], count]);
    const expected = [
      ['big', 2],
      ['solo', 2],
    ];
    expect(promised({ placementConstraints: [{ type: 'distinctInstance' }] })).toEqual(expected);
    const expression = 'not(task:group == service:solo)';
    expect(promised({ placementConstraints: [{ type: 'memberOf', expression }] })).toEqual(expected);
  });
});

describe('intents', () => {
  it('of one family and two revisions each want the room of their own', () => {
    const services = [
      { name: 'old', shape: { cpuUnits: 200, memoryMiB: 100 }, desiredCount: 0 },
      { name: 'new', shape: { cpuUnits: 1000, memoryMiB: 100 }, desiredCount: 0 },
    ];
    const spec = aSnapshot({ hosts: [host('i-1')], services });
    const [old, young] = spec.definitions;
    if (old === undefined || young === undefined) throw new TypeError('two definitions were asked for');
    const definitions = [old, young].map((definition) => ({ ...definition, family: 'batch' }));
    const intents = [
      { name: 'a', taskDefinition: young.arn, count: 5, until: NOW + 60_000 },
      { name: 'b', taskDefinition: old.arn, count: 3, until: NOW + 60_000 },
      { name: 'over', taskDefinition: old.arn, count: 50, until: NOW - 1 },
    ];
    const { report } = plan({
      snapshot: { ...spec, definitions, intents },
      policy: aPolicy(),
      memory: NO_MEMORY,
      now: NOW,
    });
    expect(report.shapes.map(({ shape, pending }) => [shape, pending])).toEqual([
      ['1000cpu/100MiB', 5],
      ['200cpu/100MiB', 3],
    ]);
  });
});
