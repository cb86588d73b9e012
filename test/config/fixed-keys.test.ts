import { describe, expect, it } from 'vitest';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { FIXED_KEYS, isFixed, isIdentity } from '../../src/config/fixed-keys.ts';
import { FLEET_SETTINGS } from '../../src/config/fleet.ts';

const KEYS = [...Object.keys(CONTROLLER_SETTINGS), ...Object.keys(FLEET_SETTINGS).map((key) => `fleet.${key}`)];

describe('the keys that a running controller cannot take anew', () => {
  it.each(FIXED_KEYS)('%s is there', (fixed) => {
    expect(KEYS.filter((key) => key === fixed || (fixed.endsWith('.') && key.startsWith(fixed)))).not.toEqual([]);
  });

  it('are not those by which a policy is changed', () => {
    for (const key of ['schedule', 'headroom.largestTasks', 'metrics.periodSeconds', 'fleet.targetCapacity.max'])
      expect(isFixed(key), key).toBe(false);
  });

  it('include those that say what the files are about', () => {
    const about = KEYS.filter(isIdentity);
    expect(about).toEqual(['cluster', 'region', 'fleet.id']);
    expect(about.every(isFixed)).toBe(true);
  });
});
