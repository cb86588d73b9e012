// Nobody can be asked: AWS throttles everything while the load rises and an instance is interrupted; then answers get lost.
import type { Scenario } from '../../../src/simulator/scenario/scenario.ts';
import { calm } from './calm.ts';

export const blind: Scenario = {
  ...calm,
  name: 'blind',
  seed: 3,
  hours: 3,
  happenings: [
    { atMinutes: 29, kind: 'trouble', trouble: { apis: ['ecs', 'ec2'], how: 'throttled', share: 1 }, forMinutes: 5 },
    { atMinutes: 30, kind: 'load', service: 'web', desiredCount: 20 },
    { atMinutes: 30, kind: 'interruption', pool: { instanceType: 'm5.large', zone: 'us-east-1b' }, count: 1 },
    { atMinutes: 60, kind: 'trouble', trouble: { apis: ['ec2'], how: 'answer-lost', share: 1 }, forMinutes: 10 },
    { atMinutes: 61, kind: 'load', service: 'web', desiredCount: 30 },
  ],
};
