// Room beyond the promise of this moment: for arrivals until a new instance takes tasks, and for the floors of some hours.
import { describe, expect, it } from 'vitest';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import type { Floor } from '../../src/plan/policy.ts';
import { aSnapshot, type Host, NOW, type ServiceSpec } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const MINUTE_MS = 60_000;
const big: ServiceSpec = { name: 'big', shape: { cpuUnits: 1024, memoryMiB: 2048 }, desiredCount: 1, runningCount: 1 };
const empty = (id: string): Host => ({ id, containerInstance: { registered: { cpuUnits: 1024, memoryMiB: 2048 } } });

describe('arrivals until a new instance takes tasks', () => {
  const headroom = { largestTasks: 1, arrivalQuantile: 0.95, forgetLargestMs: 60 * MINUTE_MS };
  const hosts = ['i-1', 'i-2', 'i-3'].map(empty);

  /** Four small tasks come and go every four minutes, for three hours. */
  function afterHours(strategy: ServiceSpec['placementStrategy'] = [], quantile: number | null = 0.95, looks = 91) {
    let memory: Memory = NO_MEMORY;
    for (let look = 0; look < looks; look += 1) {
      const now = NOW + look * 2 * MINUTE_MS;
      const seen = decidedOn({ ...aSnapshot(atLook(look, strategy)), observedAt: now }, { headroom, memory, now });
      memory = seen.memory;
    }
    const now = NOW + looks * 2 * MINUTE_MS;
    const snapshot = { ...aSnapshot(atLook(looks, strategy)), observedAt: now };
    return decidedOn(snapshot, { headroom: { ...headroom, arrivalQuantile: quantile }, memory, now });
  }

  function atLook(look: number, placementStrategy: ServiceSpec['placementStrategy'] = []) {
    const count = look % 2 === 0 ? 0 : 4;
    const small = { name: 'small', shape: { cpuUnits: 256, memoryMiB: 256 }, desiredCount: count, runningCount: count };
    return { hosts, services: [big, { ...small, placementStrategy }] };
  }

  it('are expected as often as they have come, besides the promise', () => {
    const { scenario } = afterHours();
    expect(scenario('promise')).toMatchObject({ tasks: 1, unplaced: 0 });
    expect(scenario('arrivals')).toMatchObject({ tasks: 5 });
  });

  it('are put where their service spreads them, and what they break up is bought anew', () => {
    const spread = afterHours([{ type: 'spread', field: 'instanceId' }]);
    expect(spread.scenario('arrivals')).toMatchObject({ unplaced: 1 });
    expect(spread.target.reason).toBe('expected-arrivals');
    const packed = afterHours([{ type: 'binpack', field: 'memory' }]);
    expect(packed.scenario('arrivals')).toMatchObject({ unplaced: 0 });
    expect(packed.target.reason).not.toBe('expected-arrivals');
  });

  it('are expected in a quiet moment too, when none of them is wanted', () => {
    const quiet = afterHours([], 0.95, 92);
    expect(quiet.line('small')).toBeUndefined();
    expect(quiet.scenario('arrivals')).toMatchObject({ tasks: 5 });
  });

  it('are not asked about where the operator does not want them', () => {
    expect(afterHours([], null).scenario('arrivals')).toBeUndefined();
  });

  it('are none at first: what was there when we came did not arrive', () => {
    expect(
      decided({ hosts, services: [{ ...big, desiredCount: 50, runningCount: 50 }] }, { headroom }).scenario('arrivals'),
    ).toBeUndefined();
  });

  it('are not counted in a pass that does not see all services and tasks', () => {
    const seen = decided({ hosts, services: [big] }, { headroom });
    const gaps = [{ part: 'definitions' as const, why: 'throttled' }];
    const blind = decided(
      { hosts, services: [], snapshot: { gaps } },
      { headroom, memory: seen.memory, now: NOW + MINUTE_MS },
    );
    expect(blind.memory.arrivals).toEqual(seen.memory.arrivals);
    const again = decided({ hosts, services: [big] }, { headroom, memory: blind.memory, now: NOW + 2 * MINUTE_MS });
    expect(Object.values(again.memory.arrivals.shapes).map(({ counted }) => counted)).toEqual([0]);
  });
});

describe('a floor', () => {
  /** Saturday noon is NOW. */
  const floor: Floor = { days: ['sat'], from: '12:00', until: '14:00', timeZone: 'UTC', largestTasks: 3 };
  const with1 = (floors: readonly Floor[]) => ({ headroom: { largestTasks: 1, floors } });
  const spec = { hosts: [empty('i-1')], services: [big] };

  it('wants room for more of the largest tasks in its hours, and names itself as the reason', () => {
    const { scenario, target, line } = decided(spec, with1([floor]));
    expect(scenario('floor')).toMatchObject({ tasks: 3, unplaced: 2 });
    expect(target).toMatchObject({ reason: 'scheduled-floor', scenario: 'floor' });
    expect(line('big')).toMatchObject({ promised: 1 });
  });

  it('wants it a lead time before they begin', () => {
    const from = (time: string) => decided({ services: [big] }, with1([{ ...floor, from: time }])).scenario('floor');
    expect(decided({ services: [big] }).report.leadTime.p95Ms).toBe(240_000);
    expect(from('12:04')).toBeDefined();
    expect(from('12:05')).toBeUndefined();
  });

  it('wants nothing outside of them, nor where the promise is as large', () => {
    expect(decided(spec, with1([{ ...floor, days: ['sun'] }])).scenario('floor')).toBeUndefined();
    expect(decided(spec, with1([{ ...floor, largestTasks: 1 }])).scenario('floor')).toBeUndefined();
  });

  it('is met by the same room as the promise: the most is bought, never the sum', () => {
    const hosts = ['i-1', 'i-2', 'i-3'].map(empty);
    const { plan, scenario } = decided({ hosts, services: [big] }, with1([floor]));
    expect(scenario('floor')).toMatchObject({ unplaced: 0 });
    expect(plan).toEqual([]);
  });

  it('holds pins beside the largest tasks', () => {
    const pins = [{ cpuUnits: 2000, memoryMiB: 7_000, gpus: 0, tasks: 1 }];
    const { scenario } = decided(spec, { headroom: { largestTasks: 1, floors: [floor], pins } });
    expect(scenario('floor')).toMatchObject({ tasks: 4 });
  });
});
