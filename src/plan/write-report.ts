// Writes down why: the same facts the plan was made from, in the order an operator asks for them.
import { NO_RESOURCES } from '../model/resources.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import type { Assessment } from './assess.ts';
import { type ServiceDemand, servicesByShape } from './demand.ts';
import { unplaced } from './fits.ts';
import type { Holding } from './ledger.ts';
import type { LedgerLine, PlanReport, ShapeLine, UnschedulableShape } from './report.ts';
import { countThatFit, type Room } from './room.ts';
import type { ScaleIn } from './scale-in.ts';
import type { Target } from './target.ts';

interface Chosen {
  readonly target: Target;
  readonly scaleIn: ScaleIn;
}

export function reportOf(seen: Assessment, { target, scaleIn }: Chosen): PlanReport {
  const { snapshot, fleet, holdings, units } = seen;
  return {
    cluster: snapshot.cluster,
    observedAt: snapshot.observedAt,
    gaps: snapshot.gaps,
    ledger: ledgerLines(snapshot, holdings),
    shapes: shapeLines(seen),
    unschedulable: unschedulableShapes(seen),
    target: {
      reason: target.reason,
      presentUnits: fleet.targetUnits,
      fulfilledUnits: units.fulfilled,
      leavingUnits: units.leaving,
      usableUnits: units.usable,
      shortUnits: seen.askUnits,
      proposedUnits: target.targetUnits,
    },
    scaleIn: {
      reason: scaleIn.reason,
      victim: scaleIn.victim?.instanceId ?? null,
      unremovable: scaleIn.unremovable.map(({ holding, reason }) => ({ instanceId: holding.instanceId, reason })),
    },
  };
}

/** When an indispensable part could not be seen: what was seen, and no opinion on anything else. */
export function reportBlind(snapshot: ClusterSnapshot, holdings: readonly Holding[]): PlanReport {
  const present = snapshot.fleet?.targetUnits ?? 0;
  return {
    cluster: snapshot.cluster,
    observedAt: snapshot.observedAt,
    gaps: snapshot.gaps,
    ledger: ledgerLines(snapshot, holdings),
    shapes: [],
    unschedulable: [],
    target: {
      reason: 'blind',
      presentUnits: present,
      fulfilledUnits: snapshot.fleet?.fulfilledUnits ?? 0,
      leavingUnits: 0,
      usableUnits: 0,
      shortUnits: 0,
      proposedUnits: present,
    },
    scaleIn: { reason: 'blind', victim: null, unremovable: [] },
  };
}

function ledgerLines(snapshot: ClusterSnapshot, holdings: readonly Holding[]): LedgerLine[] {
  const counts = new Map<string, number>();
  for (const { containerInstanceArn } of snapshot.tasks) {
    if (containerInstanceArn !== null) counts.set(containerInstanceArn, (counts.get(containerInstanceArn) ?? 0) + 1);
  }
  return holdings.map(({ instanceId, instanceType, zone, weightUnits, standing, containerInstance }) => ({
    instanceId,
    instanceType,
    zone,
    weightUnits,
    standing,
    taskCount: counts.get(containerInstance?.arn ?? '') ?? 0,
  }));
}

function shapeLines(seen: Assessment): ShapeLine[] {
  const largest = new Set(seen.largest.map(shapeKey));
  const promisedOf = new Map(seen.promised.map(({ shape, count }) => [shapeKey(shape), count]));
  const promise = seen.scenarios.find(({ name }) => name === 'promise')?.demand ?? [];
  const short = new Map(
    unplaced([...seen.rooms.now, ...seen.rooms.inFlight], promise).map(({ shape, count }) => [shapeKey(shape), count]),
  );
  return [...servicesByShape(seen.demands)].sort(byName).flatMap(([key, demands]) => {
    const shape = demands[0]?.shape;
    if (shape === undefined) return [];
    return {
      shape: key,
      services: demands.map(({ service }) => service.name).sort(),
      isLargest: largest.has(key),
      schedulableNow: total(seen.rooms.now, shape),
      inFlight: total(seen.rooms.inFlight, shape),
      promised: promisedOf.get(key) ?? 0,
      pending: demands.reduce((sum, { unplacedCount }) => sum + unplacedCount, 0),
      short: short.get(key) ?? 0,
    };
  });
}

function total(rooms: readonly Room[], shape: TaskShape): number {
  return rooms.reduce((sum, room) => sum + countThatFit(room, shape), 0);
}

function unschedulableShapes({ unschedulable, empty }: Assessment): UnschedulableShape[] {
  return [...servicesByShape(unschedulable)].sort(byName).flatMap(([key, demands]) => {
    const shape = demands[0]?.shape;
    if (shape === undefined) return [];
    const nearest = nearestType(shape, empty);
    return {
      shape: key,
      services: demands.map(({ service }) => service.name).sort(),
      nearestType: nearest?.type ?? null,
      missing: nearest?.missing ?? NO_RESOURCES,
    };
  });
}

/** The type that lacks least, in shares of what the shape needs. */
function nearestType(shape: TaskShape, empty: ReadonlyMap<string, Room>) {
  const lacking = [...empty].map(([type, room]) => {
    const cpuUnits = Math.max(0, shape.cpuUnits - room.cpuUnits);
    const memoryMiB = Math.max(0, shape.memoryMiB - room.memoryMiB);
    const share = cpuUnits / Math.max(1, shape.cpuUnits) + memoryMiB / Math.max(1, shape.memoryMiB);
    return { type, missing: { cpuUnits, memoryMiB }, share };
  });
  return lacking.sort((a, b) => a.share - b.share || (a.type < b.type ? -1 : 1))[0];
}

function byName([a]: [string, ServiceDemand[]], [b]: [string, ServiceDemand[]]): number {
  return a < b ? -1 : 1;
}
