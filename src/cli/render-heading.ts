// What every page about a cluster begins and ends with: what was looked at, the fleet's figures, and what was not seen.
import type { Gap } from '../model/snapshot.ts';
import type { PlanReport } from '../plan/report.ts';
import { PAGE_WIDTH, section, wrap } from './layout.ts';
import { notSeen, WHOLE_PICTURE } from './unseen.ts';
import { PART_WORDS } from './words.ts';

/** The cluster and the instant; the fleet in units. */
export function renderHeading(report: PlanReport, width = PAGE_WIDTH): string {
  const { cluster, observedAt, target } = report;
  const seenAt = new Date(observedAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const { fulfilledUnits: onDemand } = report.onDemand;
  const areInstancesSeen = notSeen(report, ['container-instances']) === null;
  const figures = [
    `target ${target.presentUnits}`,
    `fulfilled ${target.fulfilledUnits}`,
    `usable ${areInstancesSeen ? target.usableUnits : 'not seen'}`,
    `leaving ${areInstancesSeen ? target.leavingUnits : 'not seen'}`,
    `short ${notSeen(report, WHOLE_PICTURE) === null ? target.shortUnits : 'unknown'}`,
    ...(onDemand > 0 ? [`On-Demand ${onDemand}`] : []),
  ];
  // Without the fleet its figures are zeros that mean nothing.
  const fleet = notSeen(report, ['fleet']) === null ? `${figures.join(', ')} (units)` : 'not seen';
  return [`Cluster   ${cluster}, seen ${seenAt}`, `Fleet     ${fleet}`].map((line) => wrap(line, width, 10)).join('\n');
}

/** Right below the heading: whoever restarts a controller is to know it before. Empty when it would start. */
export function renderUnfit(unfit: string | null, width: number): string {
  return unfit === null ? '' : wrap(`UNFIT     a controller would not start: ${unfit}`, width, 10);
}

/** What could not be seen; empty when everything was. */
export function renderGaps(gaps: readonly Gap[], width = PAGE_WIDTH): string {
  const lines = gaps.map(({ part, why }) => `${PART_WORDS[part]}: ${why}`);
  return section('Could not see', lines, width);
}
