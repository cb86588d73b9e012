// Proves who may be terminated, and whose DRAINING nobody has to have decided: the rules about single instances that
// `check` holds a plan against.
import { ATTRIBUTE, parseNotice } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { InstanceId } from '../model/ids.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Policy } from './policy.ts';

interface Departure {
  readonly snapshot: ClusterSnapshot;
  readonly policy: Pick<Policy, 'joinGraceMs' | 'orphans'>;
  readonly now: number;
}

/** The rule that terminating a retired instance would break; null when it may be. */
export function terminateRule(subject: ContainerInstance, snapshot: ClusterSnapshot): string | null {
  if (subject.attributes[ATTRIBUTE.retiring] === undefined) return 'only what we retire is terminated';
  if (subject.status !== 'DRAINING') return 'only a draining instance is terminated';
  return isEmpty(subject.instanceId, snapshot) ? null : 'only an empty instance is terminated';
}

/** The rule that terminating an orphan would break; null when it may be. */
export function orphanRule(id: InstanceId, { snapshot, policy, now }: Departure): string | null {
  const { fleet, instances, containerInstances } = snapshot;
  if (policy.orphans.response !== 'terminate') return 'orphans are kept where the operator wants that';
  if (fleet?.members.every(({ instanceId }) => instanceId !== id) !== false)
    return 'only orphans of the fleet are ended';
  if (fleet.state !== 'active') return 'an orphan is ended only while its fleet is active';
  const instance = instances.find((each) => each.id === id);
  if (instance === undefined || now - instance.launchedAt <= policy.joinGraceMs)
    return 'an orphan has had its time to join';
  const records = containerInstances.filter(({ instanceId }) => instanceId === id);
  if (records.some(({ agentConnected }) => agentConnected)) return 'no orphan is connected';
  return isEmpty(id, snapshot) ? null : 'only an empty instance is terminated';
}

/** Whether an instance is lost whoever drains it. */
export function isInterrupted({ attributes }: ContainerInstance): boolean {
  return parseNotice(attributes[ATTRIBUTE.notice])?.kind === 'interruption';
}

/** An ECS agent that lost its state registers the same instance anew, so every record of the instance has to be empty. */
function isEmpty(id: InstanceId, { containerInstances, tasks }: ClusterSnapshot): boolean {
  const records = containerInstances.filter(({ instanceId }) => instanceId === id);
  const arns = new Set(records.map(({ arn }) => arn));
  return (
    records.every(({ runningTaskCount }) => runningTaskCount === 0) &&
    tasks.every((entry) => !arns.has(entry.containerInstanceArn) || entry.tasks.length === 0)
  );
}
