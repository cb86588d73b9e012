// Evidence for figures: a few events and requests, told in seconds since the story began.
import type { RequestRecord } from '../../../src/sandbox/request-log.ts';
import type { Evidence, Marks } from '../../../src/sandbox/story/figures/evidence.ts';
import type { WorldEvent } from '../../../src/world/history.ts';

const START = 1_000_000;
const INSTANCE = 'arn:aws:ecs:us-east-1:123456789012:container-instance/story/';

/** The instant this many seconds into the story, epoch milliseconds. */
export const at = (seconds: number): number => START + seconds * 1_000;

/** The ARN under which an instance is registered here. */
export const arnOf = (instanceId: string): string => `${INSTANCE}${instanceId}`;

export function anEvidence(parts: {
  readonly events?: readonly WorldEvent[];
  readonly records?: readonly RequestRecord[];
  readonly marks?: Partial<Marks>;
}): Evidence {
  return {
    events: parts.events ?? [],
    records: parts.records ?? [],
    marks: { startedAt: at(0), endedAt: at(60), acts: [], demands: [], kills: [], ends: [], ...parts.marks },
  };
}

export const launched = (seconds: number, instanceId: string, weightUnits: number): WorldEvent => ({
  at: at(seconds),
  kind: 'instance-launched',
  instanceId,
  instanceType: 'm5.large',
  zone: 'us-east-1a',
  fleetId: 'sfr-1',
  weightUnits,
});

export const joined = (seconds: number, instanceId: string): WorldEvent => ({
  at: at(seconds),
  kind: 'container-instance-registered',
  instanceId,
  containerInstanceArn: arnOf(instanceId),
});

export const noticed = (seconds: number, instanceId: string): WorldEvent => ({
  at: at(seconds),
  kind: 'notice',
  instanceId,
  deadlineAt: at(seconds + 20),
});

export const draining = (seconds: number, instanceId: string): WorldEvent => ({
  at: at(seconds),
  kind: 'container-instance-draining',
  instanceId,
  containerInstanceArn: arnOf(instanceId),
});

export const ending = (seconds: number, instanceId: string): WorldEvent => ({
  at: at(seconds),
  kind: 'instance-ending',
  instanceId,
  cause: 'interruption',
});

export const target = (seconds: number, targetUnits: number): WorldEvent => ({
  at: at(seconds),
  kind: 'fleet-target',
  fleetId: 'sfr-1',
  targetUnits,
});

let arrivals = 0;

/** A request that was answered a tenth of a second after it came, well unless said otherwise. */
export function request(
  seconds: number,
  caller: string,
  action: string,
  input: RequestRecord['input'],
  change: Partial<RequestRecord> = {},
): RequestRecord {
  arrivals += 1;
  return {
    number: arrivals,
    at: at(seconds),
    answeredAt: at(seconds) + 100,
    service: SERVICES[action] ?? 'ecs',
    action,
    caller: { name: caller, accessKeyId: '' },
    input,
    status: 200,
    errorCode: null,
    errorMessage: null,
    fault: null,
    ...change,
  };
}

const SERVICES: Readonly<Record<string, string>> = {
  ModifySpotFleetRequest: 'ec2',
  TerminateInstances: 'ec2',
  PutItem: 'dynamodb',
  'GET /latest/meta-data/spot/instance-action': 'imds',
};

export const asks = (seconds: number, caller: string, units: number, change: Partial<RequestRecord> = {}) =>
  request(
    seconds,
    caller,
    'ModifySpotFleetRequest',
    { SpotFleetRequestId: 'sfr-1', TargetCapacity: String(units) },
    change,
  );

/** Takes or renews the lease for 15 s. */
export const holds = (seconds: number, caller: string, change: Partial<RequestRecord> = {}) =>
  request(seconds, caller, 'PutItem', leaseItem(caller, false), change);

export const releases = (seconds: number, caller: string) =>
  request(seconds, caller, 'PutItem', leaseItem(caller, true));

const leaseItem = (holder: string, isReleased: boolean) => ({
  Item: { holder: { S: holder }, leaseDurationMs: { N: '15000' }, isReleased: { BOOL: isReleased } },
});
