import { describe, expect, it } from 'vitest';
import { allInstanceTypes, findInstanceType, instanceTypeOf } from '../../../src/world/ec2/instance-types.ts';
import { missing, rowsOf } from '../../support/real-data.ts';

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
    ['g4dn.xlarge', 16384, 15731],
  ])('%s registers what was measured', (name, memoryMiB, registeredMiB) => {
    expect(instanceTypeOf(name)).toMatchObject({ memoryMiB, registered: { memoryMiB: registeredMiB } });
  });

  it('has forty types and more, of both architectures, with GPUs, and with and without trunking', () => {
    const types = allInstanceTypes();
    expect(types.length).toBeGreaterThanOrEqual(40);
    expect(new Set(types.map(({ architecture }) => architecture))).toEqual(new Set(['x86_64', 'arm64']));
    expect(types.filter(({ gpus }) => gpus !== null).map(({ name }) => name)).toContain('g4dn.12xlarge');
    expect(new Set(types.map(({ tasksWithTrunk }) => tasksWithTrunk === null))).toEqual(new Set([true, false]));
  });

  it.skipIf(missing('instance-types.csv') !== null)('agrees with what EC2 describes', () => {
    const rows = new Map(rowsOf('instance-types.csv').map((row) => [row.instance_type, row]));
    for (const type of allInstanceTypes()) {
      const row = rows.get(type.name);
      expect({
        name: type.name,
        vcpus: type.vcpus,
        memoryMiB: type.memoryMiB,
        architecture: type.architecture,
        gpus: type.gpus?.count ?? 0,
        interfaces: type.networkInterfaces,
        ipv4: type.ipv4PerInterface,
        isBurstable: type.isBurstable,
        price: type.onDemandPerHour.toFixed(4),
      }).toEqual({
        name: row?.instance_type,
        vcpus: Number(row?.vcpu),
        memoryMiB: Number(row?.memory_mib),
        architecture: row?.arch,
        gpus: Number(row?.gpus),
        interfaces: Number(row?.max_enis),
        ipv4: Number(row?.ipv4_per_eni),
        isBurstable: row?.burstable === '1',
        price: Number(row?.od_usd_hour_us_east_1).toFixed(4),
      });
      // Trunking is offered here only where the ECS guide itself lists the type.
      if (type.tasksWithTrunk !== null) expect(type.tasksWithTrunk).toBe(Number(row?.ecs_awsvpc_tasks_trunk));
    }
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
