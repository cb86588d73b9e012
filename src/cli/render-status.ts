// How the cluster stands, for people: who leads, what the fleet has, where every instance stands.
import type { Guard } from '../plan/advice/guard.ts';
import type { PlanReport, Standing } from '../plan/report.ts';
import type { LeaseRecord } from '../ports/lease-store.ts';
import { listed, PAGE_WIDTH, section } from './layout.ts';
import { renderAlarms } from './render-alarms.ts';
import { renderConflicts } from './render-conflicts.ts';
import { renderGuard } from './render-guard.ts';
import { renderGaps, renderHeading } from './render-heading.ts';
import { renderRestraint } from './render-restraint.ts';
import { isWithin, renderTable } from './render-table.ts';
import { STANDING_WORDS } from './words.ts';

const MOST_USERS = 12;

export interface StatusFacts {
  readonly report: PlanReport;
  readonly lease: LeaseFacts;
  /** How far cordon and readiness reach; absent where nobody looked. */
  readonly guard?: Guard;
  /** In characters; of the terminal, or as wide as a page gets. */
  readonly width?: number;
}

/** The lease as it is kept, null when nobody ever led; or why it could not be read. */
export type LeaseFacts = { readonly kept: LeaseRecord | null } | { readonly unseen: string };

/** The whole page, ended by a line end. */
export function renderStatus({ report, lease, guard, width = PAGE_WIDTH }: StatusFacts): string {
  const parts = [
    `${renderHeading(report, width)}\n${renderLease(lease)}`,
    renderRestraint(report, width),
    renderConflicts(report, width),
    renderAlarms(report, width),
    renderLedger(report, width),
    renderPending(report, width),
    guard === undefined ? '' : renderGuard(guard, report.cluster, width),
    renderGaps(report.gaps, width),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The record has no time in it, so it says who held the lease last, not that the holder is alive. */
function renderLease(lease: LeaseFacts): string {
  if ('unseen' in lease) return `Leader    not seen: ${lease.unseen}`;
  const { kept } = lease;
  if (kept === null) return 'Leader    nobody has led yet';
  if (kept.isReleased) return `Leader    nobody; ${kept.holder} gave the lease up`;
  return `Leader    ${kept.holder} (lease of ${kept.leaseDurationMs / 1_000} s)`;
}

const COLUMNS = [
  { head: 'instance' },
  { head: 'type' },
  { head: 'zone' },
  { head: 'units', align: 'right' },
  { head: 'tasks', align: 'right' },
  { head: 'standing' },
] as const;

function renderLedger({ ledger }: PlanReport, width: number): string {
  if (ledger.length === 0) return 'No instances.';
  const rows = ledger.map(({ instanceId, instanceType, zone, weightUnits, standing, taskCount }) => [
    instanceId,
    instanceType,
    zone ?? '?',
    String(weightUnits),
    // Of a large cluster only the tasks that a decision needs are looked at.
    taskCount === null ? '?' : String(taskCount),
    standing,
    STANDING_WORDS[standing],
  ]);
  const explained = renderTable([...COLUMNS, { head: '' }], rows);
  // In a narrow terminal the words go first: the README has them.
  const table = isWithin(explained.split('\n'), width) ? explained : renderTable(COLUMNS, rows, width);
  return `${table}\n\n${renderCounts(ledger.map(({ standing }) => standing))}`;
}

function renderCounts(standings: readonly Standing[]): string {
  const counts = new Map<Standing, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const parts = [...counts].map(([standing, count]) => `${count} ${standing}`);
  return `${standings.length === 1 ? '1 instance' : `${standings.length} instances`}: ${parts.join(', ')}`;
}

function renderPending({ shapes, unschedulable }: PlanReport, width: number): string {
  const waiting = shapes.filter(({ pending }) => pending > 0);
  const lines = [
    ...waiting.map(({ shape, pending, users }) => `${pending} of ${shape} (${listed(users, MOST_USERS)})`),
    ...unschedulable.map(
      ({ shape, users }) => `${shape} (${listed(users, MOST_USERS)}): fits no instance type of the fleet`,
    ),
  ];
  return lines.length === 0 ? 'No task is waiting for room.' : section('Tasks waiting for room', lines, width);
}
