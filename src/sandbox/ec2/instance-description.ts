// An instance as EC2 describes it, and the values that are the same for every instance of this world.
import { FLEET_TAG } from '../../model/iam/document.ts';
import type { Ec2Instance, Ec2InstanceState } from '../../world/ec2/instance.ts';
import { instanceTypeOf } from '../../world/ec2/instance-types.ts';
import { VPC_ID } from '../../world/ec2/network.ts';
import type { World } from '../../world/world.ts';

const STATE_CODES: Readonly<Record<Ec2InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

const REASON_TEXTS: Readonly<Record<NonNullable<Ec2Instance['stateReason']>, string>> = {
  'Server.SpotInstanceTermination': 'Server.SpotInstanceTermination: Spot instance termination',
  'Server.SpotInstanceShutdown': 'Server.SpotInstanceShutdown: Spot instance shutdown',
  'Client.UserInitiatedShutdown': 'Client.UserInitiatedShutdown: User initiated shutdown',
};

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export function describeState(state: Ec2InstanceState) {
  return { code: STATE_CODES[state], name: state };
}

export function tagsOf({ fleetId, template }: Ec2Instance): Tag[] {
  return [
    ...(fleetId === null ? [] : [{ key: FLEET_TAG, value: fleetId }]),
    ...(template === null
      ? []
      : [
          { key: 'aws:ec2launchtemplate:id', value: template.id },
          { key: 'aws:ec2launchtemplate:version', value: String(template.version) },
        ]),
  ];
}

/** `ip-10-0-1-2.ec2.internal`, with the region in place of `ec2` outside us-east-1. */
export function privateDnsName(world: World, { privateIp }: Ec2Instance): string {
  const { region } = world.settings;
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${privateIp.replaceAll('.', '-')}.${domain}`;
}

/** One item of an `instancesSet`. A terminated instance has lost its place in the network, as on AWS. */
export function describeInstance(world: World, instance: Ec2Instance) {
  const { stateReason, terminatedAt } = instance;
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: describeState(instance.state),
    instanceType: instance.instanceType,
    launchTime: new Date(instance.launchedAt),
    placement: { availabilityZone: instance.zone, tenancy: 'default' },
    architecture: instanceTypeOf(instance.instanceType).architecture,
    hypervisor: 'xen',
    virtualizationType: 'hvm',
    instanceLifecycle: instance.spotInstanceRequestId === null ? null : 'spot',
    spotInstanceRequestId: instance.spotInstanceRequestId,
    tagSet: tagsOf(instance),
    ...(terminatedAt === null && {
      subnetId: instance.subnetId,
      vpcId: VPC_ID,
      privateIpAddress: instance.privateIp,
      privateDnsName: privateDnsName(world, instance),
    }),
    ...(stateReason !== null && { stateReason: { code: stateReason, message: REASON_TEXTS[stateReason] } }),
  };
}
