// Which container instances may be on their way out: they are looked at at every pass, whatever it costs.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';

/** It drains, whoever asked for that; or it has a notice or our mark, and will. */
export function isLeaving({ status, attributes }: ContainerInstance): boolean {
  return (
    status === 'DRAINING' || attributes[ATTRIBUTE.notice] !== undefined || attributes[ATTRIBUTE.retiring] !== undefined
  );
}

/** With an interruption notice EC2 ends it at its deadline, so nobody has to see its last task end. */
export function isNoticed({ attributes }: ContainerInstance): boolean {
  return attributes[ATTRIBUTE.notice] !== undefined;
}
