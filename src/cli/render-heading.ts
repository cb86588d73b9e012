// What every page about a cluster begins and ends with: what was looked at, the fleet's figures, and what was not seen.
import type { Gap } from '../model/snapshot.ts';
import type { PlanReport } from '../plan/report.ts';
import { PART_WORDS } from './words.ts';

/** Two lines: the cluster and the instant, the fleet in units. */
export function renderHeading(report: PlanReport): string {
  const { cluster, observedAt, target } = report;
  const seenAt = new Date(observedAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const figures = [
    `target ${target.presentUnits}`,
    `fulfilled ${target.fulfilledUnits}`,
    `usable ${target.usableUnits}`,
    `leaving ${target.leavingUnits}`,
    `short ${target.shortUnits}`,
  ];
  const fleet = isFleetSeen(report) ? `${figures.join(', ')} (units)` : 'not seen';
  return `Cluster   ${cluster}, seen ${seenAt}\nFleet     ${fleet}`;
}

/** Without the fleet its figures are zeros that mean nothing. */
export function isFleetSeen({ gaps }: PlanReport): boolean {
  return !gaps.some(({ part }) => part === 'fleet');
}

/** What could not be seen; empty when everything was. */
export function renderGaps(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return '';
  return ['Could not see', ...gaps.map(({ part, why }) => `  ${PART_WORDS[part]}: ${why}`)].join('\n');
}
