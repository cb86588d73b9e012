// Whether two minutes are too few for what runs on an instance: only then is it worth leaving before a notice comes. Of ten
// recommendations to leave seven come to nothing, and what stops in time loses nothing by waiting.
import { ATTRIBUTE, parseNotice } from '../../model/attributes.ts';
import type { TaskDefinition } from '../../model/service.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Holding } from '../ledger.ts';
import { isOfService } from '../tally.ts';

/**
 * Of the two minutes some seconds pass until the notice is read, and some are left for the host. A load balancer's
 * deregistration delay comes on top of a stop timeout; only the instance's own agent knows it.
 */
const STOPS_IN_TIME_MS = 100_000;

/**
 * Instances that AWS recommends to leave and that run a task of a service which takes longer to stop. A standalone task
 * would not be moved by leaving early, only waited for, so it does not count.
 */
export function slowAtRisk(
  holdings: readonly Holding[],
  { definitions }: Pick<ClusterSnapshot, 'definitions'>,
): readonly Holding[] {
  const slow = new Set(definitions.filter(isSlow).map(({ arn }) => arn));
  if (slow.size === 0) return [];
  return holdings.filter(({ standing, containerInstance, tally }) => {
    if (standing !== 'at-risk' || tally === null) return false;
    if (parseNotice(containerInstance?.attributes[ATTRIBUTE.notice])?.kind !== 'rebalance') return false;
    return tally.runs.some(({ group, taskDefinition }) => isOfService(group) && slow.has(taskDefinition));
  });
}

function isSlow({ stopTimeoutMs }: TaskDefinition): boolean {
  return stopTimeoutMs !== null && stopTimeoutMs > STOPS_IN_TIME_MS;
}
