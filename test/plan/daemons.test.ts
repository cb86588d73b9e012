// Daemons come first on every instance that they match, on today's and on new ones.
import { describe, expect, it } from 'vitest';
import { anInstanceType, aSnapshot, type Host, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 1024 }, desiredCount: 1, runningCount: 1 };
const daemon = (more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name: 'logs',
  schedulingStrategy: 'DAEMON',
  shape: { cpuUnits: 1024, memoryMiB: 512 },
  ...more,
});
const inZone = (zone: string) => [
  { type: 'memberOf' as const, expression: `attribute:ecs.availability-zone == ${zone}` },
];

describe('a daemon', () => {
  it('takes its room where it does not run yet, and not a second time where it does', () => {
    const hosts = [{ id: 'i-1' }, { id: 'i-2', tasks: { logs: 1 } }];
    expect(decided({ hosts, services: [daemon(), web] }).line('web')).toMatchObject({ schedulableNow: 2 });
  });

  it('takes it only where its constraints hold', () => {
    const hosts = [
      { id: 'i-1', zone: 'a' },
      { id: 'i-2', zone: 'b' },
    ];
    const services = [daemon({ placementConstraints: inZone('a') }), web];
    expect(decided({ hosts, services }).report.ledger.map(({ schedulable }) => schedulable)).toEqual([[1], [2]]);
  });

  it('takes it on instances of its architecture', () => {
    const snapshot = {
      instanceTypes: [anInstanceType(), anInstanceType({ name: 'm6g.large', architecture: 'arm64' })],
    };
    const services = [daemon({ shape: { cpuUnits: 1024, memoryMiB: 512, architecture: 'arm64' } }), web];
    const { report } = decided({ hosts: [{ id: 'i-1' }, { id: 'i-2', type: 'm6g.large' }], services, snapshot });
    expect(report.ledger.map(({ schedulable }) => schedulable)).toEqual([[2], [1]]);
  });

  it('takes it on instances that are launching, and on those that are yet to be asked for', () => {
    const launching: Host = { id: 'i-1', containerInstance: null, instance: { state: 'pending', launchedAt: NOW } };
    const { line, plan } = decided({
      hosts: [launching],
      services: [daemon(), { ...web, desiredCount: 3, runningCount: 0 }],
    });
    expect(line('web')).toMatchObject({ inFlight: 1, short: 2 });
    // Two of m5.large, one task each beside the daemon; m5.xlarge has room for three.
    expect(plan).toMatchObject([{ kind: 'set-target', fromUnits: 2, targetUnits: 5 }]);
  });

  it('that matches no new instance takes nothing there', () => {
    const services = [
      daemon({ placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ g4dn.*' }] }),
      { ...web, desiredCount: 3, runningCount: 0 },
    ];
    expect(decided({ services, fleet: { targetUnits: 0 } }).plan).toMatchObject([{ targetUnits: 3 }]);
  });

  it('takes its host port everywhere: a task that wants the same fits no instance', () => {
    const port = { cpuUnits: 10, memoryMiB: 10, hostPorts: ['tcp:80' as const] };
    const services = [daemon({ shape: port }), { ...web, shape: port }];
    expect(decided({ hosts: [{ id: 'i-1' }], services }).report.unschedulable).toMatchObject([{ users: ['web'] }]);
  });

  it('has no pending tasks, and is none of the largest', () => {
    const services = [daemon({ desiredCount: 5, runningCount: 0, shape: { cpuUnits: 2000, memoryMiB: 7_000 } })];
    const { report, plan } = decided(
      { hosts: [{ id: 'i-1' }], services },
      { headroom: { largestTasks: 2 }, policy: { scaleIn: { idleMs: 1 } } },
    );
    expect(report.shapes).toEqual([]);
    expect(plan).toEqual([]);
  });

  it('keeps no instance from leaving, nor do its tasks need another place', () => {
    const hosts = [
      { id: 'i-1', tasks: { logs: 1 } },
      { id: 'i-2', tasks: { logs: 1 } },
    ];
    const stuck = daemon({ minimumHealthyPercent: 100, maximumPercent: 100 });
    expect(decided({ hosts, services: [stuck] }).report.scaleIn.victims[0]?.instanceId).toBe('i-1');
  });

  it('whose definition could not be read is left out, and nobody leaves meanwhile', () => {
    const snapshot = aSnapshot({ hosts: [{ id: 'i-1' }, { id: 'i-2' }], services: [daemon(), web] });
    const definitions = snapshot.definitions.filter(({ family }) => family !== 'logs');
    const gaps = [{ part: 'definitions' as const, why: 'throttled' }];
    const { line, report } = decidedOn({ ...snapshot, definitions, gaps });
    expect(line('web')).toMatchObject({ schedulableNow: 4 });
    expect(report.scaleIn.reason).toBe('blind');
  });
});
