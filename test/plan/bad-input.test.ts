// What cannot be read is set aside with its reason. It stops nothing else, and nothing is guessed at.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import type { SetAside } from '../../src/model/snapshot.ts';
import { check } from '../../src/plan/check.ts';
import { plan } from '../../src/plan/decide.ts';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import { aHeadroom, aPolicy, aSnapshot, type ClusterSpec, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const memberOf = (expression: string) => [{ type: 'memberOf' as const, expression }];
const hosts = [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }];

describe('a service whose constraint cannot be read', () => {
  const odd: ServiceSpec = { name: 'odd', desiredCount: 5, placementConstraints: memberOf('attribute:zone ==') };

  it('is set aside by name, with the place in the expression', () => {
    const { report } = decided({ hosts, services: [web, odd] });
    expect(report.setAside).toMatchObject([{ kind: 'service', subject: 'odd', reason: 'malformed-expression' }]);
    expect(report.setAside[0]?.detail).toMatch(/^attribute:zone ==: column \d+: /);
  });

  it('asks for nothing, is promised nothing, and keeps nobody else from either', () => {
    const services = [{ ...web, desiredCount: 5, placementFailure: 'no room' }, odd];
    const { report, line, target } = decided({ hosts, services }, { headroom: { largestTasks: 1 } });
    expect(report.shapes.map(({ users }) => users)).toEqual([['web']]);
    expect(line('web')).toMatchObject({ pending: 4, promised: 1 });
    expect(target.reason).toBe('pending-tasks');
  });

  it('keeps the instance its tasks stand on: what they need elsewhere is not known', () => {
    const spec = { hosts: [{ id: 'i-1', tasks: { odd: 1 } }], services: [odd] };
    expect(decided(spec).report.scaleIn.unremovable).toEqual([{ instanceId: 'i-1', reason: 'tasks-unknown' }]);
  });

  it('is one set aside for a constraint of its definition as well', () => {
    const shaped = { name: 'odd', desiredCount: 1, shape: { expressions: ['=~'] } };
    const kinds = decided({ hosts, services: [shaped] }).report.setAside.map(({ kind, reason }) => [kind, reason]);
    expect(kinds).toContainEqual(['service', 'malformed-expression']);
  });

  it('that is a daemon takes no room', () => {
    const logs = { ...odd, schedulingStrategy: 'DAEMON' as const };
    const { line } = decided({ hosts, services: [{ ...web, desiredCount: 2 }, logs] });
    expect(line('web')).toMatchObject({ schedulableNow: 3 });
  });
});

describe('a service whose definition is not known', () => {
  const spec: ClusterSpec = { hosts, services: [web, { name: 'odd', desiredCount: 5 }] };
  const snapshot = aSnapshot(spec);
  const unknown = { ...snapshot, definitions: snapshot.definitions.filter(({ family }) => family !== 'odd') };

  it('asks for nothing, and the rest is planned', () => {
    const { report, plan: actions } = decidedOn(unknown);
    expect(report.shapes.map(({ users }) => users)).toEqual([['web']]);
    expect(actions.filter(({ kind }) => kind === 'set-target')).not.toContainEqual(
      expect.objectContaining({ reason: 'pending-tasks' }),
    );
  });

  it('keeps the instance its tasks stand on', () => {
    const there = aSnapshot({ hosts: [{ id: 'i-1', tasks: { odd: 1 } }], services: [{ name: 'odd' }] });
    expect(decidedOn({ ...there, definitions: [] }).report.scaleIn.victims).toEqual([]);
  });
});

describe('an instance', () => {
  it.each<[string, Partial<ContainerInstance>]>([
    ['lists no remaining resources', { remaining: null }],
    ['lists no registered resources', { registered: null, remaining: null }],
    ['has less than nothing left', { remaining: { cpuUnits: -512, memoryMiB: -1024 } }],
    ['has less than nothing left of one resource', { remaining: { cpuUnits: 2048, memoryMiB: -1 } }],
    [
      'registered no memory',
      { registered: { cpuUnits: 2048, memoryMiB: 0 }, remaining: { cpuUnits: 2048, memoryMiB: 0 } },
    ],
  ])('that %s offers no room of its own', (_, broken) => {
    const spec = aSnapshot({ hosts: [{ id: 'i-1' }], services: [{ ...web, desiredCount: 1 }] });
    const containerInstances = spec.containerInstances.map((each) => ({ ...each, ...broken }));
    const { line, plan: actions } = decidedOn({ ...spec, containerInstances });
    expect(line('web')).toMatchObject({ schedulableNow: 0, pending: 1, short: 1 });
    expect(actions).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });

  it('with less than nothing left takes nothing from the others', () => {
    const over = { remaining: { cpuUnits: -5000, memoryMiB: -5000 } };
    const { line } = decided({
      hosts: [{ id: 'i-1', containerInstance: over }, { id: 'i-2' }],
      services: [{ ...web, desiredCount: 2 }],
    });
    expect(line('web')).toMatchObject({ schedulableNow: 2, short: 0 });
  });

  it('of a type that EC2 has not described serves with what it registered, and takes no task with its own interface', () => {
    const own = { name: 'own', shape: { cpuUnits: 10, memoryMiB: 10, eniSlots: 1 }, desiredCount: 1 };
    const { line, report } = decided({
      hosts: [{ id: 'i-1', type: 'x9.huge' }],
      services: [{ ...web, desiredCount: 1 }, own],
      fleet: { options: [...(aSnapshot().fleet?.options ?? []), { instanceType: 'x9.huge', weightUnits: 1 }] },
    });
    expect(line('web')).toMatchObject({ schedulableNow: 2 });
    expect(line('own')).toMatchObject({ schedulableNow: 0, obstacle: 'eni' });
    expect(report.unschedulable).toEqual([]);
  });

  it('whose zone nobody knows is named, serves, and is no place for a task that asks for a zone', () => {
    const snapshot = aSnapshot({
      hosts: [{ id: 'i-1' }],
      services: [
        { ...web, desiredCount: 1 },
        { name: 'zonal', desiredCount: 1, placementConstraints: memberOf('attribute:ecs.availability-zone == a') },
      ],
    });
    const containerInstances = snapshot.containerInstances.map((each) => ({ ...each, attributes: {} }));
    const { line, report, standing } = decidedOn({ ...snapshot, instances: [], containerInstances });
    expect(standing('i-1')).toBe('serving');
    expect(line('web')).toMatchObject({ schedulableNow: 2 });
    expect(line('zonal')).toMatchObject({ schedulableNow: 0, obstacle: 'member-of' });
    expect(report.setAside).toMatchObject([{ kind: 'instance', subject: 'i-1', reason: 'attribute-missing' }]);
  });
});

describe('what the observer could not read', () => {
  it('is told in the report as it came', () => {
    const setAside: SetAside[] = [
      { kind: 'intent', subject: 'tonight', reason: 'malformed-intent', detail: 'count: abc' },
    ];
    expect(decided({ hosts, services: [web], snapshot: { setAside } }).report.setAside).toEqual(setAside);
    const gaps = [{ part: 'services' as const, why: 'throttled' }];
    expect(decided({ hosts, snapshot: { setAside, gaps } }).report.setAside).toEqual(setAside);
  });
});

describe('a plan, whatever it is given to read', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(
      'attribute:a',
      '==',
      'task:group',
      'not(',
      '(((',
      'attribute:a =~ (',
      'in [',
      'exists or',
      'registeredAt > x',
    ),
  );
  const amount = fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.constantFrom(0, 2 ** 31 - 1));

  it('is made, and sound', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 3 }),
        fc.array(fc.record({ cpuUnits: amount, memoryMiB: amount }), { minLength: 2, maxLength: 2 }),
        fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 }),
        fc.constantFrom('none' as const, 'pool' as const, 'zone' as const),
        (expressions, [left, registered], attributes, survive) => {
          const services = [web, { name: 'odd', desiredCount: 3, placementConstraints: expressions.flatMap(memberOf) }];
          const odd = { remaining: left ?? null, registered: registered ?? null, attributes };
          const snapshot = aSnapshot({ hosts: [...hosts, { id: 'i-3', containerInstance: odd }], services });
          const policy = aPolicy({ headroom: aHeadroom({ survive }) });
          check({ plan: plan({ snapshot, policy, memory: NO_MEMORY, now: NOW }).plan, snapshot, policy, now: NOW });
        },
      ),
      { numRuns: 500 },
    );
  });
});
