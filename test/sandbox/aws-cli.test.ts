// The AWS CLI against the sandbox, where one is installed: a client that nobody here wrote, over protocols of its own
// choosing.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { until } from '../support/until.ts';
import { aCluster, aQuickSandbox } from './clients.ts';

const isInstalled = hasAwsCli();
if (!isInstalled) process.stderr.write('The AWS CLI is not installed: its tests are skipped.\n');

function hasAwsCli(): boolean {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not there, or not able to start: either way there is nothing to test with.
    return false;
  }
}

let sandbox: Sandbox;
let fleetId: string;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  ({ fleetId } = aCluster(sandbox));
  await sandbox.createLeaseTable('leases');
  await until('an instance to join', () => sandbox.world.ecs.cluster('tests').containerInstances.size > 0);
});

afterAll(() => sandbox.close());

/** Runs one command; resolves with its JSON, or with what it printed when that is none. */
async function aws(...args: string[]): Promise<unknown> {
  const { AWS_PROFILE: _profile, ...inherited } = process.env;
  const env = {
    ...inherited,
    ...sandbox.environmentFor('cli'),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  };
  const { stdout } = await promisify(execFile)('aws', ['--output', 'json', ...args], { env });
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

describe.skipIf(!isInstalled)('the AWS CLI', () => {
  it('asks STS who it is', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Arn: 'arn:aws:iam::123456789012:user/cli' });
  });

  it('reads a cluster and its container instances', async () => {
    const answer = await aws('ecs', 'list-container-instances', '--cluster', 'tests');
    const { containerInstanceArns: arns } = answer as { containerInstanceArns: string[] };
    expect(
      await aws('ecs', 'describe-container-instances', '--cluster', 'tests', '--container-instances', ...arns),
    ).toMatchObject({
      containerInstances: [{ status: 'ACTIVE', agentConnected: true }],
    });
  });

  it('reads and modifies a Spot fleet', async () => {
    const modify = ['ec2', 'modify-spot-fleet-request', '--spot-fleet-request-id', fleetId, '--target-capacity', '2'];
    await until('the fleet to be active', () => sandbox.world.ec2.fleets.get(fleetId)?.state === 'active');
    expect(await aws(...modify, '--excess-capacity-termination-policy', 'noTermination')).toEqual({ Return: true });
    await until('the change to be worked in', () => sandbox.world.ec2.fleets.get(fleetId)?.targetUnits === 2);
    expect(await aws('ec2', 'describe-spot-fleet-requests', '--spot-fleet-request-ids', fleetId)).toMatchObject({
      SpotFleetRequestConfigs: [
        { SpotFleetRequestConfig: { TargetCapacity: 2, ExcessCapacityTerminationPolicy: 'noTermination' } },
      ],
    });
  });

  it('reads instances', async () => {
    expect(await aws('ec2', 'describe-instances', '--query', 'Reservations[0].Instances[0].InstanceType')).toBe(
      'm5.large',
    );
  });

  it('publishes a metric and finds it', async () => {
    await aws('cloudwatch', 'put-metric-data', '--namespace', 'Cli', '--metric-name', 'Units', '--value', '4');
    expect(await aws('cloudwatch', 'list-metrics', '--namespace', 'Cli')).toMatchObject({
      Metrics: [{ MetricName: 'Units' }],
    });
  });

  it('writes and reads a DynamoDB table', async () => {
    await aws('dynamodb', 'put-item', '--table-name', 'leases', '--item', '{"name": {"S": "x"}}');
    expect(await aws('dynamodb', 'scan', '--table-name', 'leases')).toMatchObject({ Items: [{ name: { S: 'x' } }] });
  });

  it('is told what the sandbox does not have', async () => {
    await expect(aws('ec2', 'describe-vpcs')).rejects.toThrow('InvalidAction');
    await expect(aws('ecs', 'describe-clusters', '--region', 'eu-west-1')).rejects.toThrow('the sandbox is us-east-1');
  });
});
