import { describe, expect, it } from 'vitest';
import { type FaultRule, Faults } from '../../src/sandbox/faults.ts';
import { seededRng } from '../../src/world/seeded-rng.ts';

const THROTTLE = { kind: 'throttle' } as const;
const request = { service: 'ecs', action: 'ListTasks', callerName: 'controller-a' };

function faultsWith(...rules: FaultRule[]): Faults {
  const faults = new Faults(seededRng(1));
  for (const rule of rules) faults.add(rule);
  return faults;
}

describe('a fault rule', () => {
  it('hits the service and action it names', () => {
    expect(faultsWith({ service: 'ecs', action: 'ListTasks', effect: THROTTLE }).strike(request)).toEqual(THROTTLE);
  });

  it('hits every action that begins as it says', () => {
    const faults = faultsWith({ service: 'imds', action: 'GET /latest/meta-data/events/*', effect: THROTTLE });
    const strike = (action: string) => faults.strike({ service: 'imds', action, callerName: null });
    expect(strike('GET /latest/meta-data/events/maintenance/scheduled')).toEqual(THROTTLE);
    expect(strike('GET /latest/meta-data/spot/instance-action')).toBeNull();
    expect(strike('PUT /latest/api/token')).toBeNull();
  });

  it.each<[string, Partial<FaultRule>]>([
    ['service', { service: 'ec2' }],
    ['action', { action: 'StopTask' }],
    ['caller', { caller: 'controller-b' }],
  ])('lets requests of another %s through', (_what, other) => {
    expect(faultsWith({ service: 'ecs', action: '*', effect: THROTTLE, ...other }).strike(request)).toBeNull();
  });

  it('is used up after its count', () => {
    const faults = faultsWith({ service: '*', action: '*', count: 2, effect: THROTTLE });
    expect([1, 2, 3].map(() => faults.strike(request))).toEqual([THROTTLE, THROTTLE, null]);
  });

  it('hits about the share of requests it says', () => {
    const faults = faultsWith({ service: '*', action: '*', probability: 0.3, effect: THROTTLE });
    const hits = Array.from({ length: 1_000 }, () => faults.strike(request)).filter((effect) => effect !== null);
    expect(hits.length).toBeGreaterThan(250);
    expect(hits.length).toBeLessThan(350);
  });

  it('gives way to the older of two that match', () => {
    const older = { kind: 'latency', latencyMs: 5 } as const;
    const faults = faultsWith(
      { service: '*', action: '*', effect: older },
      { service: '*', action: '*', effect: THROTTLE },
    );
    expect(faults.strike(request)).toEqual(older);
  });

  it('is gone when it is removed, and only it', () => {
    const faults = faultsWith({ service: 'ecs', action: '*', effect: THROTTLE });
    const id = faults.add({ service: 'ec2', action: '*', effect: THROTTLE });
    expect(faults.remove(id)).toBe(true);
    expect(faults.remove(id)).toBe(false);
    expect(faults.list().map(({ rule }) => rule.service)).toEqual(['ecs']);
  });
});
