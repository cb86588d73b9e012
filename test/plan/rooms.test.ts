// What offers room, now or soon, and how much of what ECS does not list: by the standing of an instance, by how late it
// is, by the tasks that stand on it.
import { describe, expect, it } from 'vitest';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import { anInstanceType, arnOf, aSnapshot, type Host, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 }, desiredCount: 1 };
const young = { launchedAt: NOW - 60_000 };
const until = (seconds: number) => ({
  status: 'DRAINING' as const,
  attributes: { 'spotkeeper.notice': `interruption@${new Date(NOW + seconds * 1000).toISOString()}` },
});

describe('an instance that', () => {
  it.each<[string, Partial<ContainerInstance>, string]>([
    ['is cordoned', { attributes: { 'spotkeeper.cordoned': 'yes' } }, 'cordoned'],
    ['is cordoned without a word', { attributes: { 'spotkeeper.cordoned': '' } }, 'cordoned'],
    ['says for long that it is not ready', { attributes: { 'spotkeeper.ready': 'no' } }, 'not-ready'],
    ['drains', { status: 'DRAINING' }, 'draining'],
    ['is noticed', until(100), 'noticed'],
    ['is at the end of its notice', until(5), 'gone'],
    ['retires', { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } }, 'retiring'],
    ['has never finished registering', { status: 'REGISTERING' }, 'orphan'],
    ['could not register', { status: 'REGISTRATION_FAILED' }, 'orphan'],
    ['is deregistering', { status: 'DEREGISTERING' }, 'gone'],
    ['is inactive', { status: 'INACTIVE' }, 'gone'],
  ])('%s offers no room, now or soon', (_, containerInstance, expected) => {
    const { standing, line } = decided({ hosts: [{ id: 'i-1', containerInstance }], services: [web] });
    // What we retire is called back when it is needed, and then it serves.
    const isCalledBack = expected === 'retiring';
    expect(standing('i-1')).toBe(isCalledBack ? 'serving' : expected);
    expect(line('web')).toMatchObject({ schedulableNow: isCalledBack ? 2 : 0, inFlight: 0 });
  });

  it.each<[string, Partial<ContainerInstance>]>([
    ['is ready, and says so', { attributes: { 'spotkeeper.ready': 'yes' } }],
    ['has a mark that is not ours', { attributes: { 'spotkeeper.notice': 'whatever', retiring: 'true' } }],
  ])('%s serves', (_, containerInstance) => {
    const { line } = decided({ hosts: [{ id: 'i-1', containerInstance }], services: [web] });
    expect(line('web')).toMatchObject({ schedulableNow: 2 });
  });

  it.each<[string, Host]>([
    ['is launching', { id: 'i-1', containerInstance: null, instance: { state: 'pending', launchedAt: NOW } }],
    ['is registering', { id: 'i-1', containerInstance: { status: 'REGISTERING', registeredAt: NOW }, instance: young }],
    [
      'is not ready yet',
      {
        id: 'i-1',
        containerInstance: { attributes: { 'spotkeeper.ready': 'no' }, registeredAt: NOW },
        instance: young,
      },
    ],
    ['is disconnected for a moment', { id: 'i-1', containerInstance: { agentConnected: false } }],
  ])('%s offers room soon', (_, host) => {
    expect(decided({ hosts: [host], services: [web] }).line('web')).toMatchObject({ schedulableNow: 0, inFlight: 2 });
  });
});

describe('a launch that is late', () => {
  /** As many instances as late as that, and a task for each. */
  function late(minutes: number, instances: number) {
    const hosts = Array.from(
      { length: instances },
      (_, at): Host => ({ id: `i-${at}`, containerInstance: null, instance: { launchedAt: NOW - minutes * 60_000 } }),
    );
    return decided(
      { hosts, services: [{ ...web, desiredCount: 2 * instances }] },
      { policy: { joinGraceMs: 3_600_000 } },
    );
  }

  it('counts in full until nearly all launches have come, then less and less, and at last not at all', () => {
    expect(late(1, 1).report.leadTime.p95Ms).toBe(240_000);
    expect([4, 6, 8, 10, 12].map((minutes) => late(minutes, 4).line('web')?.inFlight)).toEqual([8, 6, 4, 2, 0]);
  });

  it('is made up for by as many units', () => {
    expect(late(8, 4).target).toMatchObject({ reason: 'pending-tasks', shortUnits: 3 });
  });

  it('is an orphan past the grace, and named so', () => {
    const host: Host = { id: 'i-1', containerInstance: null, instance: { launchedAt: NOW - 600_001 } };
    const { standing, line } = decided({ hosts: [host], services: [web] });
    expect(standing('i-1')).toBe('orphan');
    expect(line('web')).toMatchObject({ inFlight: 0 });
  });
});

describe('what ECS does not list as remaining', () => {
  const gpu: ServiceSpec = {
    name: 'gpu',
    shape: { cpuUnits: 10, memoryMiB: 10, gpus: 1 },
    desiredCount: 1,
    runningCount: 1,
  };
  const own: ServiceSpec = {
    name: 'own',
    shape: { cpuUnits: 10, memoryMiB: 10, eniSlots: 1 },
    desiredCount: 1,
    runningCount: 1,
  };
  const types = [anInstanceType({ gpus: 4, eniSlots: 2, eniSlotsWithTrunk: 10 })];
  const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 2 }] };
  const on = (host: Partial<Host>, services: readonly ServiceSpec[] = [gpu, own]) =>
    aSnapshot({
      hosts: [{ id: 'i-1', ...host, containerInstance: { gpus: 4, ...host.containerInstance } }],
      services,
      fleet,
      snapshot: { instanceTypes: types },
    });

  it('GPUs are those registered but for those of the tasks there', () => {
    const free = (host: Partial<Host>) => decidedOn(on(host)).line('gpu')?.schedulableNow;
    expect([
      free({}),
      free({ tasks: { gpu: 1 } }),
      free({ tasks: { gpu: 1, own: 2 } }),
      free({ tasks: { gpu: 4 } }),
    ]).toEqual([4, 3, 3, 0]);
  });

  it('network interfaces are those of the type but for those of the tasks there', () => {
    const free = (host: Partial<Host>) => decidedOn(on(host)).line('own')?.schedulableNow;
    expect([free({}), free({ tasks: { own: 1 } }), free({ tasks: { own: 2 } })]).toEqual([2, 1, 0]);
  });

  it('network interfaces are more with a trunk, which the instance tells', () => {
    const trunk = { containerInstance: { attributes: { 'ecs.awsvpc-trunk-id': 'trunk-1' } } };
    const free = (host: Partial<Host>) => decidedOn(on(host)).line('own')?.schedulableNow;
    expect([free(trunk), free({ ...trunk, tasks: { own: 2 } })]).toEqual([10, 8]);
  });

  it('a new instance has a trunk where one that is there has', () => {
    const trunk = { containerInstance: { attributes: { 'ecs.awsvpc-trunk-id': 'trunk-1' } }, tasks: { own: 10 } };
    const twelve = [{ ...own, desiredCount: 22, runningCount: 10 }];
    expect(decidedOn(on(trunk, twelve)).target.shortUnits).toBe(3);
    const none = decidedOn(on({ tasks: { own: 2 } }, [{ ...own, desiredCount: 6, runningCount: 2 }]));
    expect(none.target.shortUnits).toBe(3);
  });

  it('is taken as one a task where nobody looked at the tasks', () => {
    const snapshot = { ...on({ tasks: { gpu: 1, own: 1 } }), tasks: [] };
    const { line } = decidedOn(snapshot);
    expect([line('gpu')?.schedulableNow, line('own')?.schedulableNow]).toEqual([2, 0]);
  });
});

describe('an instance whose tasks nobody looked at', () => {
  const snapshot = aSnapshot({
    hosts: [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }, { id: 'i-3', tasks: { web: 1 } }],
    services: [{ name: 'web' }],
  });
  const blind = { ...snapshot, tasks: snapshot.tasks.slice(0, 1) };

  it('offers the room that ECS says it has', () => {
    expect(decidedOn(blind).line('web')).toEqual(decidedOn(snapshot).line('web'));
  });

  it('is no victim', () => {
    const { report } = decidedOn(blind);
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-2', reason: 'tasks-unknown' });
    expect(report.scaleIn.victims[0]?.instanceId).toBe('i-1');
  });

  it('is to be looked at next, the emptiest first', () => {
    expect(decidedOn(blind).memory.lookAt).toEqual([arnOf('i-2'), arnOf('i-3')]);
    expect(decidedOn(snapshot).memory.lookAt).toEqual([]);
  });
});
