// People interfere: the target is set by hand, an instance is drained and another one ended, clocks are set, a controller is
// killed and told to end.
import type { Scenario } from '../../../src/simulator/scenario/scenario.ts';
import { calm } from './calm.ts';

export const people: Scenario = {
  ...calm,
  name: 'people',
  seed: 4,
  hours: 3,
  happenings: [
    { atMinutes: 20, kind: 'operator-target', units: 40 },
    { atMinutes: 40, kind: 'operator-drain', instance: 1, forMinutes: 30 },
    { atMinutes: 80, kind: 'operator-terminate', instance: 2 },
    { atMinutes: 100, kind: 'controller-clock', controller: 0, bySeconds: -60 },
    { atMinutes: 110, kind: 'crash', controller: 0 },
    { atMinutes: 130, kind: 'restart', controller: 1 },
    { atMinutes: 150, kind: 'deployment', service: 'web' },
  ],
};
