// What a pass would do now, for people. It decides nothing and hides nothing: what the report holds is on the page.
import type { Plan } from '../plan/plan.ts';
import type { PlanReport, ShapeLine, UnschedulableShape } from '../plan/report.ts';
import { isFleetSeen, renderGaps, renderHeading } from './render-heading.ts';
import { renderTable } from './render-table.ts';
import { describeAction, SCALE_IN_WORDS, TARGET_WORDS, UNREMOVABLE_WORDS } from './words.ts';

/** The whole page, ended by a line end. */
export function renderPlan({ plan, report }: { plan: Plan; report: PlanReport }): string {
  const parts = [
    renderHeading(report),
    renderShapes(report.shapes),
    renderDecisions(report),
    renderUnremovable(report),
    renderUnschedulable(report.unschedulable),
    renderGaps(report.gaps),
    renderActions(plan),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Every task shape, the largest first: those the promise is counted in. */
function renderShapes(shapes: readonly ShapeLine[]): string {
  if (shapes.length === 0) return '';
  const rows = [...shapes]
    .sort((a, b) => Number(b.isLargest) - Number(a.isLargest))
    .map((line) => [
      line.shape,
      line.isLargest ? 'yes' : '',
      ...[line.schedulableNow, line.inFlight, line.promised, line.pending, line.short].map(String),
      line.services.join(', '),
    ]);
  const head = ['schedulable now', 'in flight', 'promised', 'pending', 'short'];
  return renderTable(
    [
      { head: 'task shape' },
      { head: 'largest' },
      ...head.map((name) => ({ head: name, align: 'right' as const })),
      { head: 'services' },
    ],
    rows,
  );
}

function renderDecisions(report: PlanReport): string {
  const { target, scaleIn } = report;
  const moves = target.proposedUnits !== target.presentUnits;
  const units = moves
    ? `${target.presentUnits} -> ${target.proposedUnits} units`
    : `stays at ${target.presentUnits} units`;
  const victim = scaleIn.victim === null ? 'nobody leaves' : `${scaleIn.victim} leaves`;
  return [
    `Target    ${isFleetSeen(report) ? units : 'not known'}: ${TARGET_WORDS[target.reason]} [${target.reason}]`,
    `Scale-in  ${victim}: ${SCALE_IN_WORDS[scaleIn.reason]} [${scaleIn.reason}]`,
  ].join('\n');
}

function renderUnremovable({ scaleIn }: PlanReport): string {
  if (scaleIn.unremovable.length === 0) return '';
  const lines = scaleIn.unremovable.map(
    ({ instanceId, reason }) => `  ${instanceId} ${UNREMOVABLE_WORDS[reason]} [${reason}]`,
  );
  return ['May not leave', ...lines].join('\n');
}

function renderUnschedulable(shapes: readonly UnschedulableShape[]): string {
  if (shapes.length === 0) return '';
  const lines = shapes.map(({ shape, services, nearestType, missing }) => {
    const lacks = [
      ...(missing.cpuUnits > 0 ? [`${missing.cpuUnits} cpu units`] : []),
      ...(missing.memoryMiB > 0 ? [`${missing.memoryMiB} MiB of memory`] : []),
    ].join(' and ');
    const nearest = nearestType === null ? '' : `; the nearest, ${nearestType}, lacks ${lacks || 'a host port'}`;
    return `  ${shape} (${services.join(', ')})${nearest}`;
  });
  return ['Fits no instance type of the fleet, so no scaling can help', ...lines].join('\n');
}

function renderActions(plan: Plan): string {
  if (plan.length === 0) return 'Nothing to do.';
  return ['Would do, in this order', ...plan.map((action, index) => `  ${index + 1}. ${describeAction(action)}`)].join(
    '\n',
  );
}
