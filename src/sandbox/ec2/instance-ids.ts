// Finds the instances an action names, or says why not as EC2 does: one bad id fails the whole call.
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import type { World } from '../../world/world.ts';
import { ApiError } from '../api.ts';

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Each instance once, in the order named. Throws `InvalidInstanceID.Malformed` or `.NotFound`. */
export function findInstances(world: World, instanceIds: readonly string[]): Ec2Instance[] {
  const malformed = instanceIds.find((id) => !INSTANCE_ID.test(id));
  if (malformed !== undefined) throw new ApiError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  return world.ec2.findInstances([...new Set(instanceIds)]);
}
