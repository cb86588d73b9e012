// The instance a control request is about.
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import { type Body, bodyWith, text } from './body.ts';
import { ControlError, type ControlRequest, type ControlSubject } from './route.ts';

/** @throws ControlError 404 */
export function instanceNamed(sandbox: ControlSubject['sandbox'], id: string): Ec2Instance {
  const instance = sandbox.world.ec2.instances.get(id);
  if (instance === undefined) throw new ControlError(404, `no instance ${id}`);
  return instance;
}

/** The body's `instanceId` as the instance, and the body with these other fields. */
export function instanceIn(
  { sandbox }: ControlSubject,
  { body }: ControlRequest,
  others: readonly string[] = [],
): { readonly instance: Ec2Instance; readonly fields: Body } {
  const fields = bodyWith(body, ['instanceId', ...others]);
  return { instance: instanceNamed(sandbox, text(fields, 'instanceId')), fields };
}
