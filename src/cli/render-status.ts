// How the cluster stands, for people: who leads, what the fleet has, where every instance stands.
import type { PlanReport, Standing } from '../plan/report.ts';
import type { LeaseRecord } from '../ports/lease-store.ts';
import { renderGaps, renderHeading } from './render-heading.ts';
import { renderTable } from './render-table.ts';
import { STANDING_WORDS } from './words.ts';

export interface StatusFacts {
  readonly report: PlanReport;
  readonly lease: LeaseFacts;
}

/** The lease as it is kept, null when nobody ever led; or why it could not be read. */
export type LeaseFacts = { readonly kept: LeaseRecord | null } | { readonly unseen: string };

/** The whole page, ended by a line end. */
export function renderStatus({ report, lease }: StatusFacts): string {
  const parts = [
    `${renderHeading(report)}\n${renderLease(lease)}`,
    renderLedger(report),
    renderPending(report),
    renderGaps(report.gaps),
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

function renderLedger({ ledger }: PlanReport): string {
  if (ledger.length === 0) return 'No instances.';
  const rows = ledger.map(({ instanceId, instanceType, zone, weightUnits, standing, taskCount }) => [
    instanceId,
    instanceType,
    zone ?? '?',
    String(weightUnits),
    String(taskCount),
    standing,
    STANDING_WORDS[standing],
  ]);
  const table = renderTable(
    [
      { head: 'instance' },
      { head: 'type' },
      { head: 'zone' },
      { head: 'units', align: 'right' },
      { head: 'tasks', align: 'right' },
      { head: 'standing' },
      { head: '' },
    ],
    rows,
  );
  return `${table}\n\n${renderCounts(ledger.map(({ standing }) => standing))}`;
}

function renderCounts(standings: readonly Standing[]): string {
  const counts = new Map<Standing, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const parts = [...counts].map(([standing, count]) => `${count} ${standing}`);
  return `${standings.length === 1 ? '1 instance' : `${standings.length} instances`}: ${parts.join(', ')}`;
}

function renderPending({ shapes, unschedulable }: PlanReport): string {
  const waiting = shapes.filter(({ pending }) => pending > 0);
  const lines = [
    ...waiting.map(({ shape, pending, services }) => `  ${pending} of ${shape} (${services.join(', ')})`),
    ...unschedulable.map(
      ({ shape, services }) => `  ${shape} (${services.join(', ')}): fits no instance type of the fleet`,
    ),
  ];
  return lines.length === 0 ? 'No task is waiting for room.' : ['Tasks waiting for room', ...lines].join('\n');
}
