// Orphans: instances of the fleet that are none of the cluster. They cost as much as any other and take no task. They are
// ended while they are in the fleet, which then launches another one exactly where its target, counted without them, says
// so. A look at the wrong cluster would make an orphan of everybody, and so would an outage of ECS, so one is ended only
// when we saw it come, or where most of the fleet is well.
import type { InstanceId } from '../../model/ids.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Holding } from '../ledger.ts';
import type { Action } from '../plan.ts';
import type { Policy } from '../policy.ts';

/** A call each, and a pass must end within the lease; the next one is a few seconds away. */
const MOST_A_PASS = 10;

/** Members that were seen coming and are not in the cluster yet. */
export function awaitedAfter(awaited: readonly InstanceId[], holdings: readonly Holding[]): InstanceId[] {
  const before = new Set(awaited);
  return holdings
    .filter((holding) => isMember(holding) && holding.containerInstance === null && holding.standing !== 'gone')
    .filter(({ standing, instanceId }) => standing === 'launching' || before.has(instanceId))
    .map(({ instanceId }) => instanceId);
}

interface Condemning {
  /** Who was seen coming. */
  readonly awaited: readonly InstanceId[];
  readonly snapshot: Pick<ClusterSnapshot, 'containerInstances' | 'tasks'>;
  readonly policy: Pick<Policy, 'orphans' | 'joinGraceMs'>;
  readonly now: number;
}

/** The ledger with the orphans that are to be ended marked so. */
export function condemned(holdings: readonly Holding[], asked: Condemning): readonly Holding[] {
  const { awaited, policy } = asked;
  if (policy.orphans.response === 'keep') return holdings;
  const orphans = holdings.filter((holding) => isMember(holding) && isEndable(holding, asked));
  if (orphans.length === 0) return holdings;
  const members = holdings.filter(isMember);
  const well = members.filter(
    ({ containerInstance, standing }) => containerInstance?.agentConnected && standing !== 'gone',
  );
  const astray = members.filter(({ standing }) => standing === 'orphan' || standing === 'disconnected');
  const isMostWell = well.length > astray.length;
  const seenComing = new Set(awaited);
  const ending = new Set(orphans.filter(({ instanceId }) => isMostWell || seenComing.has(instanceId)));
  return holdings.map((holding) => (ending.has(holding) ? { ...holding, isCondemned: true } : holding));
}

/** Past the grace, even where its registration failed at once, and with nothing on any of its records in ECS. */
function isEndable({ standing, launchedAt, instanceId }: Holding, { snapshot, policy, now }: Condemning): boolean {
  if (standing !== 'orphan' || launchedAt === null || now - launchedAt <= policy.joinGraceMs) return false;
  const records = snapshot.containerInstances.filter((record) => record.instanceId === instanceId);
  return records.every(
    ({ arn, agentConnected, runningTaskCount }) =>
      !agentConnected &&
      runningTaskCount === 0 &&
      snapshot.tasks.every((entry) => entry.containerInstanceArn !== arn || entry.tasks.length === 0),
  );
}

/** Only to be done when the fleet's target is no higher than it should be without them. */
export function endCondemned(holdings: readonly Holding[]): Action[] {
  return holdings
    .filter(({ isCondemned }) => isCondemned)
    .slice(0, MOST_A_PASS)
    .map(({ instanceId, containerInstance }) => ({
      kind: 'terminate',
      reason: 'orphan',
      instanceId,
      containerInstanceArn: containerInstance?.arn ?? null,
    }));
}

/** Of the fleet: everybody else's instance is none of ours. */
function isMember({ weightUnits }: Holding): boolean {
  return weightUnits > 0;
}
