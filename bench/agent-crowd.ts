// Many agents in one process: the agent's own logic and its real adapters over the wire, without a process for each. What
// an agent has for itself (its ECS clients and their retry budgets, its metadata session) each of them has for itself.
import { setMaxListeners } from 'node:events';
import { ResponseClock } from '../src/agent/act/response-clock.ts';
import { type AgentOptions, runAgentService } from '../src/agent/service.ts';
import { Announcer } from '../src/agent/tell/announcer.ts';
import { createEcsAgentIntrospection } from '../src/aws/ecs-introspection.ts';
import { createInstanceMetadata } from '../src/aws/instance-metadata.ts';
import { awsOf } from '../src/bin/agent-aws.ts';
import { readAgentConfig } from '../src/config/agent.ts';
import { thisBoot } from '../src/runtime/boot.ts';
import { httpPoker } from '../src/runtime/poke-http.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
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
      await systemClock.sleep((index + rng.next()) * START_EVERY_MS, over.signal);
      await runAgentService(optionsOf(urls, region, onWatching), over.signal);
    }),
  );
  return null;
}

function optionsOf(urls: InstanceUrls, region: string, onWatching: () => void): AgentOptions {
  const config = readAgentConfig({
    flags: {},
    // The rest as configured by default. Ports are the host's, and here one host has all the instances.
    env: {
      SPOTKEEPER_METADATA_ENDPOINT: urls.metadata,
      SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
      SPOTKEEPER_NOTICE_PORT: '0',
    },
    file: null,
    isTerminal: false,
  });
  // Its own for each, as it is held while a notice is answered.
  const clock = new ResponseClock(systemClock, SILENT);
  const metadata = createInstanceMetadata({ endpoint: urls.metadata, clock });
  const loadSender = () => Promise.reject(new Error('nobody in this crowd has a webhook'));
  return {
    ...{ metadata, clock, rng, logger: SILENT, boot: thisBoot(null, clock), settings: config.response },
    ...config,
    ...awsOf({ region, metadata, clock }),
    introspection: createEcsAgentIntrospection({ endpoint: urls.introspection, clock }),
    announcer: new Announcer({ ...config, loadSender, poker: httpPoker, env: {}, clock, rng, logger: SILENT }),
    onWatching,
    onPoll: () => {},
    onBlind: () => {},
  };
}

const SILENT: AgentOptions['logger'] = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
