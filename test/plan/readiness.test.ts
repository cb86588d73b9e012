// Readiness and cordon as services ask for them: what a fresh instance counts for, and what a cordoned one does not.
import { describe, expect, it } from 'vitest';
import { PLACEMENT_CONSTRAINT } from '../../src/model/attributes.ts';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import { type ClusterSpec, type Host, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided } from '../support/decided.ts';

const constrained = (over: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name: 'web',
  shape: { cpuUnits: 1024, memoryMiB: 2048 },
  placementConstraints: [{ type: 'memberOf', expression: PLACEMENT_CONSTRAINT }],
  ...over,
});
const young = { launchedAt: NOW - 60_000 };

/** A host that joined a moment ago, with these attributes and nothing on it. */
const fresh = (id: string, attributes: Readonly<Record<string, string>> = {}): Host => ({
  id,
  instance: young,
  containerInstance: { registeredAt: NOW - 10_000, attributes },
});

const ready = (id: string, over: Partial<Host> = {}, on: Partial<ContainerInstance> = {}): Host => ({
  id,
  ...over,
  containerInstance: { ...on, attributes: { 'spotkeeper.ready': 'yes', ...on.attributes } },
});

const asked = (spec: ClusterSpec, largestTasks = 0) => decided(spec, { headroom: { largestTasks } });

describe('with the constraint on a service', () => {
  const pending = constrained({ desiredCount: 4, runningCount: 2 });

  it.each([
    ['has said nothing yet', {}],
    ['says that it is not ready', { 'spotkeeper.ready': 'no' }],
  ])('a fresh instance that %s is joining, its room counts, and nothing more is asked for', (_name, attributes) => {
    const { standing, target, line } = asked({
      hosts: [ready('i-1', { tasks: { web: 2 } }), fresh('i-2', attributes)],
      services: [pending],
    });
    expect(standing('i-2')).toBe('joining');
    expect(line('web')).toMatchObject({ schedulableNow: 0, inFlight: 2, short: 0 });
    expect(target).toMatchObject({ reason: 'keep', shortUnits: 0 });
  });

  it('one that is still silent after the grace is not ready, and its room is asked for again', () => {
    const { standing, target } = asked({
      hosts: [ready('i-1', { tasks: { web: 2 } }), { id: 'i-2' }],
      services: [pending],
    });
    expect(standing('i-2')).toBe('not-ready');
    expect(target.reason).toBe('pending-tasks');
    expect(target.shortUnits).toBeGreaterThan(0);
  });

  it('it is enough that the definition has it', () => {
    const { standing } = asked({
      hosts: [fresh('i-1')],
      services: [{ name: 'web', desiredCount: 1, shape: { expressions: [PLACEMENT_CONSTRAINT] } }],
    });
    expect(standing('i-1')).toBe('joining');
  });

  it('a ready instance serves', () => {
    const { standing, line } = asked({ hosts: [ready('i-1')], services: [constrained({ desiredCount: 1 })] });
    expect(standing('i-1')).toBe('serving');
    expect(line('web')).toMatchObject({ schedulableNow: 2 });
  });

  it.each([
    ['cordoned', { 'spotkeeper.cordoned': 'operator' }],
    ['not ready', { 'spotkeeper.ready': 'no' }],
    ['silent', {}],
    ['retiring', { 'spotkeeper.ready': 'yes', 'spotkeeper.retiring': 'excess' }],
    ['told of its end', { 'spotkeeper.notice': `interruption@${new Date(NOW + 60_000).toISOString()}` }],
  ])('a new instance counts as ready although the only one of its type is %s', (_name, attributes) => {
    const hosts: Host[] = [
      { id: 'i-1', containerInstance: { attributes } },
      { id: 'i-2', containerInstance: null, instance: { state: 'pending', launchedAt: NOW } },
    ];
    const { line, target, report } = asked({ hosts, services: [constrained({ desiredCount: 2 })] });
    expect(line('web')?.inFlight).toBe(2);
    expect(target.shortUnits).toBe(0);
    expect(report.unschedulable).toEqual([]);
  });

  it('where nobody ever became ready, what came in vain is not asked for again', () => {
    const silent = (id: string): Host => ({
      id,
      instance: { launchedAt: NOW - 1_000_000 },
      containerInstance: { registeredAt: NOW - 900_000 },
    });
    const services = [constrained({ desiredCount: 2 })];
    const { standing, target } = asked({ hosts: [silent('i-1')], services });
    expect(standing('i-1')).toBe('not-ready');
    expect(target.shortUnits).toBe(0);
    const beside = asked({ hosts: [silent('i-1'), ready('i-2', { tasks: { web: 2 } })], services: [pending] });
    expect(beside.target.shortUnits).toBeGreaterThan(0);
  });
});

describe('without the constraint on any service', () => {
  it('an instance whose agent never said anything serves', () => {
    const { standing, line } = asked({ hosts: [fresh('i-1')], services: [{ name: 'web', desiredCount: 1 }] });
    expect(standing('i-1')).toBe('serving');
    expect(line('web')?.schedulableNow).toBeGreaterThan(0);
  });

  it('the same instance is looked at anew as soon as a service gets it', () => {
    const hosts = [{ id: 'i-1' }];
    const before = asked({ hosts, services: [{ name: 'web', desiredCount: 1 }] });
    const after = asked({ hosts, services: [constrained({ desiredCount: 1 })] });
    expect([before.standing('i-1'), after.standing('i-1')]).toEqual(['serving', 'not-ready']);
  });
});

describe('a cordoned instance', () => {
  const cordoned = { attributes: { 'spotkeeper.cordoned': 'operator' } };
  const services = [constrained()];

  it('offers no room, and what the promise lacks without it is asked for', () => {
    const hosts = [ready('i-1', { tasks: { web: 2 } }), ready('i-2')];
    const [whole, lacking] = [
      asked({ hosts, services }, 2),
      asked({ hosts: [ready('i-1', { tasks: { web: 2 } }), ready('i-2', {}, cordoned)], services }, 2),
    ];
    expect(whole.target.shortUnits).toBe(0);
    expect(lacking.line('web')).toMatchObject({ schedulableNow: 0, inFlight: 0 });
    expect(lacking.target.reason).toBe('promised-room');
    expect(lacking.target.shortUnits).toBeGreaterThan(0);
  });

  it('is not replaced when the promise holds without it', () => {
    const hosts = [ready('i-1', { tasks: { web: 2 } }), ready('i-2', {}, cordoned), ready('i-3')];
    expect(asked({ hosts, services }, 2).target.shortUnits).toBe(0);
  });

  it('keeps its tasks: what runs there is not taken for pending', () => {
    const hosts = [ready('i-1', { tasks: { web: 2 } }, cordoned)];
    expect(asked({ hosts, services }).line('web')).toMatchObject({ pending: 0, short: 0 });
  });

  it.each([
    ['is not ready', { 'spotkeeper.cordoned': 'operator', 'spotkeeper.ready': 'no' }, true],
    ['has a disconnected ECS agent', { 'spotkeeper.cordoned': 'operator' }, false],
  ])('is no room on its way when it %s besides', (_name, attributes, agentConnected) => {
    const on = { attributes, agentConnected, registeredAt: NOW - 10_000 };
    const { standing, line } = asked({
      hosts: [{ id: 'i-1', instance: young, containerInstance: on }],
      services: [constrained({ desiredCount: 1 })],
    });
    expect(standing('i-1')).toBe('cordoned');
    expect(line('web')?.inFlight).toBe(0);
  });

  it('is not called back while it retires', () => {
    const on = {
      status: 'DRAINING' as const,
      attributes: { 'spotkeeper.retiring': 'excess', 'spotkeeper.cordoned': 'operator-drain' },
    };
    const { plan, standing } = asked({ hosts: [ready('i-1', {}, on)], services: [constrained({ desiredCount: 1 })] });
    expect(standing('i-1')).toBe('retiring');
    expect(plan.map(({ kind }) => kind)).not.toContain('reactivate');
  });
});
