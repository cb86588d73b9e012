// A sandbox whose time stands still until the test moves it, with the cluster `production`, and a real ECS client for it.
import { ECSClient } from '@aws-sdk/client-ecs';
import type { EcsCluster } from '../../../src/world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import { anEc2Sandbox, type Ec2Sandbox } from '../ec2/an-ec2-sandbox.ts';

export interface EcsSandbox extends Pick<Ec2Sandbox, 'sandbox' | 'pass' | 'close'> {
  readonly ecs: ECSClient;
  readonly cluster: EcsCluster;
  /** Launches instances and waits in world time until they have joined the cluster. */
  join(count: number): EcsContainerInstance[];
}

export async function anEcsSandbox(): Promise<EcsSandbox> {
  const { sandbox, pass, close, client } = await anEc2Sandbox();
  const { world } = sandbox;
  const cluster = world.ecs.createCluster('production');
  const environment = sandbox.environmentFor('operator');
  const ecs = new ECSClient({
    region: environment.AWS_REGION ?? '',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
  });
  return {
    sandbox,
    pass,
    ecs,
    cluster,
    join(count) {
      const known = new Set(cluster.containerInstances.values());
      for (let index = 0; index < count; index += 1) {
        const zone = index % 2 === 0 ? 'us-east-1a' : 'us-east-1b';
        sandbox.driver.inPresent(() =>
          world.ec2.launchOnDemand({ instanceType: 'm5.large', zone, clusterName: 'production' }),
        );
      }
      pass(120_000);
      return [...cluster.containerInstances.values()].filter((instance) => !known.has(instance));
    },
    async close() {
      ecs.destroy();
      client.destroy();
      await close();
    },
  };
}
