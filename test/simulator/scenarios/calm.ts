// A calm morning: the load rises and falls, and one instance is interrupted.
import type { Scenario } from '../../../src/simulator/scenario/scenario.ts';

export const calm: Scenario = {
  name: 'calm',
  seed: 1,
  hours: 4,
  fleet: {
    minUnits: 2,
    maxUnits: 60,
    allocationStrategy: 'priceCapacityOptimized',
    pools: [
      { instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 2, count: 2 },
      { instanceType: 'm5.large', zone: 'us-east-1b', weightUnits: 2, count: 2 },
      { instanceType: 'm5.xlarge', zone: 'us-east-1a', weightUnits: 4, count: 1 },
      { instanceType: 'm5.xlarge', zone: 'us-east-1b', weightUnits: 4, count: 1 },
    ],
  },
  services: [
    { name: 'web', cpuUnits: 512, memoryMiB: 1_024, desiredCount: 10, stopTimeoutSeconds: 30 },
    { name: 'worker', cpuUnits: 1_024, memoryMiB: 3_000, desiredCount: 3, stopTimeoutSeconds: 90 },
  ],
  controllers: { count: 2, leaseSeconds: 15, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 },
  settings: {},
  roundTripMs: [0, 0],
  happenings: [
    { atMinutes: 30, kind: 'load', service: 'web', desiredCount: 24 },
    { atMinutes: 60, kind: 'interruption', pool: { instanceType: 'm5.large', zone: 'us-east-1a' }, count: 1 },
    { atMinutes: 90, kind: 'load', service: 'web', desiredCount: 10 },
  ],
};
