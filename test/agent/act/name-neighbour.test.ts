import { describe, expect, it } from 'vitest';
import { otherDrainerAmong } from '../../../src/agent/act/name-neighbour.ts';
import { neighboursOf } from '../../../src/agent/neighbours.ts';

const named = (units: string[], ecsConfig: string | null = null) =>
  otherDrainerAmong(
    neighboursOf({ ecsConfig, ecsConfigProblem: ecsConfig === null ? 'EACCES' : null, units, images: [] }),
  );

describe('what else on a host answers notices', () => {
  it('is named by kind and name', () => {
    expect(named(['lifecycled.service'])).toBe('lifecycled:lifecycled.service');
  });

  it('is named in what ECS allows in an attribute', () => {
    expect(named(['drain spot=now#1.service'])).toBe('drain-script:drain-spot-now-1.service');
    expect(named([`${'lifecycled'.repeat(20)}.service`])).toHaveLength(128);
  });

  it('is not named where it is the harmless draining of the ECS agent, or only cannot be read', () => {
    expect(named([], 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true')).toBeNull();
    expect(named([])).toBeNull();
  });
});
