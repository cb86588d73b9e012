// A day of an agent's polls, one a second, as fast as they can be made in one process: whether anything grows.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createInstanceMetadata } from '../src/aws/instance-metadata.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { listenOnLoopback } from '../src/sandbox/listen.ts';

const DAY_POLLS = 86_400;
const WARM_UP_POLLS = 2_000;
const TOKEN_PATH = '/latest/api/token';

export interface AgentDay {
  readonly polls: number;
  readonly tookSeconds: number;
  /** In use after a collection, after the first polls and after the last. */
  readonly heapMiB: { readonly before: number; readonly after: number };
  readonly residentMiB: { readonly before: number; readonly after: number };
}

/**
 * The server is a plain one in this process: what it holds is measured, too, and it holds nothing.
 * @param polls fewer for a first look
 */
export async function measureDay(polls = DAY_POLLS): Promise<AgentDay> {
  const imds = await listenOnLoopback((request, response) => {
    if (request.url === TOKEN_PATH) response.setHeader('X-aws-ec2-metadata-token-ttl-seconds', '21600').end('token');
    else response.writeHead(404).end();
  });
  const metadata = createInstanceMetadata({ endpoint: imds.url, clock: systemClock });
  const { signal } = new AbortController();
  const poll = async (times: number) => {
    for (let left = times; left > 0; left -= 1) await metadata.interruptionNotice(signal);
  };
  try {
    await poll(WARM_UP_POLLS);
    const before = inUse();
    const startedAt = performance.now();
    await poll(polls);
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    const after = inUse();
    return {
      polls,
      tookSeconds,
      heapMiB: { before: before.heap, after: after.heap },
      residentMiB: { before: before.resident, after: after.resident },
    };
  } finally {
    await imds.close();
  }
}

function inUse(): { heap: number; resident: number } {
  setFlagsFromString('--expose-gc');
  // Only a context that is made after the flag was set has the function.
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 };
}
