// What the story says before it begins: what is real, what is pretended, and what is shortened.
import { REAL_PACE } from '../../world/settings.ts';
import { CLUSTER, FLEET_UNITS, fleetRequest, PROMISED_TASKS } from './cast.ts';
import { CONTROLLER_PACE, STORY_PACE } from './pace.ts';
import type { Stage } from './stage.ts';

export function opening(stage: Stage): string[] {
  const { overrides } = fleetRequest(STORY_PACE.region);
  const types = [...new Set(overrides.map(({ instanceType, weightUnits }) => `${instanceType} (${weightUnits})`))];
  const zones = [...new Set(overrides.map(({ zone }) => zone))];
  const pace = CONTROLLER_PACE;
  return [
    `A pretend AWS listens on ${stage.sandbox.endpoints.aws}. Two controllers and an agent on every instance run against`,
    'it: the programs that run in production, through the real AWS SDK.',
    '',
    `  cluster    ${CLUSTER}, Spot fleet ${stage.fleetId}, ${FLEET_UNITS.min} to ${FLEET_UNITS.max} units`,
    `  pools      ${types.join(', ')} units, each in ${zones.join(' and ')}`,
    `  promise    room for ${PROMISED_TASKS} more of the largest task; the loss of a pool is not provided for`,
    `  shortened  the notice is ${STORY_PACE.noticeMs / 1000} s instead of ${REAL_PACE.noticeMs / 1000}, booting ${span(STORY_PACE.bootMs)} instead of ${span(REAL_PACE.bootMs)},`,
    `             a pass comes every second, the lease lasts ${pace.leaseDurationSeconds} s, a surplus ${pace.scaleInIdleSeconds} s,`,
    '             and what nobody uses any more is forgotten at once',
  ];
}

function span([low, high]: readonly [number, number]): string {
  return `${low / 1000} to ${high / 1000} s`;
}
