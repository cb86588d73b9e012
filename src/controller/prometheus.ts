// The last report in Prometheus's text format. A registry lives as long as one scrape, so that a shape or an instance that
// is gone is gone from the page, too; there are no counters, because everything here is derived anew by each pass.
// https://prometheus.io/docs/instrumenting/exposition_formats/
import { Gauge, Registry } from 'prom-client';
import { CONFLICT_KINDS } from '../plan/conflicts/conflict.ts';
import { FREEZE_REASONS } from '../plan/freeze.ts';
import type { PlanReport, Standing } from '../plan/report.ts';
import { HOLD_REASONS } from '../plan/restraint.ts';

export interface Scrape {
  readonly cluster: string;
  /** The fleet's name. */
  readonly fleet: string;
  readonly isLeader: boolean;
  /** When the last pass of this process ended, epoch milliseconds; null when it has not led yet. */
  readonly lastPassAt: number | null;
  /** What that pass found; null when there was none since this process was last elected. */
  readonly result: { readonly report: PlanReport; readonly placementFailures: number } | null;
  /** Also tells of every single instance. */
  readonly isByInstance: boolean;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Every gauge with its HELP text and its labels besides `cluster`; names are a contract with operators' rules. */
export const GAUGES = {
  spotkeeper_leader: { help: '1 for the controller that leads, 0 for a standby.', labels: [] },
  spotkeeper_last_pass_timestamp_seconds: { help: 'When the last pass of this process ended.', labels: [] },
  spotkeeper_unseen_parts: { help: 'Parts of the cluster that the last pass could not see.', labels: [] },
  spotkeeper_held: {
    help: '1 for each reason that holds actions back, 0 for the others.',
    labels: ['why'],
  },
  spotkeeper_frozen: { help: '1 for each reason for which nothing shrinks, 0 for the others.', labels: ['why'] },
  spotkeeper_held_actions: { help: 'Actions that the last pass planned and held back.', labels: [] },
  spotkeeper_pause_end_timestamp_seconds: { help: 'When the pause that is in force ends.', labels: [] },
  spotkeeper_conflict: {
    help: '1 for each way in which somebody else acts on the same, 0 for the others.',
    labels: ['kind'],
  },
  spotkeeper_schedulable_tasks: {
    help: 'How many more tasks of a largest shape could be placed now.',
    labels: ['shape'],
  },
  spotkeeper_promised_tasks: { help: 'How many more of a largest shape there must be room for.', labels: ['shape'] },
  spotkeeper_after_loss_tasks: {
    help: 'How many more of a largest shape would fit after the loss of the pool that is worst for it.',
    labels: ['shape'],
  },
  spotkeeper_in_flight_tasks: {
    help: 'How many more of a largest shape will fit on instances that are launching or joining.',
    labels: ['shape'],
  },
  spotkeeper_pending_tasks: { help: 'Tasks of a shape that wait for room.', labels: ['shape'] },
  spotkeeper_short_tasks: {
    help: 'Tasks of a shape, pending and promised, with no place even on what is on its way.',
    labels: ['shape'],
  },
  spotkeeper_unschedulable_shapes: { help: 'Task shapes that fit no instance type of the fleet.', labels: [] },
  spotkeeper_set_aside: { help: 'Things that were seen and could not be read.', labels: [] },
  spotkeeper_placement_failures: {
    help: 'Services whose newest event says that a task could not be placed.',
    labels: [],
  },
  spotkeeper_pools_in_storm: { help: 'Pools that are being taken back and count as lost.', labels: [] },
  spotkeeper_failed_launches: { help: 'Launches that never joined the cluster, since one last did.', labels: [] },
  spotkeeper_launches_stopped: {
    help: '1 while launches fail and only one now and then is tried, else 0.',
    labels: [],
  },
  spotkeeper_instances: { help: 'Instances by where they stand.', labels: ['standing'] },
  spotkeeper_target_units: { help: 'Units of capacity that are asked for.', labels: ['fleet'] },
  spotkeeper_fulfilled_units: { help: 'Units the fleet has.', labels: ['fleet'] },
  spotkeeper_usable_units: { help: 'Units that take tasks.', labels: ['fleet'] },
  spotkeeper_on_demand_units: { help: 'Units the fleet has that are On-Demand.', labels: ['fleet'] },
  spotkeeper_missing_units: {
    help: 'Units that were asked of the fleet and have been missing for as long as a fallback to On-Demand waits.',
    labels: ['fleet'],
  },
  spotkeeper_short_units: { help: 'Units to ask for until every scenario holds.', labels: ['fleet'] },
  spotkeeper_lead_time_seconds: {
    help: 'From the launch of an instance until it takes tasks, as a quantile of those seen.',
    labels: ['quantile'],
  },
  spotkeeper_instance_schedulable_tasks: {
    help: 'How many more tasks of a largest shape an instance could start now; only with metrics.perInstance.',
    labels: ['instance_id', 'shape'],
  },
} as const satisfies Record<string, { readonly help: string; readonly labels: readonly string[] }>;

type Name = keyof typeof GAUGES;

interface Sample {
  readonly name: Name;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The whole page of one scrape; a gauge without a sample is there by its HELP and TYPE alone. */
export async function expositionOf(scrape: Scrape): Promise<Exposition> {
  const registry = new Registry();
  const gauges = new Map<Name, Gauge>();
  // Object.keys forgets which keys they are.
  for (const name of Object.keys(GAUGES) as Name[]) {
    const { help, labels } = GAUGES[name];
    gauges.set(name, new Gauge({ name, help, labelNames: ['cluster', ...labels], registers: [registry] }));
  }
  for (const { name, value, labels } of samplesOf(scrape)) {
    gauges.get(name)?.set({ cluster: scrape.cluster, ...labels }, value);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** Only the leader tells of the cluster: a sum over all controllers counts it once, and never as it once was. */
function samplesOf({ isLeader, lastPassAt, result, fleet, isByInstance }: Scrape): Sample[] {
  const own: Sample[] = [
    { name: 'spotkeeper_leader', value: isLeader ? 1 : 0 },
    ...(lastPassAt === null
      ? []
      : [{ name: 'spotkeeper_last_pass_timestamp_seconds', value: lastPassAt / 1_000 } as const]),
  ];
  if (!isLeader || result === null) return own;
  const { report, placementFailures } = result;
  own.push({ name: 'spotkeeper_unseen_parts', value: report.gaps.length }, ...restraintSamples(report));
  // What could not be seen is no zero.
  if (report.target.reason === 'blind') return own;
  return [
    ...own,
    ...conflictSamples(report),
    ...shapeSamples(report),
    { name: 'spotkeeper_unschedulable_shapes', value: report.unschedulable.length },
    { name: 'spotkeeper_set_aside', value: report.setAside.length },
    { name: 'spotkeeper_placement_failures', value: placementFailures },
    { name: 'spotkeeper_pools_in_storm', value: report.storms.length },
    { name: 'spotkeeper_failed_launches', value: report.launches.failed },
    { name: 'spotkeeper_launches_stopped', value: report.launches.stoppedSince === null ? 0 : 1 },
    ...standingSamples(report),
    ...unitSamples(report, fleet),
    { name: 'spotkeeper_lead_time_seconds', value: report.leadTime.p50Ms / 1_000, labels: { quantile: '0.5' } },
    { name: 'spotkeeper_lead_time_seconds', value: report.leadTime.p95Ms / 1_000, labels: { quantile: '0.95' } },
    ...(isByInstance ? instanceSamples(report) : []),
  ];
}

function restraintSamples({ restraint }: PlanReport): Sample[] {
  const { holds, frozen, held, pause } = restraint;
  const isIn = (name: Name, all: readonly string[], some: readonly string[]) =>
    all.map((why): Sample => ({ name, value: some.includes(why) ? 1 : 0, labels: { why } }));
  return [
    ...isIn('spotkeeper_held', HOLD_REASONS, holds),
    ...isIn('spotkeeper_frozen', FREEZE_REASONS, frozen),
    { name: 'spotkeeper_held_actions', value: held.length },
    ...(pause === null || pause.of === 'unreadable'
      ? []
      : [{ name: 'spotkeeper_pause_end_timestamp_seconds', value: pause.until / 1_000 } as const]),
  ];
}

function conflictSamples({ conflicts }: PlanReport): Sample[] {
  return CONFLICT_KINDS.map((kind) => ({
    name: 'spotkeeper_conflict',
    value: conflicts.some((conflict) => conflict.kind === kind) ? 1 : 0,
    labels: { kind },
  }));
}

function shapeSamples({ shapes }: PlanReport): Sample[] {
  return shapes.flatMap(
    ({ shape, isLargest, schedulableNow, promised, inFlight, pending, short, afterLoss }): Sample[] => {
      const labels = { shape };
      return [
        { name: 'spotkeeper_pending_tasks', value: pending, labels },
        { name: 'spotkeeper_short_tasks', value: short, labels },
        ...(isLargest
          ? ([
              { name: 'spotkeeper_schedulable_tasks', value: schedulableNow, labels },
              { name: 'spotkeeper_promised_tasks', value: promised, labels },
              { name: 'spotkeeper_in_flight_tasks', value: inFlight, labels },
            ] as const)
          : []),
        ...(afterLoss === null
          ? []
          : [{ name: 'spotkeeper_after_loss_tasks', value: afterLoss.schedulable, labels } as const]),
      ];
    },
  );
}

const NONE: Readonly<Record<Standing, number>> = {
  launching: 0,
  joining: 0,
  serving: 0,
  'at-risk': 0,
  'in-storm': 0,
  noticed: 0,
  retiring: 0,
  draining: 0,
  disconnected: 0,
  cordoned: 0,
  'not-ready': 0,
  orphan: 0,
  gone: 0,
};

function standingSamples({ ledger }: PlanReport): Sample[] {
  const counts = { ...NONE };
  for (const { standing } of ledger) counts[standing] += 1;
  return Object.entries(counts).map(([standing, value]) => ({
    name: 'spotkeeper_instances',
    value,
    labels: { standing },
  }));
}

function unitSamples({ target, onDemand }: PlanReport, fleet: string): Sample[] {
  const labels = { fleet };
  return [
    { name: 'spotkeeper_target_units', value: target.presentUnits, labels },
    { name: 'spotkeeper_fulfilled_units', value: target.fulfilledUnits, labels },
    { name: 'spotkeeper_usable_units', value: target.usableUnits, labels },
    { name: 'spotkeeper_on_demand_units', value: onDemand.fulfilledUnits, labels },
    { name: 'spotkeeper_missing_units', value: onDemand.missingUnits, labels },
    { name: 'spotkeeper_short_units', value: target.shortUnits, labels },
  ];
}

function instanceSamples({ ledger, shapes }: PlanReport): Sample[] {
  const largest = shapes.filter(({ isLargest }) => isLargest);
  return ledger
    .filter(({ standing }) => standing === 'serving')
    .flatMap(({ instanceId, schedulable }) =>
      largest.map(({ shape }, index) => ({
        name: 'spotkeeper_instance_schedulable_tasks' as const,
        value: schedulable[index] ?? 0,
        labels: { instance_id: instanceId, shape },
      })),
    );
}
