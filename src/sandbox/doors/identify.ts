// Tells from a request alone which service and action it is meant for, the way AWS's clients say it: a target header for
// the JSON services, Action and Version for the query ones, a path for CBOR. One port can then serve them all.
import type { IncomingHttpHeaders } from 'node:http';
import { cborProtocol } from './cbor-protocol.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { commonQuery, ec2Query } from './query-protocol.ts';

export type ServiceName = 'ecs' | 'ec2' | 'elbv2' | 'cloudwatch' | 'dynamodb' | 'sts';

export interface Identified {
  readonly service: ServiceName;
  readonly action: string;
  readonly protocol: Protocol;
}

type Spoken = Omit<Identified, 'action'>;

// Maps, because names come from the caller: an object would answer to `__proto__`.
const JSON_SERVICES: ReadonlyMap<string, Spoken> = new Map([
  ['AmazonEC2ContainerServiceV20141113', { service: 'ecs', protocol: jsonProtocol('1.1') }],
  ['GraniteServiceVersion20100801', { service: 'cloudwatch', protocol: jsonProtocol('1.0', true) }],
  ['DynamoDB_20120810', { service: 'dynamodb', protocol: jsonProtocol('1.0') }],
]);

const QUERY_SERVICES: ReadonlyMap<string, Spoken> = new Map([
  ['2016-11-15', { service: 'ec2', protocol: ec2Query }],
  ['2010-08-01', { service: 'cloudwatch', protocol: commonQuery('http://monitoring.amazonaws.com/doc/2010-08-01/') }],
  [
    '2015-12-01',
    { service: 'elbv2', protocol: commonQuery('http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/') },
  ],
  ['2011-06-15', { service: 'sts', protocol: commonQuery('https://sts.amazonaws.com/doc/2011-06-15/') }],
]);

const CBOR_PATH = /^\/service\/(?<target>[^/]+)\/operation\/(?<action>[^/]+)$/;

/** null when the request is for none of the services the sandbox plays. */
export function identify(path: string, headers: IncomingHttpHeaders, body: Buffer): Identified | null {
  const cbor = CBOR_PATH.exec(path)?.groups;
  // CloudWatch is the only service here that AWS's clients address in this way.
  if (cbor !== undefined) {
    const isKnown = cbor.target === 'GraniteServiceVersion20100801';
    return isKnown ? { service: 'cloudwatch', protocol: cborProtocol, action: cbor.action ?? '' } : null;
  }
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const dot = target.lastIndexOf('.');
    const known = JSON_SERVICES.get(target.slice(0, Math.max(0, dot)));
    return known === undefined ? null : { ...known, action: target.slice(dot + 1) };
  }
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return null;
  const form = new URLSearchParams(body.toString('utf8'));
  const known = QUERY_SERVICES.get(form.get('Version') ?? '');
  return known === undefined ? null : { ...known, action: form.get('Action') ?? '' };
}
