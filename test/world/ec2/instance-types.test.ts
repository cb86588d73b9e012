import { describe, expect, it } from 'vitest';
import { allInstanceTypes, findInstanceType, instanceTypeOf } from '../../../src/world/ec2/instance-types.ts';

describe('the catalogue of instance types', () => {
  it.each(allInstanceTypes())('$name registers all its CPU and less memory than it is sold with', (type) => {
    expect(type.registered.cpuUnits).toBe(type.vcpus * 1024);
    const lost = 1 - type.registered.memoryMiB / type.memoryMiB;
    expect(lost).toBeGreaterThan(0.02);
    expect(lost).toBeLessThan(0.1);
  });

  it.each([
    ['m5.large', 8192, 7690],
    ['m5.xlarge', 16384, 15586],
    ['c5.large', 4096, 3714],
    ['c5.xlarge', 8192, 7634],
  ])('%s registers what was measured', (name, memoryMiB, registeredMiB) => {
    expect(instanceTypeOf(name)).toMatchObject({ memoryMiB, registered: { memoryMiB: registeredMiB } });
  });

  it('prices larger sizes in proportion', () => {
    expect(instanceTypeOf('m5.4xlarge').onDemandPerHour).toBeCloseTo(0.768);
    expect(instanceTypeOf('r6i.xlarge').onDemandPerHour).toBeCloseTo(0.252);
  });

  it('does not know a type that is not sold', () => {
    expect(findInstanceType('m5.tiny')).toBeNull();
    expect(() => instanceTypeOf('m5.tiny')).toThrow(RangeError);
  });
});
