// Control of an instance's power: reboot, stop, start.
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import { instanceIn } from './instance-named.ts';
import { ControlError, type ControlRequest, type ControlSubject, type Route } from './route.ts';

export const POWER_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/reboot$/, usage: '/reboot {instanceId}', handle: reboot },
  { method: 'POST', path: /^\/stop$/, usage: '/stop {instanceId}', handle: stop },
  { method: 'POST', path: /^\/start$/, usage: '/start {instanceId}', handle: start },
];

function reboot(subject: ControlSubject, request: ControlRequest): object {
  const { instance } = instanceIn(subject, request);
  if (subject.sandbox.world.ec2.reboot(instance.id)) return powerOf(instance);
  throw new ControlError(409, `${instance.id} cannot reboot: it is not up`);
}

function stop(subject: ControlSubject, request: ControlRequest): object {
  const { instance } = instanceIn(subject, request);
  subject.sandbox.world.ec2.stopInstance(instance.id);
  if (instance.state === 'stopping' || instance.state === 'stopped') return powerOf(instance);
  throw new ControlError(409, `${instance.id} cannot be stopped: it is ${instance.state}`);
}

function start(subject: ControlSubject, request: ControlRequest): object {
  const { instance } = instanceIn(subject, request);
  if (subject.sandbox.world.ec2.startInstance(instance.id)) return powerOf(instance);
  throw new ControlError(409, `${instance.id} cannot be started: it is ${instance.state}`);
}

function powerOf({ id, state, isUp, bootCount }: Ec2Instance): object {
  return { instanceId: id, state, isUp, bootCount };
}
