// The SpotFleet port over Spot Fleet requests.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySpotFleetRequest.html
import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSpotFleetInstancesCommand,
  DescribeSpotFleetRequestsCommand,
  type EC2Client,
  ModifySpotFleetRequestCommand,
  type SpotFleetRequestConfig,
  type SpotFleetRequestConfigData,
} from '@aws-sdk/client-ec2';
import type { Fleet, FleetMember, FleetOption, FleetState } from '../model/fleet.ts';
import { type FleetId, fleetId, instanceId } from '../model/ids.ts';
import type { Launch, LaunchSpec, TemplateName } from '../model/launch.ts';
import { Failure } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import { calling } from './aws-error.ts';
import { sendOptions } from './clients.ts';
import { allPages } from './paging.ts';

// Page size of DescribeSpotFleetInstances, its documented maximum.
const INSTANCES_PAGE_MAX = 1000;

/** One fleet through `client` for reads and `writer` for changes (one client does both where no writer is given). */
export function createSpotFleet(options: { id: FleetId; client: EC2Client; writer?: EC2Client }): SpotFleet {
  const { id, client, writer = client } = options;
  return {
    describe: (signal) =>
      calling(`describing Spot Fleet request ${id}`, async () => {
        const command = new DescribeSpotFleetRequestsCommand({ SpotFleetRequestIds: [id] });
        const answer = await client.send(command, sendOptions(signal));
        const request = answer.SpotFleetRequestConfigs?.[0];
        if (request === undefined) {
          throw new Failure('fleet-not-found', `Spot Fleet request ${id} does not exist in this account and region`);
        }
        return readFleet(id, request, await describeMembers(client, id, signal));
      }),

    launchOf: (template, signal) =>
      calling(`describing version ${template.version} of launch template ${template.idOrName}`, () =>
        describeTemplate(client, template, signal),
      ),

    setTargetCapacity: ({ targetUnits, onDemandUnits }, signal) =>
      calling(`setting the target capacity of ${id} to ${targetUnits}`, async () => {
        const command = new ModifySpotFleetRequestCommand({
          SpotFleetRequestId: id,
          TargetCapacity: targetUnits,
          ...(onDemandUnits !== undefined && { OnDemandTargetCapacity: onDemandUnits }),
          // Sent every time: whether the policy given with one modification holds for the next is not documented, and
          // without it the fleet would choose victims by price, full instances included.
          ExcessCapacityTerminationPolicy: 'noTermination',
        });
        await writer.send(command, sendOptions(signal));
      }),
  };
}

/** By instance id: EC2 promises no order, and the planner walks all its lists in this one at every pass. */
async function describeMembers(client: EC2Client, id: FleetId, signal?: AbortSignal): Promise<FleetMember[]> {
  const members = await allPages(async (token) => {
    const input = { SpotFleetRequestId: id, MaxResults: INSTANCES_PAGE_MAX, ...(token && { NextToken: token }) };
    const answer = await client.send(new DescribeSpotFleetInstancesCommand(input), sendOptions(signal));
    const items = (answer.ActiveInstances ?? []).map((member) => ({
      instanceId: instanceId(member.InstanceId ?? ''),
      instanceType: member.InstanceType ?? '',
    }));
    return { items, nextToken: answer.NextToken };
  });
  return members.sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
}

async function describeTemplate(
  client: EC2Client,
  { idOrName, version }: TemplateName,
  signal?: AbortSignal,
): Promise<Launch> {
  const named = idOrName.startsWith('lt-') ? { LaunchTemplateId: idOrName } : { LaunchTemplateName: idOrName };
  const command = new DescribeLaunchTemplateVersionsCommand({ ...named, Versions: [version] });
  const [found] = (await client.send(command, sendOptions(signal))).LaunchTemplateVersions ?? [];
  const { LaunchTemplateId: id, VersionNumber: number } = found ?? {};
  return {
    imageId: imageIn(found?.LaunchTemplateData?.ImageId),
    template: id === undefined || number === undefined ? null : { id, version: number },
  };
}

/** A template may name a Systems Manager parameter in place of an image: which image that is, only an instance shows. */
function imageIn(given: string | undefined): string | null {
  return given?.startsWith('ami-') === true ? given : null;
}

function readFleet(id: FleetId, request: SpotFleetRequestConfig, members: FleetMember[]): Fleet {
  const config: Partial<SpotFleetRequestConfigData> = request.SpotFleetRequestConfig ?? {};
  return {
    id: fleetId(request.SpotFleetRequestId ?? id),
    // EC2 documents exactly these states; only `active` and `modifying` are ever acted on.
    state: (request.SpotFleetRequestState ?? 'submitted') as FleetState,
    type: config.Type ?? 'maintain',
    excessCapacityTerminationPolicy: config.ExcessCapacityTerminationPolicy ?? 'default',
    capacityRebalance: config.SpotMaintenanceStrategies?.CapacityRebalance?.ReplacementStrategy ?? null,
    targetUnits: config.TargetCapacity ?? 0,
    onDemandTargetUnits: config.OnDemandTargetCapacity ?? 0,
    onDemandFulfilledUnits: config.OnDemandFulfilledCapacity ?? 0,
    fulfilledUnits: config.FulfilledCapacity ?? 0,
    options: readOptions(config),
    launchSpecs: readLaunchSpecs(config),
    members,
  };
}

/** One option a type. Where the same type has several weights the largest stands: an ask then is never too small. */
function readOptions(config: Partial<SpotFleetRequestConfigData>): FleetOption[] {
  const overrides = (config.LaunchTemplateConfigs ?? []).flatMap((template) => template.Overrides ?? []);
  const weights = new Map<string, number>();
  for (const { InstanceType, WeightedCapacity = 1 } of [...overrides, ...(config.LaunchSpecifications ?? [])]) {
    if (InstanceType === undefined) continue;
    weights.set(InstanceType, Math.max(WeightedCapacity, weights.get(InstanceType) ?? 0));
  }
  return [...weights].map(([instanceType, weightUnits]) => ({ instanceType, weightUnits }));
}

function readLaunchSpecs(config: Partial<SpotFleetRequestConfigData>): LaunchSpec[] {
  const ofTemplates = (config.LaunchTemplateConfigs ?? []).flatMap(
    ({ LaunchTemplateSpecification: named, Overrides }) => {
      const idOrName = named?.LaunchTemplateId ?? named?.LaunchTemplateName;
      if (idOrName === undefined || named?.Version === undefined) return [];
      const template = { idOrName, version: named.Version };
      return (Overrides ?? []).flatMap(({ InstanceType }) =>
        InstanceType === undefined ? [] : [{ instanceType: InstanceType, imageId: null, template }],
      );
    },
  );
  const ofImages = (config.LaunchSpecifications ?? []).flatMap(({ InstanceType, ImageId }) =>
    InstanceType === undefined ? [] : [{ instanceType: InstanceType, imageId: imageIn(ImageId), template: null }],
  );
  return [...ofTemplates, ...ofImages];
}
