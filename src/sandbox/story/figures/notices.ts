// What became of each interruption notice.
import { shortName } from '../../../model/ids.ts';
import type { TaskEnd } from '../../../world/history.ts';
import { capacityCurve, fulfilledAt } from './curve.ts';
import { doneRequests, type Evidence, eventsOf } from './evidence.ts';
import { raiseAfter, type TargetAsk, targetAsks } from './fleet-targets.ts';

export interface NoticeFigure {
  readonly instanceId: string;
  readonly noticedAt: number;
  readonly deadlineAt: number;
  /** Notice until ECS had accepted DRAINING; null when it never did. */
  readonly drainingAfterMs: number | null;
  /** Notice until the raised target was accepted; null when it never was. */
  readonly raisedAfterMs: number | null;
  /** Notice until the units the raise asked for had joined the cluster; null when they never had, or no raise came. */
  readonly replacedAfterMs: number | null;
  readonly endedAfterMs: number | null;
  /** How each task that was on the instance at the notice, or came later, ended. */
  readonly taskEnds: readonly TaskEnd[];
}

export function noticeFigures(evidence: Evidence): NoticeFigure[] {
  const asks = targetAsks(evidence);
  return eventsOf(evidence, 'notice').map(({ at, instanceId, deadlineAt }) => {
    const endedAt = eventsOf(evidence, 'instance-ending').find((event) => event.instanceId === instanceId)?.at ?? null;
    const raise = raiseAfter(asks, at);
    return {
      instanceId,
      noticedAt: at,
      deadlineAt,
      drainingAfterMs: since(at, drainAcceptedAt(evidence, instanceId)),
      raisedAfterMs: since(at, raise?.at ?? null),
      replacedAfterMs: since(at, raise === null ? null : replacedAt(evidence, raise, at)),
      endedAfterMs: since(at, endedAt),
      taskEnds: eventsOf(evidence, 'task-stopped')
        .filter((event) => event.instanceId === instanceId && event.at >= at)
        .map((event) => event.end),
    };
  });
}

function since(from: number, at: number | null): number | null {
  return at === null ? null : at - from;
}

/** The answer to the first successful UpdateContainerInstancesState that named the instance, if ECS then did drain it. */
function drainAcceptedAt(evidence: Evidence, instanceId: string): number | null {
  const draining = eventsOf(evidence, 'container-instance-draining').find((event) => event.instanceId === instanceId);
  if (draining === undefined) return null;
  const id = shortName(draining.containerInstanceArn);
  const record = doneRequests(evidence, 'UpdateContainerInstancesState').find(
    ({ input, answeredAt }) => answeredAt >= draining.at && namesOf(input.containerInstances).includes(id),
  );
  return record?.answeredAt ?? null;
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((entry) => shortName(String(entry))) : [];
}

/** When instances launched since the notice had joined with all the units that the raise asked for beyond those at hand. */
function replacedAt(evidence: Evidence, raise: TargetAsk, noticedAt: number): number | null {
  const launched = eventsOf(evidence, 'instance-launched').filter((event) => event.at >= noticedAt);
  const weights = new Map(launched.map((event) => [event.instanceId, event.weightUnits]));
  let missing = raise.toUnits - fulfilledAt(capacityCurve(evidence), raise.at);
  for (const { at, instanceId } of eventsOf(evidence, 'container-instance-registered')) {
    missing -= weights.get(instanceId) ?? 0;
    if (weights.has(instanceId) && missing <= 0) return at;
  }
  return null;
}
