// A sandbox in real time and real AWS clients for it, each with its own caller's key.
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { REAL_PACE, type WorldSettings } from '../../src/world/settings.ts';

/** Everything that takes time takes next to none. */
const QUICK: WorldSettings = {
  ...REAL_PACE,
  fleetReviewMs: 20,
  fleetModifyMs: [5, 10],
  launchMs: [5, 10],
  bootMs: [5, 10],
  registerMs: [5, 10],
  terminateMs: [5, 10],
  deregisterMs: [5, 10],
  schedulerMs: 20,
  taskStartMs: [5, 10],
  healthyAfterMs: 20,
};

export function aQuickSandbox(): Promise<Sandbox> {
  return startSandbox({ settings: QUICK });
}

export interface ClientChange {
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly maxAttempts?: number;
}

export interface Clients {
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
}

/** Clients of one caller. They try once, so that a test sees every answer. */
export function clientsOf(sandbox: Sandbox, name: string, change: ClientChange = {}): Clients {
  const environment = sandbox.environmentFor(name);
  const options = {
    region: change.region ?? environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: change.accessKeyId ?? environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: change.maxAttempts ?? 1,
  };
  return {
    ecs: new ECSClient(options),
    ec2: new EC2Client(options),
    cloudwatch: new CloudWatchClient(options),
    dynamodb: new DynamoDBClient(options),
  };
}

/** A fleet of one quick instance in a cluster of its own; resolves when it has joined. */
export function aCluster(sandbox: Sandbox, name = 'tests'): { readonly fleetId: string } {
  return sandbox.driver.inPresent(() => {
    sandbox.world.ecs.createCluster(name);
    const fleetId = sandbox.world.ec2.addFleet({
      targetUnits: 1,
      clusterName: name,
      excessCapacityTerminationPolicy: 'noTermination',
      overrides: [{ instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 1 }],
    });
    return { fleetId };
  });
}
