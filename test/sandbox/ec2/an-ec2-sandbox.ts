// A sandbox whose time stands still until the test moves it, and a real EC2 client for it.
import { EC2Client } from '@aws-sdk/client-ec2';
import type { Clock } from '../../../src/ports/clock.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import type { Fleet } from '../../../src/world/ec2/fleet.ts';
import type { FleetRequest } from '../../../src/world/ec2/fleet-spec.ts';
import { REAL_PACE } from '../../../src/world/settings.ts';

const START_AT = Date.UTC(2026, 10, 21, 8, 22);

export interface Ec2Sandbox {
  readonly sandbox: Sandbox;
  readonly client: EC2Client;
  /** Lets this much world time pass. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export async function anEc2Sandbox(): Promise<Ec2Sandbox> {
  let elapsedMs = 0;
  const clock: Clock = {
    now: () => START_AT + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) resolve();
        else signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const sandbox = await startSandbox({ settings: REAL_PACE, clock });
  const client = anEc2Client(sandbox, 'controller-a');
  return {
    sandbox,
    client,
    pass: (ms) => {
      elapsedMs += ms;
      sandbox.driver.inPresent(() => undefined);
    },
    close: async () => {
      client.destroy();
      await sandbox.close();
    },
  };
}

function anEc2Client(sandbox: Sandbox, name: string): EC2Client {
  const environment = sandbox.environmentFor(name);
  return new EC2Client({
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
  });
}

/** A fleet that has launched its target, of weights 1 and 2 in two zones unless said otherwise. */
export function aFleet({ sandbox, pass }: Ec2Sandbox, change: Partial<FleetRequest> = {}): Fleet {
  const overrides = ['us-east-1a', 'us-east-1b'].flatMap((zone) => [
    { instanceType: 'm6i.large', zone, weightUnits: 1 },
    { instanceType: 'm6i.xlarge', zone, weightUnits: 2 },
  ]);
  const id = sandbox.world.ec2.addFleet({
    targetUnits: 4,
    overrides,
    allocationStrategy: 'diversified',
    excessCapacityTerminationPolicy: 'noTermination',
    ...change,
  });
  pass(120_000);
  return sandbox.world.ec2.findFleet(id);
}
