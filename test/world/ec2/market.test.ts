import { describe, expect, it } from 'vitest';
import { instanceTypeOf } from '../../../src/world/ec2/instance-types.ts';
import { Market } from '../../../src/world/ec2/market.ts';
import { seededRng } from '../../../src/world/seeded-rng.ts';

const aMarket = () => new Market(seededRng(1));

describe('the Spot market', () => {
  it('opens a pool with plenty, well below the on-demand price', () => {
    const pool = aMarket().pool('m5.large', 'us-east-1a');
    expect(pool.available).toBeNull();
    expect(pool.pricePerHour).toBeLessThan(instanceTypeOf('m5.large').onDemandPerHour / 2);
    expect(pool.pricePerHour).toBeGreaterThan(0);
  });

  it('keeps a price until it is changed', () => {
    const market = aMarket();
    expect(market.pool('m5.large', 'us-east-1a')).toBe(market.pool('m5.large', 'us-east-1a'));
    market.setPrice('m5.large', 'us-east-1a', 0.08);
    expect(market.pool('m5.large', 'us-east-1a').pricePerHour).toBe(0.08);
  });

  it('counts down what a pool has left, and up what is given back, but not what was interrupted', () => {
    const market = aMarket();
    const left = () => market.pool('m5.large', 'us-east-1a').available;
    market.setAvailable('m5.large', 'us-east-1a', 2);
    market.take('m5.large', 'us-east-1a');
    market.take('m5.large', 'us-east-1a');
    expect(left()).toBe(0);
    market.release('m5.large', 'us-east-1a', 'interrupted');
    expect(left()).toBe(0);
    market.release('m5.large', 'us-east-1a', 'given-up');
    expect(left()).toBe(1);
  });

  it('never runs out where it has plenty', () => {
    const market = aMarket();
    market.take('m5.large', 'us-east-1a');
    market.release('m5.large', 'us-east-1a', 'given-up');
    expect(market.pool('m5.large', 'us-east-1a').available).toBeNull();
  });

  it('has no pool for a type that does not exist', () => {
    expect(() => aMarket().pool('m5.tiny', 'us-east-1a')).toThrow(RangeError);
  });
});
