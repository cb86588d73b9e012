// Finds the Spot Fleet requests an action names, or says why not as EC2 does.
import type { Fleet } from '../../world/ec2/fleet.ts';
import type { World } from '../../world/world.ts';
import { ApiError } from '../api.ts';

const FLEET_ID = /^sfr-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `InvalidSpotFleetRequestId.Malformed` or `.NotFound`. */
export function findFleet(world: World, fleetId: string): Fleet {
  if (!FLEET_ID.test(fleetId)) {
    throw new ApiError('InvalidSpotFleetRequestId.Malformed', `Invalid spot fleet request id: "${fleetId}"`);
  }
  return world.ec2.findFleet(fleetId);
}
