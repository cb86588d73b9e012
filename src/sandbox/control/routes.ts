// Every operation of the control API. Each says what it did by answering with what is now.
import { shortName } from '../../model/ids.ts';
import type { RequestRecord } from '../request-log.ts';
import { bodyWith, boolean, number, optionalText, text, wholeNumber } from './body.ts';
import { readFaultRule } from './fault-rule.ts';
import { instanceNamed } from './instance-named.ts';
import { POWER_ROUTES } from './power-routes.ts';
import { ControlError, type ControlRequest, type ControlSubject, type Route } from './route.ts';
import { SIGNAL_ROUTES } from './signal-routes.ts';
import { findCluster, stateOf } from './state.ts';

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/state$/, usage: '/state', handle: stateOf },
  { method: 'GET', path: /^\/log$/, usage: '/log?after=NUMBER&service=NAME&caller=NAME', handle: readLog },
  {
    method: 'GET',
    path: /^\/history$/,
    usage: '/history',
    handle: ({ sandbox }) => sandbox.world.history.events,
  },
  {
    method: 'POST',
    path: /^\/services\/(?<name>[^/]+)$/,
    usage: '/services/NAME {desiredCount, cluster?}',
    handle: setDesiredCount,
  },
  ...SIGNAL_ROUTES,
  ...POWER_ROUTES,
  {
    method: 'POST',
    path: /^\/target-groups$/,
    usage: '/target-groups {name, deregistrationDelaySeconds?}',
    handle: putTargetGroup,
  },
  { method: 'POST', path: /^\/forget-tokens$/, usage: '/forget-tokens {instanceId?}', handle: forgetTokens },
  { method: 'GET', path: /^\/faults$/, usage: '/faults', handle: ({ sandbox }) => sandbox.faults.list() },
  {
    method: 'POST',
    path: /^\/faults$/,
    usage: '/faults {service, action, kind, caller?, probability?, count?, ...}',
    handle: ({ sandbox }, { body }) => ({ id: sandbox.faults.add(readFaultRule(body)) }),
  },
  { method: 'DELETE', path: /^\/faults$/, usage: '/faults', handle: clearFaults },
  { method: 'DELETE', path: /^\/faults\/(?<id>[^/]+)$/, usage: '/faults/ID', handle: removeFault },
  { method: 'GET', path: /^\/throttling$/, usage: '/throttling', handle: throttling },
  { method: 'POST', path: /^\/throttling$/, usage: '/throttling {enforced}', handle: setThrottling },
  {
    method: 'POST',
    path: /^\/pools$/,
    usage: '/pools {instanceType, zone, available?, pricePerHour?}',
    handle: changePool,
  },
  {
    method: 'POST',
    path: /^\/fleets\/(?<id>[^/]+)$/,
    usage: '/fleets/FLEET-ID {launchesJoin}',
    handle: changeFleet,
  },
  {
    method: 'POST',
    path: /^\/agents\/(?<instanceId>[^/]+)\/connected$/,
    usage: '/agents/INSTANCE-ID/connected {connected}',
    handle: setAgentConnected,
  },
];

function readLog({ sandbox }: ControlSubject, { query }: ControlRequest): readonly RequestRecord[] {
  const after = Number(query.get('after') ?? 0);
  if (Number.isNaN(after)) throw new ControlError(400, `after: expected a number, found ${query.get('after')}`);
  const [service, caller] = [query.get('service'), query.get('caller')];
  return sandbox.log.records.filter(
    (record) =>
      record.number > after &&
      (service === null || record.service === service) &&
      (caller === null || record.caller?.name === caller),
  );
}

function setDesiredCount({ sandbox }: ControlSubject, { parameters, body }: ControlRequest): object {
  const fields = bodyWith(body, ['desiredCount', 'cluster']);
  const desiredCount = wholeNumber(fields, 'desiredCount', 0);
  const cluster = findCluster(sandbox.world, optionalText(fields, 'cluster'));
  if (cluster === null) throw new ControlError(404, 'no such cluster; name one as {cluster}');
  const service = cluster.services.get(parameters.name ?? '');
  if (service === undefined) {
    const names = [...cluster.services.keys()].join(', ');
    throw new ControlError(404, `cluster ${cluster.name} has no service ${parameters.name}; there is ${names}`);
  }
  if (service.schedulingStrategy === 'DAEMON') {
    throw new ControlError(409, `${service.name} is a DAEMON service: it runs once on every instance`);
  }
  sandbox.world.ecs.updateService(service, { desiredCount });
  return { service: service.name, desiredCount: service.desiredCount };
}

function putTargetGroup({ sandbox }: ControlSubject, { body }: ControlRequest): object {
  const fields = bodyWith(body, ['name', 'deregistrationDelaySeconds']);
  const name = text(fields, 'name');
  if (fields.deregistrationDelaySeconds === undefined) return sandbox.world.targetGroups.put({ name });
  const seconds = wholeNumber(fields, 'deregistrationDelaySeconds', 0);
  return sandbox.world.targetGroups.put({ name, deregistrationDelayMs: seconds * 1_000 });
}

function forgetTokens({ sandbox }: ControlSubject, { body }: ControlRequest): object {
  const instanceId = optionalText(bodyWith(body, ['instanceId']), 'instanceId');
  if (instanceId === null) sandbox.forgetTokens();
  else sandbox.forgetTokens(instanceNamed(sandbox, instanceId).id);
  return { instanceId };
}

function clearFaults({ sandbox }: ControlSubject): object {
  sandbox.faults.clear();
  return [];
}

function removeFault({ sandbox }: ControlSubject, { parameters }: ControlRequest): object {
  if (!sandbox.faults.remove(parameters.id ?? '')) throw new ControlError(404, `no fault ${parameters.id}`);
  return sandbox.faults.list();
}

/** The buckets and, of each, the calls since the start. */
function throttling({ sandbox }: ControlSubject): object {
  const buckets = sandbox.buckets.list(sandbox.driver.now).map((bucket) => ({
    ...bucket,
    ...(sandbox.log.callsByBucket.get(bucket.name) ?? { calls: 0, throttled: 0 }),
  }));
  return { enforced: sandbox.buckets.isEnforced, buckets };
}

function setThrottling(subject: ControlSubject, { body }: ControlRequest): object {
  subject.sandbox.buckets.isEnforced = boolean(bodyWith(body, ['enforced']), 'enforced');
  return throttling(subject);
}

function changePool({ sandbox }: ControlSubject, { body }: ControlRequest): object {
  const fields = bodyWith(body, ['instanceType', 'zone', 'available', 'pricePerHour']);
  const { market } = sandbox.world.ec2;
  const [instanceType, zone] = [text(fields, 'instanceType'), text(fields, 'zone')];
  const isKnown = market.pools.some((pool) => pool.instanceType === instanceType && pool.zone === zone);
  if (!isKnown) {
    const known = market.pools.map((pool) => `${pool.instanceType} in ${pool.zone}`).join(', ');
    throw new ControlError(404, `no pool ${instanceType} in ${zone}; there is ${known}`);
  }
  // null is plenty, so it is not the same as leaving the field out.
  if (fields.available === null) market.setAvailable(instanceType, zone, null);
  else if (fields.available !== undefined) market.setAvailable(instanceType, zone, wholeNumber(fields, 'available', 0));
  if (fields.pricePerHour !== undefined) market.setPrice(instanceType, zone, number(fields, 'pricePerHour', 0));
  return market.pool(instanceType, zone);
}

function changeFleet({ sandbox }: ControlSubject, { parameters, body }: ControlRequest): object {
  const launchesJoin = boolean(bodyWith(body, ['launchesJoin']), 'launchesJoin');
  const { fleets } = sandbox.world.ec2;
  const fleet = fleets.get(parameters.id ?? '');
  if (fleet === undefined)
    throw new ControlError(404, `no fleet ${parameters.id}; there is ${[...fleets.keys()].join(', ')}`);
  fleet.letLaunchesJoin(launchesJoin);
  return { fleet: fleet.id, launchesJoin };
}

function setAgentConnected({ sandbox }: ControlSubject, { parameters, body }: ControlRequest): object {
  const isConnected = boolean(bodyWith(body, ['connected']), 'connected');
  const instance = instanceNamed(sandbox, parameters.instanceId ?? '');
  const member = sandbox.world.ecs.containerInstanceOf(instance.id);
  if (member === undefined) throw new ControlError(409, `${instance.id} has not joined a cluster`);
  sandbox.world.ecs.setAgentConnected(member, isConnected);
  return { instanceId: instance.id, containerInstance: shortName(member.arn), agentConnected: member.agentConnected };
}
