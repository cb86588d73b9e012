// The instances a controller ended by its own decision, and whether it went by the rules: target down, drain, and the
// power only when the instance was empty. The target is down for an instance when it asks for no more than what stays
// without it: else the fleet would launch another in its place.
import { capacityCurve, fulfilledAt } from './curve.ts';
import { doneRequests, type Evidence, eventsOf } from './evidence.ts';
import { targetAsks } from './fleet-targets.ts';

export interface Retirement {
  readonly instanceId: string;
  readonly terminatedAt: number;
  readonly drainingAt: number | null;
  /** The most that was asked of the fleet at any time from the drain until the end, in units. */
  readonly askedUnits: number;
  /** What the fleet had when the drain began, without this instance. */
  readonly stayingUnits: number;
  /** Tasks whose containers still ran when TerminateInstances was accepted. */
  readonly tasksLeft: number;
}

export function retirements(evidence: Evidence): Retirement[] {
  const curve = capacityCurve(evidence);
  const drains = eventsOf(evidence, 'container-instance-draining');
  return terminations(evidence).map(({ instanceId, terminatedAt }) => {
    const drainingAt =
      drains.findLast((event) => event.instanceId === instanceId && event.at <= terminatedAt)?.at ?? null;
    const leavesAt = drainingAt ?? terminatedAt;
    return {
      instanceId,
      terminatedAt,
      drainingAt,
      askedUnits: mostAsked(evidence, leavesAt, terminatedAt),
      stayingUnits: fulfilledAt(curve, leavesAt) - weightOf(evidence, instanceId),
      tasksLeft: tasksOn(evidence, instanceId, terminatedAt),
    };
  });
}

/** Whether the target was down first, then came the drain, then the end of an empty instance. */
export function isOrderly({ drainingAt, askedUnits, stayingUnits, tasksLeft }: Retirement): boolean {
  return drainingAt !== null && askedUnits <= stayingUnits && tasksLeft === 0;
}

/** The highest target in force between two instants, as it was asked for and not as the fleet had taken it in. */
function mostAsked(evidence: Evidence, from: number, until: number): number {
  const asks = targetAsks(evidence);
  const first = eventsOf(evidence, 'fleet-target')[0]?.targetUnits ?? 0;
  const inForce = asks.findLast((ask) => ask.at <= from)?.toUnits ?? first;
  const during = asks.filter((ask) => ask.at > from && ask.at <= until).map((ask) => ask.toUnits);
  return Math.max(inForce, ...during);
}

function weightOf(evidence: Evidence, instanceId: string): number {
  return eventsOf(evidence, 'instance-launched').find((event) => event.instanceId === instanceId)?.weightUnits ?? 0;
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
