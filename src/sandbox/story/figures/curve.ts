// Target, fulfilled and usable capacity over time, from the world's history alone.

import { shortName } from '../../../model/ids.ts';
import type { WorldEvent } from '../../../world/history.ts';
import type { Evidence } from './evidence.ts';
import { doneRequests, eventsOf } from './evidence.ts';

/** Units from this instant until the next point. */
export interface CurvePoint {
  readonly at: number;
  readonly targetUnits: number;
  readonly fulfilledUnits: number;
  /** Units on container instances that are ACTIVE and have no notice. */
  readonly usableUnits: number;
}

interface Standing {
  readonly weightUnits: number;
  isRegistered: boolean;
  isLeaving: boolean;
}

type Step = WorldEvent | { readonly at: number; readonly kind: 'reactivated'; readonly instanceId: string };

/** One point for each instant at which anything changed, oldest first. */
export function capacityCurve(evidence: Evidence): CurvePoint[] {
  const standings = new Map<string, Standing>();
  const points: CurvePoint[] = [];
  let targetUnits = 0;
  for (const step of steps(evidence)) {
    if (step.kind === 'fleet-target') targetUnits = step.targetUnits;
    else follow(standings, step);
    const live = [...standings.values()];
    const point = {
      at: step.at,
      targetUnits,
      fulfilledUnits: sum(live),
      usableUnits: sum(live.filter((standing) => standing.isRegistered && !standing.isLeaving)),
    };
    const last = points.at(-1);
    if (last === undefined || !isSame(last, point)) points.push(point);
  }
  return points;
}

/** Units the fleet had at an instant. */
export function fulfilledAt(curve: readonly CurvePoint[], at: number): number {
  return curve.findLast((point) => point.at <= at)?.fulfilledUnits ?? 0;
}

function follow(standings: Map<string, Standing>, step: Step): void {
  switch (step.kind) {
    case 'instance-launched':
      if (step.fleetId === null) return;
      standings.set(step.instanceId, { weightUnits: step.weightUnits, isRegistered: false, isLeaving: false });
      return;
    case 'container-instance-registered':
      set(standings, step.instanceId, { isRegistered: true });
      return;
    case 'notice':
    case 'container-instance-draining':
      set(standings, step.instanceId, { isLeaving: true });
      return;
    case 'reactivated':
      set(standings, step.instanceId, { isLeaving: false });
      return;
    case 'instance-ending':
      standings.delete(step.instanceId);
      return;
    default:
      return;
  }
}

function set(standings: Map<string, Standing>, instanceId: string, change: Partial<Standing>): void {
  const standing = standings.get(instanceId);
  if (standing !== undefined) standings.set(instanceId, { ...standing, ...change });
}

/** History does not tell of instances set back to ACTIVE; the request log does. */
function steps(evidence: Evidence): Step[] {
  const instanceIds = new Map(
    eventsOf(evidence, 'container-instance-registered').map((event) => [
      shortName(event.containerInstanceArn),
      event.instanceId,
    ]),
  );
  const reactivated = doneRequests(evidence, 'UpdateContainerInstancesState')
    .filter(({ input }) => input.status === 'ACTIVE')
    .flatMap(({ answeredAt, input }) =>
      (Array.isArray(input.containerInstances) ? input.containerInstances : []).map(
        (arn): Step => ({
          at: answeredAt,
          kind: 'reactivated',
          instanceId: instanceIds.get(shortName(String(arn))) ?? '',
        }),
      ),
    );
  return [...evidence.events, ...reactivated].sort((a, b) => a.at - b.at);
}

function isSame(a: CurvePoint, b: CurvePoint): boolean {
  return a.targetUnits === b.targetUnits && a.fulfilledUnits === b.fulfilledUnits && a.usableUnits === b.usableUnits;
}

function sum(standings: readonly Standing[]): number {
  return standings.reduce((total, { weightUnits }) => total + weightUnits, 0);
}
