// The last look before what cannot be taken back. A plan rests on a snapshot that is seconds old, and neither EC2 nor ECS
// takes a condition with a write: somebody else may have moved the target meanwhile, or ECS placed a task. So what a
// lower target or a termination rests on is read again right before it. That makes the window small; it does not close it.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { Fleet } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Action, Plan } from '../plan/plan.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';

/** A plan, and what it was made of. */
export interface PlannedOn {
  readonly plan: Plan;
  readonly snapshot: ClusterSnapshot;
}

interface Eyes {
  readonly cluster: Pick<Cluster, 'containerInstance' | 'listContainerInstances' | 'tasksOn'>;
  readonly fleet: Pick<SpotFleet, 'describe'>;
}

/**
 * Returns when what the action rests on still is so. Only of what gives something away is it asked: a raise that was
 * needless is taken back by the next pass.
 * @throws Failure `changed-meanwhile`, or that of a read
 */
export async function assertStillSo(
  action: Action,
  { plan, snapshot }: PlannedOn,
  eyes: Eyes,
  signal?: AbortSignal,
): Promise<void> {
  if (action.kind === 'set-target' && action.targetUnits < action.fromUnits) {
    return assertSameFleet(`lowering the target to ${action.targetUnits}`, snapshot.fleet, eyes, signal);
  }
  if (action.kind !== 'terminate') return;
  const doing = `terminating ${action.instanceId}`;
  // What this very plan has moved is no longer as it was, and nobody else's doing.
  if (!plan.some(({ kind }) => kind === 'set-target')) await assertSameFleet(doing, snapshot.fleet, eyes, signal);
  if (action.reason === 'orphan') return assertStillOrphan(doing, action.instanceId, eyes, signal);
  await assertStillEmpty(doing, action, snapshot, eyes, signal);
}

async function assertSameFleet(doing: string, seen: Fleet | null, { fleet }: Eyes, signal?: AbortSignal) {
  const now = await fleet.describe(signal);
  if (now.state === seen?.state && now.targetUnits === seen.targetUnits) return;
  const was = seen === null ? 'unknown' : `${seen.state} at ${seen.targetUnits} units`;
  throw changed(doing, `the fleet was ${was} and is ${now.state} at ${now.targetUnits}`);
}

/** An ECS agent that lost its state registers its instance anew: what it left behind drains no more, and may hold tasks. */
async function assertStillEmpty(
  doing: string,
  { instanceId: id, containerInstanceArn }: Extract<Action, { kind: 'terminate' }>,
  { containerInstances }: ClusterSnapshot,
  { cluster }: Eyes,
  signal?: AbortSignal,
): Promise<void> {
  for (const { arn, instanceId } of containerInstances) {
    if (instanceId !== id) continue;
    const now = await cluster.containerInstance(arn, signal);
    if (arn === containerInstanceArn) {
      if (now?.status !== 'DRAINING') throw changed(doing, `it is ${now?.status ?? 'not registered'}`);
      if (now.attributes[ATTRIBUTE.retiring] === undefined) throw changed(doing, 'its mark is gone');
    } else if (now?.agentConnected) throw changed(doing, 'its ECS agent uses another record of it');
    // Tasks last: what starts on it while the rest is read is seen.
    const tasks = now === null ? [] : await cluster.tasksOn(arn, signal);
    if (tasks.length > 0) throw changed(doing, `${tasks.length} tasks have come`);
  }
}

/** It may have joined in the last moment, late but well. */
async function assertStillOrphan(
  doing: string,
  id: InstanceId,
  { cluster }: Eyes,
  signal?: AbortSignal,
): Promise<void> {
  const { items } = await cluster.listContainerInstances({ kind: 'named', instanceIds: [id] }, null, signal);
  for (const arn of items) {
    const now = await cluster.containerInstance(arn, signal);
    if (now?.agentConnected) throw changed(doing, 'its ECS agent has connected');
    const tasks = now === null ? [] : await cluster.tasksOn(arn, signal);
    if (tasks.length > 0) throw changed(doing, `${tasks.length} tasks have come`);
  }
}

function changed(doing: string, what: string): Failure {
  return new Failure('changed-meanwhile', `${doing}: held back, because meanwhile ${what}`);
}
