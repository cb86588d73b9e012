// The real SDK against a server that answers as Elastic Load Balancing does: a form in, XML out.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoadBalancers, createLoadBalancingClient } from '../../src/aws/load-balancers.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { type SteppedClock, steppedClock } from '../support/stepped-clock.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const OTHER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/fedcba9876543210';
const DELAY = 'deregistration_delay.timeout_seconds';

let server: ScriptedServer;
let clock: SteppedClock;
let forms: string[];
let answer: { status: number; body: string };
const before = { ...process.env };

beforeEach(async () => {
  clock = steppedClock();
  forms = [];
  server = await startScriptedServer((request, response) => {
    let form = '';
    request.on('data', (piece) => {
      form += piece;
    });
    request.on('end', () => {
      forms.push(form);
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
    });
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: server.url,
    AWS_ACCESS_KEY_ID: 'AKIASCRIPTED',
    AWS_SECRET_ACCESS_KEY: 'scripted',
  });
});
afterEach(async () => {
  for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
  Object.assign(process.env, before);
  await server.close();
});

const NAMESPACE = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';

function attributes(values: Readonly<Record<string, string>>) {
  const members = Object.entries(values).map(
    ([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`,
  );
  const result = `<Attributes>${members.join('')}</Attributes>`;
  const name = 'DescribeTargetGroupAttributes';
  const body = `<${name}Response xmlns="${NAMESPACE}"><${name}Result>${result}</${name}Result></${name}Response>`;
  return { status: 200, body };
}

function refusal(status: number, code: string) {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error>`;
  return { status, body: `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>r</RequestId></ErrorResponse>` };
}

const opened = () => createLoadBalancers({ client: createLoadBalancingClient({ region: 'us-east-1' }), clock });

describe('the deregistration delay', () => {
  it('is an attribute of the target group, in milliseconds', async () => {
    answer = attributes({ 'stickiness.enabled': 'false', [DELAY]: '120', 'slow_start.duration_seconds': '0' });
    expect(await opened().deregistrationDelayMs(GROUP)).toBe(120_000);
    expect(Object.fromEntries(new URLSearchParams(forms[0]))).toMatchObject({
      Action: 'DescribeTargetGroupAttributes',
      TargetGroupArn: GROUP,
    });
  });

  it('may be none at all', async () => {
    answer = attributes({ [DELAY]: '0' });
    expect(await opened().deregistrationDelayMs(GROUP)).toBe(0);
  });

  it('is remembered for ten minutes, for each target group by itself', async () => {
    const loadBalancers = opened();
    answer = attributes({ [DELAY]: '300' });
    await loadBalancers.deregistrationDelayMs(GROUP);
    answer = attributes({ [DELAY]: '20' });
    clock.advance(599_999);
    expect(await loadBalancers.deregistrationDelayMs(GROUP)).toBe(300_000);
    expect(await loadBalancers.deregistrationDelayMs(OTHER)).toBe(20_000);
    clock.advance(1);
    expect(await loadBalancers.deregistrationDelayMs(GROUP)).toBe(20_000);
    expect(forms).toHaveLength(3);
  });

  it.each([
    ['a target group that is gone', refusal(400, 'TargetGroupNotFound'), 'refused'],
    ['a missing permission', refusal(403, 'AccessDenied'), 'access-denied'],
    ['throttling', refusal(400, 'Throttling'), 'throttled'],
    ['attributes without it', attributes({ 'stickiness.enabled': 'false' }), 'unreadable'],
    ['a value that is no number of seconds', attributes({ [DELAY]: 'soon' }), 'unreadable'],
  ])('is unknown after %s, and asked for again', async (_name, given, code) => {
    const loadBalancers = opened();
    answer = given;
    await expect(loadBalancers.deregistrationDelayMs(GROUP)).rejects.toMatchObject({ name: 'Failure', code });
    answer = attributes({ [DELAY]: '30' });
    expect(await loadBalancers.deregistrationDelayMs(GROUP)).toBe(30_000);
  });
});
