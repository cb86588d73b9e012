// What somebody on call must know of, for people: pools that are being taken back, and launches that come to nothing. High
// on the page; empty on a calm day.
import { formatInstant } from '../model/instant.ts';
import type { PlanReport } from '../plan/report.ts';
import { wrap } from './layout.ts';

const LABEL = 10;

export function renderAlarms({ storms, launches }: PlanReport, width: number): string {
  const { failed, stoppedSince, nextTryAt } = launches;
  const lines = storms.map(
    ({ pool, since, notices }) =>
      `Storm     ${pool} is being taken back since ${formatInstant(since)}: ${notices} notices; all of it counts as lost`,
  );
  if (stoppedSince !== null && nextTryAt !== null) {
    lines.push(
      `Launches  fail since ${formatInstant(stoppedSince)}: ${failed} never joined the cluster; the next is tried from ${formatInstant(nextTryAt)} on`,
    );
  } else if (failed > 0) {
    lines.push(`Launches  ${failed} never joined the cluster since one last did`);
  }
  return lines.map((line) => wrap(line, width, LABEL)).join('\n');
}
