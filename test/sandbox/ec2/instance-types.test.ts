import {
  DescribeInstanceTypesCommand,
  type DescribeInstanceTypesCommandInput,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allInstanceTypes } from '../../../src/world/ec2/instance-types.ts';
import { anEc2Sandbox, type Ec2Sandbox } from './an-ec2-sandbox.ts';

let cloud: Ec2Sandbox;
beforeAll(async () => {
  cloud = await anEc2Sandbox();
});
afterAll(() => cloud.close());

// The SDK's type is a closed list of names; a wrong one must be sendable.
const send = (input: Omit<DescribeInstanceTypesCommandInput, 'InstanceTypes'> & { InstanceTypes?: string[] }) =>
  cloud.client.send(new DescribeInstanceTypesCommand(input as DescribeInstanceTypesCommandInput));

describe('DescribeInstanceTypes', () => {
  it('gives the size as sold, not what the ECS agent registers', async () => {
    const answer = await send({ InstanceTypes: ['m5.large'] });
    expect(answer.InstanceTypes).toMatchObject([
      {
        InstanceType: 'm5.large',
        CurrentGeneration: true,
        VCpuInfo: { DefaultVCpus: 2, DefaultCores: 1, DefaultThreadsPerCore: 2 },
        MemoryInfo: { SizeInMiB: 8192 },
        NetworkInfo: { MaximumNetworkInterfaces: 3, Ipv4AddressesPerInterface: 10 },
        ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
        SupportedUsageClasses: ['on-demand', 'spot'],
      },
    ]);
  });

  it('leaves out a name it does not know when asked by filter', async () => {
    const answer = await send({ Filters: [{ Name: 'instance-type', Values: ['c5.large', 'c5.tiny'] }] });
    expect(answer.InstanceTypes?.map(({ InstanceType }) => InstanceType)).toEqual(['c5.large']);
  });

  it('fails as a whole for a name it does not know', async () => {
    await expect(send({ InstanceTypes: ['m5.large', 'm5.tiny'] })).rejects.toMatchObject({
      name: 'InvalidInstanceType',
      message: expect.stringContaining('m5.tiny'),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('tells architectures apart', async () => {
    const answer = await send({ Filters: [{ Name: 'processor-info.supported-architecture', Values: ['arm64'] }] });
    expect(answer.InstanceTypes?.every(({ InstanceType }) => /^m[67]g\./.test(InstanceType ?? ''))).toBe(true);
    expect(answer.InstanceTypes?.length).toBeGreaterThan(0);
  });

  it('gives the whole catalogue once, a page at a time', async () => {
    const names: (string | undefined)[] = [];
    for await (const page of paginateDescribeInstanceTypes({ client: cloud.client, pageSize: 5 }, {})) {
      names.push(...(page.InstanceTypes ?? []).map(({ InstanceType }) => InstanceType));
    }
    expect(names).toEqual(allInstanceTypes().map(({ name }) => name));
  });

  it.each([
    [{ MaxResults: 4 }, 'InvalidParameterValue'],
    [{ MaxResults: 101 }, 'InvalidParameterValue'],
    [{ NextToken: 'nonsense' }, 'InvalidNextToken'],
    [{ Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameterValue'],
    [{ InstanceTypes: Array.from({ length: 101 }, (_, index) => `m5.${index}`) }, 'InvalidParameterValue'],
  ])('answers %j with %s', async (input, code) => {
    await expect(send(input)).rejects.toMatchObject({ name: code });
  });
});
