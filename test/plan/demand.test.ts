// What ECS wants running and has no lasting place for: counts that flicker, placements that fail, tasks that are leaving.
import { describe, expect, it } from 'vitest';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import { aSnapshot, type ClusterSpec, type Host, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const SHAPE = { cpuUnits: 1024, memoryMiB: 2048 };
const web = (more: Partial<ServiceSpec> = {}): ServiceSpec => ({ name: 'web', shape: SHAPE, ...more });
const DEBOUNCE = { policy: { pendingDebounceMs: 30_000 } };
const busy: Host = { id: 'i-1', tasks: { web: 2 } };

/** Passes of fifteen seconds, each with the memory of the one before: how many tasks have no place in each. */
function pendingOver(runningCounts: readonly number[]): (number | undefined)[] {
  let memory: Memory = NO_MEMORY;
  return runningCounts.map((runningCount, pass) => {
    const now = NOW + pass * 15_000;
    const snapshot = aSnapshot({ hosts: [busy], services: [web({ desiredCount: 4, runningCount })] });
    const seen = decidedOn({ ...snapshot, observedAt: now }, { ...DEBOUNCE, memory, now });
    memory = seen.memory;
    return seen.line('web')?.pending;
  });
}

describe('a task that is missing', () => {
  it('asks for nothing when it is only for a moment', () => {
    expect(pendingOver([4, 3, 4, 3, 4, 3, 4])).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('asks for room when it has been in every look for as long as the debounce', () => {
    expect(pendingOver([4, 3, 3, 3, 3])).toEqual([0, 0, 0, 1, 1]);
  });

  it('counts with as many as were missing all the while', () => {
    expect(pendingOver([3, 1, 2, 1, 0])).toEqual([0, 0, 1, 2, 2]);
  });

  it('asks at once where ECS has said that it cannot place it', () => {
    const services = [web({ desiredCount: 3, placementFailure: 'was unable to place a task' })];
    expect(decided({ hosts: [busy], services }, DEBOUNCE).line('web')).toMatchObject({ pending: 1 });
  });

  it('asks after its time where it was missing before a pass that saw no services', () => {
    const spec: ClusterSpec = { hosts: [busy], services: [web({ desiredCount: 3 })] };
    const first = decided(spec, DEBOUNCE);
    const blind = decided(
      { ...spec, snapshot: { gaps: [{ part: 'services', why: 'throttled' }], services: [] } },
      { ...DEBOUNCE, memory: first.memory, now: NOW + 15_000 },
    );
    const seen = decided(spec, { ...DEBOUNCE, memory: blind.memory, now: NOW + 30_000 });
    expect(seen.line('web')).toMatchObject({ pending: 1 });
  });

  it('starts anew for a service that was away meanwhile', () => {
    const spec: ClusterSpec = { hosts: [busy], services: [web({ desiredCount: 3 })] };
    const first = decided(spec, DEBOUNCE);
    const away = decided({ hosts: [busy] }, { ...DEBOUNCE, memory: first.memory, now: NOW + 15_000 });
    expect(decided(spec, { ...DEBOUNCE, memory: away.memory, now: NOW + 30_000 }).line('web')).toMatchObject({
      pending: 0,
    });
  });

  it('is none of one more that runs than is desired, as while it is being replaced', () => {
    const { line, plan } = decided({ hosts: [busy], services: [web({ desiredCount: 1 })] });
    expect(line('web')).toMatchObject({ pending: 0 });
    expect(plan).toEqual([]);
  });
});

describe('a task on an instance that is leaving', () => {
  it.each([
    [
      'is noticed',
      { status: 'DRAINING' as const, attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:01:30Z' } },
    ],
    ['is drained by somebody', { status: 'DRAINING' as const }],
    ['is ending', { status: 'DEREGISTERING' as const }],
  ])('that %s has no lasting place, however short the look', (_, containerInstance) => {
    const hosts = [busy, { id: 'i-2', tasks: { web: 2 }, containerInstance }];
    expect(decided({ hosts, services: [web()] }, DEBOUNCE).line('web')).toMatchObject({ pending: 2 });
  });

  it('counts by its share where nobody has looked at the instance', () => {
    const leaving = { status: 'DRAINING' as const };
    const hosts = [busy, { id: 'i-2', tasks: { web: 1, api: 1 }, containerInstance: leaving }];
    const api = { name: 'api', shape: { cpuUnits: 512, memoryMiB: 512 } };
    const snapshot = aSnapshot({ hosts, services: [web(), api] });
    const { line } = decidedOn({ ...snapshot, tasks: snapshot.tasks.slice(0, 1) });
    expect([line('web')?.pending, line('api')?.pending]).toEqual([2, 1]);
  });

  it('does not count twice when its replacement has started', () => {
    const hosts = [busy, { id: 'i-2', tasks: { web: 2 }, containerInstance: { status: 'DRAINING' as const } }];
    expect(decided({ hosts, services: [web({ desiredCount: 2 })] }).line('web')).toMatchObject({ pending: 0 });
    expect(decided({ hosts, services: [web({ desiredCount: 3 })] }).line('web')).toMatchObject({ pending: 1 });
  });

  it('of a disconnected instance keeps its place: its ECS agent mostly comes back', () => {
    const hosts = [busy, { id: 'i-2', tasks: { web: 2 }, containerInstance: { agentConnected: false } }];
    expect(decided({ hosts, services: [web()] }).line('web')).toMatchObject({ pending: 0 });
  });
});

describe('what is pending', () => {
  it('is packed by us where any order will do, and by ECS’s strategy before a promise', () => {
    const half = { registered: { cpuUnits: 2048, memoryMiB: 7_690 }, remaining: { cpuUnits: 1024, memoryMiB: 3_000 } };
    const hosts = [
      { id: 'i-1', containerInstance: half },
      { id: 'i-2', containerInstance: half },
    ];
    const small = (placementStrategy: ServiceSpec['placementStrategy']): ServiceSpec => ({
      name: 'small',
      shape: { cpuUnits: 512, memoryMiB: 512 },
      desiredCount: 2,
      ...(placementStrategy === undefined ? {} : { placementStrategy }),
    });
    const promise = { headroom: { pins: [{ cpuUnits: 1024, memoryMiB: 1024, gpus: 0, tasks: 1 }] } };
    const of = (strategy: ServiceSpec['placementStrategy']) => decided({ hosts, services: [small(strategy)] }, promise);
    expect(of([{ type: 'binpack', field: 'cpu' }]).scenario('promise')).toMatchObject({ tasks: 3, unplaced: 0 });
    expect(of([{ type: 'spread', field: 'instanceId' }]).scenario('promise')).toMatchObject({ tasks: 3, unplaced: 1 });
    expect(of([{ type: 'spread', field: 'instanceId' }]).scenario('now')).toMatchObject({ tasks: 2, unplaced: 0 });
  });
});
