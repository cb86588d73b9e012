// Writes down why: the same facts the plan was made from, in the order an operator asks for them.
import type { ClusterSnapshot, SetAside } from '../model/snapshot.ts';
import { nearMisses } from './advice/near-miss.ts';
import { weightAdvice } from './advice/weights.ts';
import type { LaunchLine } from './alarms.ts';
import type { Assessment } from './assess.ts';
import type { Conflict } from './conflicts/conflict.ts';
import { fleetUnits } from './fleet-units.ts';
import { leadTimesOf } from './learn/lead-times.ts';
import type { Holding } from './ledger.ts';
import type { OnDemandPart } from './on-demand/on-demand-part.ts';
import { type Launches, NO_LAUNCHES } from './orphans/launches.ts';
import type { Outlook } from './outlook.ts';
import type { LedgerLine, PlanReport, ScenarioLine, WeightAdvice } from './report.ts';
import type { ScaleIn } from './retire/choose.ts';
import { driftedIn } from './retire/drift.ts';
import { tasksIn } from './scenario.ts';
import {
  NOTHING_SCHEDULABLE,
  type Schedulable,
  schedulableByInstance,
  shapeLines,
  unschedulableShapes,
} from './shape-lines.ts';
import { shapeNames } from './shape-names.ts';
import type { Target } from './target.ts';

interface Chosen {
  readonly restraint: PlanReport['restraint'];
  readonly conflicts: readonly Conflict[];
  readonly target: Target;
  readonly scaleIn: ScaleIn;
  readonly outlook: Pick<Outlook, 'storms' | 'launches'>;
  readonly onDemand: OnDemandPart & { readonly missingUnits: number };
  readonly isByInstance: boolean;
}

export function reportOf(
  seen: Assessment,
  { restraint, conflicts, target, scaleIn, outlook, onDemand, isByInstance }: Chosen,
): PlanReport {
  const { snapshot, fleet, holdings, units, capacity } = seen;
  const names = shapeNames(capacity.shapes);
  const byInstance = isByInstance ? schedulableByInstance(seen) : null;
  const largest = seen.largest.flatMap((column) => capacity.shapes[column] ?? []);
  return {
    cluster: snapshot.cluster,
    observedAt: snapshot.observedAt,
    gaps: snapshot.gaps,
    restraint,
    conflicts,
    ledger: ledgerLines(
      holdings,
      byInstance && (({ instanceId }) => byInstance.get(instanceId) ?? NOTHING_SCHEDULABLE),
    ),
    shapes: shapeLines(seen, names),
    unschedulable: unschedulableShapes(seen, names),
    nearMisses: nearMisses(seen.empty, largest, names),
    weights: worthTelling(weightAdvice(fleet.options, seen.empty, largest, names)),
    scenarios: scenarioLines(seen),
    storms: Object.entries(outlook.storms.pools).map(([pool, storm]) => ({ pool, ...storm })),
    launches: launchLine(outlook.launches),
    setAside: [...snapshot.setAside, ...seen.shapes.setAside, ...withoutZone(seen)],
    leadTime: seen.leadTime,
    target: {
      reason: target.reason,
      presentUnits: fleet.targetUnits,
      fulfilledUnits: units.fulfilled,
      leavingUnits: units.leaving,
      usableUnits: units.usable,
      scenario: seen.shortage?.worst.scenario.name ?? null,
      shortUnits: seen.askUnits,
      proposedUnits: target.targetUnits,
    },
    onDemand: {
      presentUnits: fleet.onDemandTargetUnits,
      fulfilledUnits: fleet.onDemandFulfilledUnits,
      proposedUnits: onDemand.units,
      reason: onDemand.reason,
      missingUnits: onDemand.missingUnits,
      failedReturns: seen.memory.onDemand.returns.failures,
    },
    drifted: [...driftedIn(snapshot)],
    scaleIn: {
      reason: scaleIn.reason,
      victims: scaleIn.victims.map(({ holding, reason }) => ({ instanceId: holding.instanceId, reason })),
      unremovable: scaleIn.unremovable.map(({ holding, reason }) => ({ instanceId: holding.instanceId, reason })),
    },
  };
}

/** When an indispensable part could not be seen: what was seen, and no opinion on anything else. */
export function reportBlind(
  snapshot: ClusterSnapshot,
  holdings: readonly Holding[],
  { restraint, conflicts }: Pick<PlanReport, 'restraint' | 'conflicts'>,
): PlanReport {
  const { fleet } = snapshot;
  const present = fleet?.targetUnits ?? 0;
  const units = fleet === null ? null : fleetUnits(fleet, holdings);
  return {
    cluster: snapshot.cluster,
    observedAt: snapshot.observedAt,
    gaps: snapshot.gaps,
    restraint,
    conflicts,
    ledger: ledgerLines(holdings, null),
    shapes: [],
    unschedulable: [],
    nearMisses: [],
    weights: null,
    scenarios: [],
    storms: [],
    launches: launchLine(NO_LAUNCHES),
    setAside: snapshot.setAside,
    leadTime: leadTimesOf([], { joinGraceMs: Number.MAX_SAFE_INTEGER }),
    target: {
      reason: 'blind',
      presentUnits: present,
      fulfilledUnits: units?.fulfilled ?? 0,
      leavingUnits: units?.leaving ?? 0,
      usableUnits: units?.usable ?? 0,
      scenario: null,
      shortUnits: 0,
      proposedUnits: present,
    },
    onDemand: {
      presentUnits: fleet?.onDemandTargetUnits ?? 0,
      fulfilledUnits: fleet?.onDemandFulfilledUnits ?? 0,
      proposedUnits: fleet?.onDemandTargetUnits ?? 0,
      reason: 'keep',
      missingUnits: 0,
      failedReturns: 0,
    },
    drifted: [],
    scaleIn: { reason: 'blind', victims: [], unremovable: [] },
  };
}

function ledgerLines(holdings: readonly Holding[], on: ((holding: Holding) => Schedulable) | null): LedgerLine[] {
  return holdings.map((holding) => {
    const { worked } = holding;
    worked.line ??= lineOf(holding);
    return on === null ? worked.line : { ...worked.line, ...on(holding) };
  });
}

function lineOf({ instanceId, instanceType, zone, weightUnits, standing, tally }: Holding): LedgerLine {
  const taskCount = tally === null ? null : tally.count;
  return { instanceId, instanceType, zone, weightUnits, standing, taskCount, ...NOTHING_SCHEDULABLE };
}

function launchLine({ failed, stopped }: Launches): LaunchLine {
  return {
    failed: Object.keys(failed).length,
    stoppedSince: stopped?.since ?? null,
    nextTryAt: stopped?.nextAt ?? null,
  };
}

/** Of losses only the heaviest of each kind, and those that do not hold. */
function scenarioLines({ outcomes }: Assessment): ScenarioLine[] {
  const kinds = new Set<string>();
  return outcomes.flatMap(({ scenario, packing, shortUnits }) => {
    const isFirst = !kinds.has(scenario.name);
    kinds.add(scenario.name);
    if (!isFirst && packing.unplacedTasks === 0) return [];
    const { name, lost } = scenario;
    return [{ name, lost, tasks: tasksIn(scenario), unplaced: packing.unplacedTasks, shortUnits }];
  });
}

/** Advice that keeps every weight as it is, is none. */
function worthTelling(advice: WeightAdvice | null): WeightAdvice | null {
  const isChange = advice?.types.some(({ weightUnits, recommendedWeight }) => weightUnits !== recommendedWeight);
  return isChange === true ? advice : null;
}

/** An instance whose zone nobody can tell belongs to no pool, and constraints on the zone do not hold there. */
function withoutZone({ rooms }: Assessment): SetAside[] {
  return rooms.now
    .filter(({ zone }) => zone === null)
    .map(({ owner }) => ({
      kind: 'instance',
      subject: owner ?? '',
      reason: 'attribute-missing',
      detail: 'neither EC2 nor the attribute ecs.availability-zone tells its zone',
    }));
}
