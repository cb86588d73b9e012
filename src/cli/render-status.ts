// How the cluster stands, for people: who leads, what the fleet has, where every instance stands.
import type { WatchedLease } from '../controller/watch-lease.ts';
import type { Guard } from '../plan/advice/guard.ts';
import type { PlanReport, Standing } from '../plan/report.ts';
import { listed, PAGE_WIDTH, section, wrap } from './layout.ts';
import { renderAlarms } from './render-alarms.ts';
import { renderConflicts } from './render-conflicts.ts';
import { renderGuard } from './render-guard.ts';
import { renderGaps, renderHeading, renderUnfit } from './render-heading.ts';
import { renderRestraint } from './render-restraint.ts';
import { isWithin, renderTable } from './render-table.ts';
import { notSeen, WHOLE_PICTURE } from './unseen.ts';
import { STANDING_WORDS } from './words.ts';

const LABEL = 10;
const MOST_USERS = 12;

export interface StatusFacts {
  readonly report: PlanReport;
  readonly lease: LeaseFacts;
  /** Why a controller would not start with the fleet. */
  readonly unfit?: string | null;
  /** How far cordon and readiness reach; absent where nobody looked. */
  readonly guard?: Guard;
  /** In characters; of the terminal, or as wide as a page gets. */
  readonly width?: number;
}

/** The lease as it was watched; or why it could not be read. */
export type LeaseFacts = WatchedLease | { readonly unseen: string };

/** The whole page, ended by a line end. */
export function renderStatus({ report, lease, unfit = null, guard, width = PAGE_WIDTH }: StatusFacts): string {
  const parts = [
    `${renderHeading(report, width)}\n${wrap(renderLease(lease), width, LABEL)}`,
    renderUnfit(unfit, width),
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

/** A record that nobody renews tells who held the lease last, not that the holder is alive. */
function renderLease(lease: LeaseFacts): string {
  if ('unseen' in lease) return `Leader    not seen: ${lease.unseen}`;
  const { kept, isRenewed, watchedMs } = lease;
  if (kept === null) return 'Leader    nobody has led yet';
  if (kept.isReleased) return `Leader    nobody; ${kept.holder} gave the lease up`;
  const duration = `(lease of ${kept.leaseDurationMs / 1_000} s)`;
  if (isRenewed === true) return `Leader    ${kept.holder}, renewed just now ${duration}`;
  const watched = `not renewed while looked at for ${(watchedMs / 1_000).toFixed(1)} s`;
  return `Leader    not seen to be alive: held last by ${kept.holder}, ${watched} ${duration}`;
}

const COLUMNS = [
  { head: 'instance' },
  { head: 'type' },
  { head: 'zone' },
  { head: 'units', align: 'right' },
  { head: 'tasks', align: 'right' },
  { head: 'standing' },
] as const;

function renderLedger(report: PlanReport, width: number): string {
  const { ledger } = report;
  const unseen = notSeen(report, ['fleet', 'container-instances']);
  if (ledger.length === 0) return unseen === null ? 'No instances.' : `Instances not known: ${unseen}.`;
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
  const counts = renderCounts(ledger.map(({ standing }) => standing));
  // An instance of which only one side is seen stands elsewhere than it does, and some are not listed at all.
  return `${table}\n\n${unseen === null ? counts : wrap(`${counts}; not to be relied on, ${unseen}`, width)}`;
}

function renderCounts(standings: readonly Standing[]): string {
  const counts = new Map<Standing, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const parts = [...counts].map(([standing, count]) => `${count} ${standing}`);
  return `${standings.length === 1 ? '1 instance' : `${standings.length} instances`}: ${parts.join(', ')}`;
}

function renderPending(report: PlanReport, width: number): string {
  const { shapes, unschedulable } = report;
  const waiting = shapes.filter(({ pending }) => pending > 0);
  const lines = [
    ...waiting.map(({ shape, pending, users }) => `${pending} of ${shape} (${listed(users, MOST_USERS)})`),
    ...unschedulable.map(
      ({ shape, users }) => `${shape} (${listed(users, MOST_USERS)}): fits no instance type of the fleet`,
    ),
  ];
  if (lines.length > 0) return section('Tasks waiting for room', lines, width);
  const unseen = notSeen(report, [...WHOLE_PICTURE, 'definitions', 'tasks']);
  return unseen === null
    ? 'No task is waiting for room.'
    : wrap(`Whether tasks are waiting for room is not known: ${unseen}.`, width);
}
