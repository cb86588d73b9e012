// Control of what EC2 tells an instance ahead: interruption notices, rebalance recommendations, scheduled maintenance, and
// what an Auto Scaling group wants of it.
import { type Ec2Instance, TARGET_STATES } from '../../world/ec2/instance.ts';
import { bodyWith, number, oneOf, optionalText, text } from './body.ts';
import { instanceIn, instanceNamed } from './instance-named.ts';
import { ControlError, type ControlRequest, type ControlSubject, type Route } from './route.ts';

export const SIGNAL_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/notices$/, usage: '/notices {instanceId, action?}', handle: sendNotice },
  { method: 'DELETE', path: /^\/notices\/(?<id>[^/]+)$/, usage: '/notices/INSTANCE-ID', handle: withdrawNotice },
  { method: 'POST', path: /^\/rebalance$/, usage: '/rebalance {instanceId}', handle: recommendRebalance },
  {
    method: 'POST',
    path: /^\/maintenance$/,
    usage: '/maintenance {instanceId, code, inSeconds, forSeconds?, description?}',
    handle: scheduleMaintenance,
  },
  {
    method: 'POST',
    path: /^\/maintenance\/(?<id>[^/]+)$/,
    usage: '/maintenance/EVENT-ID {state}',
    handle: finishMaintenance,
  },
  { method: 'POST', path: /^\/target-state$/, usage: '/target-state {instanceId, state}', handle: setTargetState },
];

function sendNotice(subject: ControlSubject, request: ControlRequest): object {
  const { instance, fields } = instanceIn(subject, request, ['action']);
  const { action } = fields;
  const chosen = action === undefined ? 'terminate' : oneOf(fields, 'action', ['terminate', 'stop', 'hibernate']);
  if (!subject.sandbox.world.ec2.sendNotice(instance.id, { action: chosen })) {
    const why = instance.notice === null ? `it is ${instance.state}, or not a Spot instance` : 'it has one already';
    throw new ControlError(409, `${instance.id} gets no notice: ${why}`);
  }
  return { instanceId: instance.id, notice: instance.notice };
}

function withdrawNotice({ sandbox }: ControlSubject, { parameters }: ControlRequest): object {
  const instance = instanceNamed(sandbox, parameters.id ?? '');
  if (!sandbox.world.ec2.withdrawNotice(instance.id)) {
    throw new ControlError(409, `${instance.id} has no notice that could be withdrawn`);
  }
  return { instanceId: instance.id, notice: instance.notice };
}

function recommendRebalance(subject: ControlSubject, request: ControlRequest): object {
  const { instance } = instanceIn(subject, request);
  subject.sandbox.world.ec2.recommendRebalance(instance.id);
  return { instanceId: instance.id, rebalanceRecommendedAt: instance.rebalanceRecommendedAt };
}

/** Any code is taken: AWS may have some that nobody knows yet. */
function scheduleMaintenance(subject: ControlSubject, request: ControlRequest): object {
  const { instance, fields } = instanceIn(subject, request, ['code', 'inSeconds', 'forSeconds', 'description']);
  const { world } = subject.sandbox;
  const notBeforeAt = world.agenda.now + number(fields, 'inSeconds', 0) * 1_000;
  const lastsMs = fields.forSeconds === undefined ? null : number(fields, 'forSeconds', 0) * 1_000;
  const description = optionalText(fields, 'description');
  const eventId = world.ec2.scheduleMaintenance(instance.id, {
    code: text(fields, 'code'),
    notBeforeAt,
    notAfterAt: lastsMs === null ? null : notBeforeAt + lastsMs,
    ...(description === null ? {} : { description }),
  });
  return { instanceId: instance.id, eventId, maintenance: instance.maintenance };
}

function finishMaintenance({ sandbox }: ControlSubject, { parameters, body }: ControlRequest): object {
  const state = oneOf(bodyWith(body, ['state']), 'state', ['completed', 'canceled']);
  const id = parameters.id ?? '';
  const instance = [...sandbox.world.ec2.instances.values()].find((each) => hasEvent(each, id));
  if (instance === undefined) throw new ControlError(404, `no maintenance event ${id}`);
  if (!sandbox.world.ec2.finishMaintenance(instance.id, id, state)) {
    throw new ControlError(409, `the maintenance event ${id} is over already`);
  }
  return { instanceId: instance.id, maintenance: instance.maintenance };
}

function hasEvent({ maintenance }: Ec2Instance, id: string): boolean {
  return maintenance.some((event) => event.id === id);
}

function setTargetState(subject: ControlSubject, request: ControlRequest): object {
  const { instance, fields } = instanceIn(subject, request, ['state']);
  subject.sandbox.world.ec2.setTargetState(
    instance.id,
    fields.state === null ? null : oneOf(fields, 'state', TARGET_STATES),
  );
  return { instanceId: instance.id, targetState: instance.targetState };
}
