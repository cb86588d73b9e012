// The story's fleet, as the world has it.
import type { Fleet } from '../../world/ec2/fleet.ts';
import type { Stage } from './stage.ts';

export function fleetOf(stage: Stage): Fleet {
  const fleet = stage.world.ec2.fleets.get(stage.fleetId);
  if (fleet === undefined) throw new Error(`the story's fleet ${stage.fleetId} is gone`);
  return fleet;
}

/** Every instance the fleet has is in the cluster, and it has as many as it wants. */
export function isFulfilledAndJoined(stage: Stage): boolean {
  const fleet = fleetOf(stage);
  return (
    fleet.state === 'active' &&
    fleet.fulfilledUnits >= fleet.targetUnits &&
    fleet.members.every(({ id }) => stage.world.ecs.containerInstanceOf(id)?.status === 'ACTIVE')
  );
}
