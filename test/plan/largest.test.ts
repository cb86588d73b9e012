// The largest tasks: which shapes room is promised for, since when, and until when.
import { describe, expect, it } from 'vitest';
import type { Memory } from '../../src/plan/memory.ts';
import { aDefinition, aSnapshot, type ClusterSpec, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const HOUR_MS = 3_600_000;
const service = (name: string, cpuUnits: number, memoryMiB: number, more: object = {}): ServiceSpec => ({
  name,
  desiredCount: 1,
  runningCount: 1,
  ...more,
  shape: { cpuUnits, memoryMiB, ...('shape' in more ? (more.shape as object) : {}) },
});
const ONE = { headroom: { largestTasks: 1 } };
const on = (zone: string) => [{ type: 'memberOf' as const, expression: `attribute:ecs.availability-zone == ${zone}` }];
const largestOf = (spec: ClusterSpec) => decided(spec, ONE).isLargest;

describe('a largest shape', () => {
  it('is one that no other outdoes in everything', () => {
    const services = [service('small', 256, 512), service('wide', 2048, 1024), service('tall', 512, 7_000)];
    expect(largestOf({ services })).toEqual(['2048cpu/1024MiB', '512cpu/7000MiB']);
  });

  it('is also a smaller one that needs what the larger one does not', () => {
    const gpu = service('gpu', 256, 512, { shape: { gpus: 1 } });
    const port = service('port', 256, 512, { shape: { hostPorts: ['tcp:80'] } });
    const own = service('own', 256, 512, { shape: { eniSlots: 1 } });
    const types = aSnapshot().instanceTypes.map((type) => ({ ...type, gpus: 1 }));
    const services = [service('large', 1024, 2048), gpu, port, own];
    expect(decided({ services, snapshot: { instanceTypes: types } }, ONE).isLargest).toEqual([
      '1024cpu/2048MiB',
      '256cpu/512MiB/1gpu',
      '256cpu/512MiB/eni',
      '256cpu/512MiB/tcp:80',
    ]);
  });

  it('is also a smaller one that may stand where the larger one may not: room elsewhere is none for it', () => {
    const hosts = [
      { id: 'i-1', zone: 'a' },
      { id: 'i-2', zone: 'b' },
    ];
    const large = service('large', 1024, 2048, { placementConstraints: on('a') });
    const small = service('small', 256, 512, { placementConstraints: on('b') });
    expect(largestOf({ hosts, services: [large, small] })).toEqual(['1024cpu/2048MiB#vgaj', '256cpu/512MiB#2rds']);
  });

  it('is not a smaller one that may stand wherever the larger one may', () => {
    const hosts = [
      { id: 'i-1', zone: 'a' },
      { id: 'i-2', zone: 'b' },
    ];
    const large = service('large', 1024, 2048, { placementConstraints: on('a') });
    expect(largestOf({ hosts, services: [large, service('small', 256, 512)] })).toEqual(['1024cpu/2048MiB#vgaj']);
  });

  it('is told once, whoever uses it', () => {
    const { report } = decided({ services: [service('one', 1024, 2048), service('two', 1024, 2048)] }, ONE);
    expect(report.shapes).toMatchObject([{ shape: '1024cpu/2048MiB', users: ['one', 'two'], promised: 1 }]);
  });

  it('is none of a service that wants no task, nor of a definition that is only registered', () => {
    const snapshot = aSnapshot({
      services: [service('web', 256, 512), service('huge', 2048, 7_000, { desiredCount: 0 })],
    });
    const registered = aDefinition({ name: 'gigantic', shape: { cpuUnits: 4096, memoryMiB: 15_000 } });
    const { isLargest } = decidedOn({ ...snapshot, definitions: [...snapshot.definitions, registered] }, ONE);
    expect(isLargest).toEqual(['256cpu/512MiB']);
  });

  it('is none that fits no type of the fleet', () => {
    const services = [service('web', 256, 512), service('monster', 65_536, 512)];
    expect(largestOf({ services })).toEqual(['256cpu/512MiB']);
  });
});

describe('a larger shape', () => {
  const web = service('web', 256, 512);
  const huge = service('huge', 2048, 7_000);
  const policy = { headroom: { largestTasks: 1, forgetLargestMs: HOUR_MS } };
  const seenLater = (services: readonly ServiceSpec[], memory: Memory, byMs: number) => {
    const snapshot = { ...aSnapshot({ services }), observedAt: NOW + byMs };
    return decidedOn(snapshot, { ...policy, memory, now: NOW + byMs });
  };

  it('counts from the first pass that sees it used', () => {
    const before = decided({ services: [web] }, policy);
    const then = seenLater([web, huge], before.memory, 15_000);
    expect(then.line('huge')).toMatchObject({ isLargest: true, promised: 1 });
    expect(then.line('web')).toMatchObject({ isLargest: false, promised: 0 });
  });

  it('still counts for a while after its last use, under its last user, and then no more', () => {
    const first = decided({ services: [web, huge] }, policy);
    const soon = seenLater([web], first.memory, HOUR_MS);
    expect(soon.line('huge')).toMatchObject({ shape: '2048cpu/7000MiB', promised: 1, pending: 0 });
    const late = seenLater([web], soon.memory, HOUR_MS + 1);
    expect(late.line('huge')).toBeUndefined();
    expect(late.line('web')).toMatchObject({ isLargest: true, promised: 1 });
  });

  it('counts on when it is used now and then: the time runs from the last use', () => {
    const first = decided({ services: [web, huge] }, policy);
    const again = seenLater([web, huge], first.memory, HOUR_MS - 1);
    const later = seenLater([web], again.memory, 2 * HOUR_MS - 2);
    expect(later.line('huge')).toMatchObject({ promised: 1 });
  });

  it('that nobody uses any more needs no place for tasks, only the promise does', () => {
    const first = decided({ services: [web, huge] }, policy);
    const soon = seenLater([web], first.memory, 60_000);
    expect(soon.scenario('now')).toMatchObject({ tasks: 0 });
    expect(soon.scenario('promise')).toMatchObject({ tasks: 1 });
  });
});

describe('a pin', () => {
  const pin = { cpuUnits: 2048, memoryMiB: 4096, gpus: 0, tasks: 3 };
  const web = service('web', 256, 512);

  it('is promised room though nobody uses it', () => {
    const { line, target } = decided({ services: [web] }, { headroom: { pins: [pin] } });
    expect(line('pin')).toMatchObject({ shape: '2048cpu/4096MiB', promised: 3 });
    expect(target.reason).toBe('promised-room');
  });

  it('of the size of a largest shape is not added to it: the larger number counts', () => {
    const services = [service('big', 2048, 4096)];
    const promisedWith = (largestTasks: number) =>
      decided({ services }, { headroom: { largestTasks, pins: [pin] } }).line('big')?.promised;
    expect([promisedWith(2), promisedWith(5)]).toEqual([3, 5]);
  });

  it('for no task promises nothing', () => {
    expect(decided({ services: [web] }, { headroom: { pins: [{ ...pin, tasks: 0 }] } }).plan).toEqual([]);
  });

  it('that fits no type is named, and promises nothing', () => {
    const { line, report, plan } = decided({ services: [web] }, { headroom: { pins: [{ ...pin, cpuUnits: 65_536 }] } });
    expect(line('pin')?.promised ?? 0).toBe(0);
    expect(report.unschedulable).toMatchObject([{ shape: '65536cpu/4096MiB', users: ['pin'] }]);
    expect(plan).toEqual([]);
  });
});
