// Who of those that are to stay has gone out of sight. One ECS agent that reconnects is daily life; a good part of a
// cluster that is disconnected, or no longer listed, at once is an outage of ECS, of a network or of our own view, and
// retiring more by what is left to see could take away what is still needed.
//
// An instance that leaves in the open (a notice, a retirement, somebody's drain) is not lost. One that is lost counts for
// as long as it is expected back, `disconnectGraceSeconds`. So the freeze ends when enough of them are in sight again, or
// when nobody has been lost for that long: from then on their room is asked for anew, what is left is what there is, and
// a cluster that really shrank does not stay frozen for ever.
import type { InstanceId } from '../model/ids.ts';
import type { Part } from '../model/snapshot.ts';
import type { Holding } from './ledger.ts';
import type { PlanInput } from './plan-input.ts';
import type { Standing } from './report.ts';

/** Who is to stay: since when out of sight, epoch milliseconds, or null for who is in sight. */
export type Roll = Readonly<Record<InstanceId, number | null>>;

/** Without these an absence says nothing. */
const TELLS_OF_ABSENCE: ReadonlySet<Part> = new Set<Part>(['fleet', 'instances', 'container-instances']);

const LEAVES_IN_THE_OPEN: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'draining']);

/** The roll after this pass. */
export function callRoll({ snapshot, policy, memory, now }: PlanInput, holdings: readonly Holding[]): Roll {
  if (snapshot.gaps.some(({ part }) => TELLS_OF_ABSENCE.has(part))) return memory.roll;
  const roll: Record<InstanceId, number | null> = {};
  const called = new Set<InstanceId>();
  for (const { instanceId, standing, containerInstance } of holdings) {
    called.add(instanceId);
    if (LEAVES_IN_THE_OPEN.has(standing)) continue;
    const isInSight = standing !== 'gone' && containerInstance?.agentConnected === true;
    if (isInSight) roll[instanceId] = null;
    else lose(instanceId);
  }
  // Object.keys forgets what the keys are.
  for (const id of Object.keys(memory.roll) as InstanceId[]) if (!called.has(id)) lose(id);
  return roll;

  function lose(id: InstanceId): void {
    const before = memory.roll[id];
    if (before === undefined) return;
    // A clock that was put back makes nobody stay lost for longer.
    const since = Math.min(before ?? now, now);
    if (now - since <= policy.disconnectGraceMs) roll[id] = since;
  }
}

/** Whether more than this share is out of sight, and more than one: in the smallest clusters one is a large share. */
export function isManyLost(roll: Roll, share: number): boolean {
  const all = Object.values(roll);
  const lost = all.filter((since) => since !== null).length;
  return lost > 1 && lost > share * all.length;
}
