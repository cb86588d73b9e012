// The instances a controller ended by its own decision, and whether it went by the rules: target down, drain, and the
// power only when the instance was empty.
import { doneRequests, type Evidence, eventsOf } from './evidence.ts';
import { targetAsks } from './fleet-targets.ts';

export interface Retirement {
  readonly instanceId: string;
  readonly terminatedAt: number;
  readonly drainingAt: number | null;
  /** The last lowering of the target before the drain; null when there was none. */
  readonly loweredAt: number | null;
  /** Tasks whose containers still ran when TerminateInstances was accepted. */
  readonly tasksLeft: number;
}

export function retirements(evidence: Evidence): Retirement[] {
  const lowerings = targetAsks(evidence).filter((ask) => ask.toUnits < ask.fromUnits);
  const drains = eventsOf(evidence, 'container-instance-draining');
  return terminations(evidence).map(({ instanceId, terminatedAt }) => {
    const drainingAt =
      drains.findLast((event) => event.instanceId === instanceId && event.at <= terminatedAt)?.at ?? null;
    const lowering = lowerings.findLast((ask) => drainingAt !== null && ask.at <= drainingAt);
    return {
      instanceId,
      terminatedAt,
      drainingAt,
      loweredAt: lowering?.at ?? null,
      tasksLeft: tasksOn(evidence, instanceId, terminatedAt),
    };
  });
}

/** Whether the target came down first, then the drain, then the end of an empty instance. */
export function isOrderly(retirement: Retirement): boolean {
  return retirement.loweredAt !== null && retirement.drainingAt !== null && retirement.tasksLeft === 0;
}

function terminations(evidence: Evidence): { instanceId: string; terminatedAt: number }[] {
  return doneRequests(evidence, 'TerminateInstances').flatMap(({ input, answeredAt }) =>
    (Array.isArray(input.InstanceId) ? input.InstanceId : []).map((id) => ({
      instanceId: String(id),
      terminatedAt: answeredAt,
    })),
  );
}

function tasksOn(evidence: Evidence, instanceId: string, at: number): number {
  const before = (event: { at: number; instanceId: string }) => event.instanceId === instanceId && event.at < at;
  const placed = eventsOf(evidence, 'task-placed').filter(before).length;
  return placed - eventsOf(evidence, 'task-stopped').filter(before).length;
}
