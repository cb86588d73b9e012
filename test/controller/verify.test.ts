// Which On-Demand capacity a fleet may have when a controller starts.
import { describe, expect, it } from 'vitest';
import { assertUsable } from '../../src/controller/verify.ts';
import type { Fleet } from '../../src/model/fleet.ts';
import { aFleet, aPolicy } from '../support/builders.ts';

const { onDemand: SPOT_ONLY } = aPolicy();
const FALLBACK = { ...SPOT_ONLY, fallback: { ...SPOT_ONLY.fallback, maximumUnits: 4 } };

const launched = (template: { idOrName: string; version: string } | null): Partial<Fleet> => ({
  launchSpecs: [{ instanceType: 'm5.large', imageId: null, template }],
});
const TEMPLATE = launched({ idOrName: 'lt-1', version: '1' });

describe('a fleet with an On-Demand part', () => {
  it('is refused where its file does not speak of it, with both keys that do', () => {
    const fleet = aFleet([], { onDemandTargetUnits: 3, ...TEMPLATE });
    expect(() => assertUsable(fleet, SPOT_ONLY)).toThrow(/onDemand\.base: 3 .*onDemand\.fallback\.maximumUnits/);
  });

  it('is taken over where the file has a fallback or a base: a controller may end in the midst of one', () => {
    const fleet = aFleet([], { onDemandTargetUnits: 3, ...TEMPLATE });
    expect(() => assertUsable(fleet, FALLBACK)).not.toThrow();
    expect(() => assertUsable(fleet, { ...SPOT_ONLY, baseUnits: 3 })).not.toThrow();
  });

  it('is not to be had from launch specifications', () => {
    expect(() => assertUsable(aFleet([], launched(null)), FALLBACK)).toThrow(/launch specifications/);
    expect(() => assertUsable(aFleet([], launched(null)), SPOT_ONLY)).not.toThrow();
  });
});
