// Many agents in one process: the agent's own logic and its real adapters over the wire, without a process for each. What
// an agent has for itself (its ECS clients and their retry budgets, its metadata session) each of them has for itself.
import { setMaxListeners } from 'node:events';
import { type AgentOptions, runAgentService } from '../src/agent/service.ts';
import { createEcsClient, createEcsCluster } from '../src/aws/ecs-cluster.ts';
import { createEcsAgentIntrospection } from '../src/aws/ecs-introspection.ts';
import { createInstanceMetadata } from '../src/aws/instance-metadata.ts';
import type { Cluster } from '../src/ports/cluster.ts';
import { Failure } from '../src/ports/failure.ts';
import { systemClock as clock } from '../src/runtime/system-clock.ts';
import { systemRng as rng } from '../src/runtime/system-rng.ts';
import type { InstanceUrls } from '../src/sandbox/instance-endpoints.ts';

export interface Crowd {
  readonly instances: readonly InstanceUrls[];
  readonly region: string;
}

/** Printed when every agent of the crowd watches. */
export const WATCHING = 'all watch';

// A start is hard work, and an agent whose metadata service does not answer for long takes this for another cloud. It also
// spreads their polls over the second, as in a fleet.
const START_EVERY_MS = 150;

/** Runs them until standard input ends. */
export async function runCrowd({ instances, region }: Crowd): Promise<null> {
  const over = new AbortController();
  // Every agent hears of the end by this one signal, which is no leak.
  setMaxListeners(0, over.signal);
  process.stdin.on('end', () => over.abort()).resume();
  let watching = 0;
  const onWatching = () => {
    watching += 1;
    if (watching === instances.length) console.log(WATCHING);
  };
  await Promise.all(
    instances.map(async (urls, index) => {
      await clock.sleep((index + rng.next()) * START_EVERY_MS, over.signal);
      await runAgentService(optionsOf(urls, region, onWatching), over.signal);
    }),
  );
  return null;
}

function optionsOf(urls: InstanceUrls, region: string, onWatching: () => void): AgentOptions {
  return {
    metadata: createInstanceMetadata({ endpoint: urls.metadata, clock }),
    introspection: createEcsAgentIntrospection({ endpoint: urls.introspection, clock }),
    openCluster: clusterOpener(region),
    openLoadBalancers: () => Promise.reject(new Failure('unavailable', 'no service of this bench has a load balancer')),
    clock,
    rng,
    logger: SILENT,
    // As configured by default.
    pollMs: { interruption: 1_000, rebalance: 5_000, maintenance: 60_000, targetState: 10_000 },
    settings: {
      marginMs: 5_000,
      standalone: 'stop-in-time',
      rebalance: { response: 'cordon', liftAfterMs: 1_800_000 },
      maintenance: { response: 'drain', aheadMs: 900_000, ignoredCodes: [] },
      targetState: { response: 'drain', deadlineMs: 120_000 },
      hostShutdown: { response: 'drain' },
      hooksLimitMs: 0,
      hasWebhooks: false,
    },
    requiredDaemons: { services: [], families: [] },
    blindAfterMs: 60_000,
    boot: { id: 'bench', upSince: clock.now() },
    stateDirectory: null,
    runtimeDirectory: null,
    announcer: ANNOUNCER,
    onWatching,
    onPoll: () => {},
    onBlind: () => {},
  };
}

function clusterOpener(region: string): (name: string) => Promise<Cluster> {
  const open = new Map<string, Cluster>();
  return async (name) => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const [client, writer] = [createEcsClient({ region }), createEcsClient({ region })];
    const cluster = createEcsCluster({ cluster: name, client, writer, clock });
    open.set(name, cluster);
    return cluster;
  };
}

const SILENT: AgentOptions['logger'] = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Tells nobody: there are no hooks, no webhooks and no tasks that ask. */
const ANNOUNCER: AgentOptions['announcer'] = {
  knowInstance: () => {},
  knowPlace: () => {},
  show: () => {},
  runHooks: async () => {},
  sendWebhooks: async () => {},
  serve: async () => {},
};
