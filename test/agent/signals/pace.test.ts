import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periods } from '../../../src/agent/signals/pace.ts';
import { PACKETS_PER_SECOND, packetsPerSecond } from '../../../src/model/metadata-budget.ts';

const DEFAULTS = { interruption: 1_000, rebalance: 5_000, targetState: 10_000, maintenance: 60_000 };

describe('the pace', () => {
  it('is as configured while the service keeps connections', () => {
    expect(periods(DEFAULTS, true)).toEqual(DEFAULTS);
  });

  it('is slower by one factor where it does not', () => {
    expect(periods(DEFAULTS, false)).toEqual({
      interruption: 1_286,
      rebalance: 6_430,
      targetState: 12_859,
      maintenance: 77_149,
    });
  });

  it('is nothing for nobody', () => {
    expect(periods({}, false)).toEqual({});
  });

  const period = fc.oneof(fc.integer({ min: 1, max: 3_600_000 }), fc.double({ min: 0.5, max: 60_000, noNaN: true }));
  const configured = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), period);

  it('never breaks the budget, never hurries anybody, and keeps the proportions', () => {
    const property = fc.property(configured, fc.boolean(), (wanted, keepsConnections) => {
      const kept = periods(wanted, keepsConnections);
      const names = Object.keys(wanted);
      expect(Object.keys(kept)).toEqual(names);
      expect(packetsPerSecond(Object.values(kept), keepsConnections)).toBeLessThanOrEqual(PACKETS_PER_SECOND);
      const wantedPackets = packetsPerSecond(Object.values(wanted), keepsConnections);
      const factor = Math.max(1, wantedPackets / PACKETS_PER_SECOND);
      for (const name of names) {
        const [before = 0, after = 0] = [wanted[name], kept[name]];
        expect(after).toBeGreaterThanOrEqual(before);
        // Up to a whole millisecond.
        expect(after - before * factor).toBeGreaterThanOrEqual(-1e-6);
        expect(after - before * factor).toBeLessThan(1 + 1e-6);
      }
    });
    fc.assert(property);
  });

  it('changes nothing that fits', () => {
    const property = fc.property(configured, fc.boolean(), (wanted, keepsConnections) => {
      fc.pre(packetsPerSecond(Object.values(wanted), keepsConnections) <= PACKETS_PER_SECOND);
      expect(periods(wanted, keepsConnections)).toEqual(wanted);
    });
    fc.assert(property);
  });
});
