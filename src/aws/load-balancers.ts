// The LoadBalancers port over Elastic Load Balancing: one attribute of a target group, asked for once in a while.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
import {
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { LoadBalancers } from '../ports/load-balancers.ts';
import { calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, ownClient, sendOptions } from './clients.ts';

// Operators change it seldom, and what an agent plans with is at most this old.
const ASK_AGAIN_MS = 10 * 60_000;
const DELAY_ATTRIBUTE = 'deregistration_delay.timeout_seconds';

export function createLoadBalancingClient(settings: ClientSettings): ElasticLoadBalancingV2Client {
  return ownClient(new ElasticLoadBalancingV2Client(clientOptions(settings)), settings);
}

interface Known {
  readonly delayMs: number;
  /** By the monotonic clock. */
  readonly askedAtMs: number;
}

/** Failures are not remembered: the next question is asked anew. */
export function createLoadBalancers(options: { client: ElasticLoadBalancingV2Client; clock: Clock }): LoadBalancers {
  const { client, clock } = options;
  const known = new Map<string, Known>();
  return {
    async deregistrationDelayMs(targetGroup, signal) {
      const askedAtMs = clock.monotonicMs();
      const remembered = known.get(targetGroup);
      if (remembered !== undefined && askedAtMs - remembered.askedAtMs < ASK_AGAIN_MS) return remembered.delayMs;
      const delayMs = await askDelayMs(client, targetGroup, signal);
      known.set(targetGroup, { delayMs, askedAtMs });
      return delayMs;
    },
  };
}

async function askDelayMs(
  client: ElasticLoadBalancingV2Client,
  targetGroup: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const doing = `reading the deregistration delay of target group ${targetGroup}`;
  const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroup });
  const { Attributes = [] } = await calling(doing, () => client.send(command, sendOptions(signal)));
  const value = Attributes.find(({ Key }) => Key === DELAY_ATTRIBUTE)?.Value ?? '';
  // Every type of load balancer that ECS registers tasks with has it, 0 to 3600 seconds.
  if (!/^\d{1,4}$/.test(value)) throw new Failure('unreadable', `${doing}: it is "${value}"`);
  return Number(value) * 1_000;
}
