// What a fleet launches and what instances were launched with, read through the real SDK; and how an operator moves a
// fleet to another version.
import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSpotFleetRequestsCommand,
  ModifySpotFleetRequestCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import { fleetId, instanceId } from '../../src/model/ids.ts';
import type { Fleet } from '../../src/world/ec2/fleet.ts';
import { IMAGE_ID } from '../../src/world/ec2/instance.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
let fleet: Fleet;
beforeEach(async () => {
  cloud = await startSmallCloud();
  fleet = cloud.sandbox.world.ec2.findFleet(cloud.fleetId);
});
afterEach(() => cloud.close());

const client = () => createEc2Client({ region: 'us-east-1', policy: 'operator', maxAttempts: 1 });
const port = () => createSpotFleet({ id: fleetId(cloud.fleetId), client: client() });
const addVersion = (imageId: string) =>
  cloud.sandbox.driver.inPresent(() => cloud.sandbox.world.ec2.launchTemplates.addVersion(fleet.template.id, imageId));

/** With the fleet's own configuration, as `aws ec2 describe-spot-fleet-requests` gives it. */
async function moveTo(version: string): Promise<void> {
  const input = { SpotFleetRequestIds: [cloud.fleetId] };
  const { SpotFleetRequestConfigs: found } = await client().send(new DescribeSpotFleetRequestsCommand(input));
  const configs = found?.[0]?.SpotFleetRequestConfig?.LaunchTemplateConfigs ?? [];
  await client().send(
    new ModifySpotFleetRequestCommand({
      SpotFleetRequestId: cloud.fleetId,
      LaunchTemplateConfigs: configs.map(({ LaunchTemplateSpecification, Overrides }) => ({
        LaunchTemplateSpecification: {
          LaunchTemplateId: LaunchTemplateSpecification?.LaunchTemplateId,
          Version: version,
        },
        Overrides,
      })),
    }),
  );
  await until('the fleet to be active', () => fleet.state === 'active');
}

describe('what a fleet launches', () => {
  it('is a version of its launch template for each type, and that says the image', async () => {
    const { launchSpecs } = await port().describe();
    const template = { idOrName: fleet.template.id, version: '1' };
    expect(launchSpecs).toEqual([{ instanceType: 'm5.large', imageId: null, template }]);
    expect(await port().launchOf(template)).toEqual({
      imageId: IMAGE_ID,
      template: { id: fleet.template.id, version: 1 },
    });
  });

  it('is the newest version where it says so, and no image where that is a parameter', async () => {
    addVersion('resolve:ssm:/golden');
    expect(await port().launchOf({ idOrName: fleet.template.id, version: '$Latest' })).toEqual({
      imageId: null,
      template: { id: fleet.template.id, version: 2 },
    });
    expect(await port().launchOf({ idOrName: fleet.template.id, version: '$Default' })).toMatchObject({
      template: { version: 1 },
    });
  });

  it('is a failure of a version that is not there', async () => {
    await expect(port().launchOf({ idOrName: fleet.template.id, version: '7' })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  it('is another from the moment an operator moves it; who runs keeps what it has', async () => {
    addVersion('ami-2');
    const [before] = fleet.members;
    await moveTo('2');
    expect((await port().describe()).launchSpecs[0]?.template).toEqual({ idOrName: fleet.template.id, version: '2' });
    await port().setTargetCapacity({ targetUnits: 6 });
    await until('one more', () => fleet.members.length === 3);
    const after = fleet.members.find(({ template }) => template?.version === 2);
    const ids = [before, after].map((member) => instanceId(member?.id ?? ''));
    const found = await createInstances({ client: client() }).describe(ids);
    const launches = new Map(found.map(({ id, launch }) => [id as string, launch]));
    const { id } = fleet.template;
    expect(ids.map((each) => launches.get(each))).toEqual([
      { imageId: IMAGE_ID, template: { id, version: 1 } },
      { imageId: 'ami-2', template: { id, version: 2 } },
    ]);
  });

  it('is not moved to a version that is not there', async () => {
    await expect(moveTo('9')).rejects.toMatchObject({ name: 'InvalidLaunchTemplateId.VersionNotFound' });
    expect(fleet.template.version).toBe('1');
  });
});

describe('the sandbox', () => {
  it('knows launch template versions only by id and version', async () => {
    const unknown = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: 'lt-0', Versions: ['1'] });
    await expect(client().send(unknown)).rejects.toMatchObject({ name: 'InvalidLaunchTemplateId.NotFound' });
    const all = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: fleet.template.id });
    await expect(client().send(all)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  });
});
