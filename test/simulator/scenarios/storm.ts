// A pool is taken as a whole and stays dry; in the middle of it the leader stands still for longer than its lease.
import type { Scenario } from '../../../src/simulator/scenario/scenario.ts';
import { calm } from './calm.ts';

const pool = { instanceType: 'm5.large', zone: 'us-east-1a' };

export const storm: Scenario = {
  ...calm,
  name: 'storm',
  seed: 2,
  hours: 3,
  happenings: [
    { atMinutes: 58, kind: 'rebalance', pool, count: 2 },
    { atMinutes: 60, kind: 'interruption', pool },
    { atMinutes: 60, kind: 'drought', pool, forMinutes: 90 },
    { atMinutes: 61, kind: 'pause', controller: 0, forSeconds: 60 },
  ],
};
