import { CreateServiceCommand, DescribeServicesCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEcsSandbox, type EcsSandbox } from '../ecs/an-ecs-sandbox.ts';

let cloud: EcsSandbox;
beforeAll(async () => {
  cloud = await anEcsSandbox();
});
afterAll(() => cloud.close());

/** As the AWS clients write it: a form to the one port, told apart by its version. */
async function ask(form: Record<string, string>): Promise<{ status: number; text: string }> {
  const { AWS_ACCESS_KEY_ID: key, AWS_ENDPOINT_URL: url = '' } = cloud.sandbox.environmentFor('agent');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/elasticloadbalancing/aws4_request`,
    },
    body: new URLSearchParams({ Version: '2015-12-01', ...form }),
  });
  return { status: response.status, text: await response.text() };
}

const attributesOf = (TargetGroupArn: string) => ask({ Action: 'DescribeTargetGroupAttributes', TargetGroupArn });

describe('DescribeTargetGroupAttributes', () => {
  it.each([
    [undefined, 300],
    [0, 0],
    [45_000, 45],
  ])('tells the deregistration delay in seconds (%s ms)', async (deregistrationDelayMs, seconds) => {
    const order = deregistrationDelayMs === undefined ? {} : { deregistrationDelayMs };
    const { arn } = cloud.sandbox.world.targetGroups.put({ name: `group-${seconds}`, ...order });
    const { status, text } = await attributesOf(arn);
    expect(status).toBe(200);
    expect(text).toContain('<DescribeTargetGroupAttributesResult><Attributes><member>');
    expect(text).toContain(`<member><Key>deregistration_delay.timeout_seconds</Key><Value>${seconds}</Value></member>`);
    expect(cloud.sandbox.log.records.at(-1)).toMatchObject({ service: 'elbv2', caller: { name: 'agent' } });
  });

  it.each([
    ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0', 'TargetGroupNotFound'],
    ['', 'ValidationError'],
  ])('refuses the group "%s" with %s', async (arn, code) => {
    const { status, text } = await attributesOf(arn);
    expect([status, text]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it('is throttled as its service throttles', async () => {
    cloud.sandbox.faults.add({ service: 'elbv2', action: '*', count: 1, effect: { kind: 'throttle' } });
    expect((await attributesOf('x')).text).toContain('<Code>Throttling</Code>');
  });
});

describe('a service with load balancers', () => {
  it('is created and described with them', async () => {
    const { arn } = cloud.sandbox.world.targetGroups.put({ name: 'web' });
    await cloud.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'main', image: 'example/main:1', memory: 64 }],
      }),
    );
    const loadBalancers = [{ targetGroupArn: arn, containerName: 'main', containerPort: 80 }];
    const order = { cluster: 'production', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
    await cloud.ecs.send(new CreateServiceCommand({ ...order, loadBalancers }));
    const { services } = await cloud.ecs.send(
      new DescribeServicesCommand({ cluster: 'production', services: ['web'] }),
    );
    expect(services).toMatchObject([{ loadBalancers }]);
    const classic = [{ loadBalancerName: 'old', containerName: 'main', containerPort: 80 }];
    await expect(
      cloud.ecs.send(new CreateServiceCommand({ ...order, serviceName: 'old', loadBalancers: classic })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
