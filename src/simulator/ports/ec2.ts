// The ports SpotFleet and Instances over the world's EC2.
import type { Fleet, FleetMember } from '../../model/fleet.ts';
import { instanceId } from '../../model/ids.ts';
import type { Instance, InstanceType } from '../../model/instance.ts';
import type { SpotFleet } from '../../ports/fleet.ts';
import type { Instances } from '../../ports/instances.ts';
import type { Fleet as WorldFleet } from '../../world/ec2/fleet.ts';
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import { readFleet, readInstance, readInstanceType } from '../reading/ec2.ts';
import { Remembered } from '../reading/remembered.ts';
import { type AwsAccess, asking } from './access.ts';

export function spotFleetOver(access: AwsAccess, fleetId: string): SpotFleet {
  const { ec2 } = access.world;
  const { read, write } = asking(access, 'ec2');
  const members = new Remembered<Ec2Instance, FleetMember>();
  let last: readonly FleetMember[] = [];

  /** In the order of their ids; the same list while nobody comes or goes. */
  const membersOf = (fleet: WorldFleet): readonly FleetMember[] => {
    const now = [...fleet.members]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((member) =>
        members.of(member, null, () => ({ instanceId: instanceId(member.id), instanceType: member.instanceType })),
      );
    if (now.length !== last.length || now.some((member, index) => member !== last[index])) last = now;
    return last;
  };

  return {
    describe: (signal): Promise<Fleet> =>
      read(`describing Spot Fleet request ${fleetId}`, signal, () => {
        const fleet = ec2.findFleet(fleetId);
        return readFleet(fleet, membersOf(fleet));
      }),

    launchOf: ({ idOrName, version }, signal) =>
      read(`describing version ${version} of launch template ${idOrName}`, signal, () => {
        const found = ec2.launchTemplates.find(idOrName, version);
        return { imageId: found.imageId, template: { id: found.id, version: found.version } };
      }),

    setTargetCapacity: ({ targetUnits, onDemandUnits }, signal) =>
      write(`setting the target capacity of ${fleetId} to ${targetUnits}`, signal, () =>
        ec2.modifyFleet(fleetId, { targetUnits, onDemandUnits, excessCapacityTerminationPolicy: 'noTermination' }),
      ),
  };
}

export function instancesOver(access: AwsAccess): Instances {
  const { ec2 } = access.world;
  const { read, write } = asking(access, 'ec2');
  const instances = new Remembered<Ec2Instance, Instance>();
  const types = new Map<string, InstanceType>();

  return {
    describe: (ids, signal) =>
      read(`describing ${ids.length} instances`, signal, () =>
        ids.flatMap((id) => {
          const found = ec2.instances.get(id);
          if (found === undefined) return [];
          return [instances.of(found, `${found.state} ${found.launchedAt}`, () => readInstance(found))];
        }),
      ),

    async types(names, signal) {
      const unknown = names.filter((name) => !types.has(name));
      if (unknown.length > 0) {
        const answer = await read(`describing instance types ${unknown.join(', ')}`, signal, () =>
          unknown.flatMap((name) => readInstanceType(name) ?? []),
        );
        for (const type of answer) types.set(type.name, type);
      }
      return names.flatMap((name) => types.get(name) ?? []);
    },

    terminate: (ids, signal) =>
      write(`terminating ${ids.join(', ')}`, signal, () => {
        ec2.terminate(ids);
      }),
  };
}
