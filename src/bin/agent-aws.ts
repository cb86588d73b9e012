// AWS as the agent uses it: each client is opened when it is first needed, and then kept.
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { LoadBalancers } from '../ports/load-balancers.ts';
import type { InstanceMetadata } from '../ports/metadata.ts';

const POLICY = 'agent' as const;

export interface AwsOptions {
  /** null: the one that instance metadata names. */
  readonly region: string | null;
  readonly metadata: InstanceMetadata;
  readonly clock: Clock;
}

export interface Aws {
  openCluster(name: string): Promise<Cluster>;
  openLoadBalancers(): Promise<LoadBalancers>;
}

export function awsOf({ region, metadata, clock }: AwsOptions): Aws {
  const clusters = new Map<string, Promise<Cluster>>();
  let loadBalancers: Promise<LoadBalancers> | null = null;
  const regionHere = async () => region ?? (await metadata.region());
  const open = async (cluster: string): Promise<Cluster> => {
    const { createEcsClient, createEcsCluster } = await import('../aws/ecs-cluster.ts');
    const settings = { region: await regionHere(), policy: POLICY };
    // Urgent writes have a client, and so a retry budget, of their own; and the agent itself tries them again.
    const [client, writer] = [createEcsClient(settings), createEcsClient({ ...settings, maxAttempts: 1 })];
    return createEcsCluster({ cluster, client, writer, clock });
  };
  const openLoadBalancing = async (): Promise<LoadBalancers> => {
    const { createLoadBalancers, createLoadBalancingClient } = await import('../aws/load-balancers.ts');
    return createLoadBalancers({
      client: createLoadBalancingClient({ region: await regionHere(), policy: POLICY }),
      clock,
    });
  };
  return {
    async openCluster(name) {
      const opening = clusters.get(name) ?? open(name);
      clusters.set(name, opening);
      return opening.catch((error: unknown) => {
        clusters.delete(name);
        throw error;
      });
    },
    async openLoadBalancers() {
      loadBalancers ??= openLoadBalancing();
      return loadBalancers.catch((error: unknown) => {
        loadBalancers = null;
        throw error;
      });
    },
  };
}
