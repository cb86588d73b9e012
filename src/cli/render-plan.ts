// What a pass would do now, for people. It decides nothing; what is too long to be read is counted, and the JSON
// document holds it all.
import { shortName } from '../model/ids.ts';
import type { SetAside } from '../model/snapshot.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanReport, ScenarioName } from '../plan/report.ts';
import type { Unremovable } from '../plan/retire/reasons.ts';
import { describeAction } from './describe-action.ts';
import { listed, PAGE_WIDTH, section, wrap } from './layout.ts';
import { renderAlarms } from './render-alarms.ts';
import { renderConflicts } from './render-conflicts.ts';
import { renderGaps, renderHeading, renderUnfit } from './render-heading.ts';
import { renderInstances } from './render-instances.ts';
import { renderRestraint } from './render-restraint.ts';
import { renderScenarios } from './render-scenarios.ts';
import { renderLargest, renderNearMisses, renderOthers, renderUnschedulable } from './render-shapes.ts';
import { renderWeights } from './render-weights.ts';
import { notSeen, WHOLE_PICTURE } from './unseen.ts';
import { SCALE_IN_WORDS, SCENARIO_WORDS, SET_ASIDE_WORDS, TARGET_WORDS, UNREMOVABLE_WORDS } from './words.ts';

export interface PlanPage {
  readonly plan: Plan;
  readonly report: PlanReport;
  /** Why a controller would not start with the fleet. */
  readonly unfit?: string | null;
  /** Shows the room of every single instance, too. */
  readonly isByInstance?: boolean;
  /** In characters; of the terminal, or as wide as a page gets. */
  readonly width?: number;
}

const LABEL = 10;
const MOST_INSTANCES = 4;

/** The whole page, ended by a line end. */
export function renderPlan({ plan, report, unfit = null, isByInstance = false, width = PAGE_WIDTH }: PlanPage): string {
  const parts = [
    `${renderHeading(report, width)}\n${renderLeadTime(report, width)}`,
    renderUnfit(unfit, width),
    renderRestraint(report, width),
    renderConflicts(report, width),
    renderAlarms(report, width),
    renderLargest(report, width),
    renderOthers(report, width),
    isByInstance ? renderInstances(report, width) : '',
    renderScenarios(report, width),
    renderDecisions(report, width),
    renderUnremovable(report, width),
    renderDrifted(report, width),
    renderUnschedulable(report, width),
    renderNearMisses(report, width),
    renderWeights(report, width),
    renderSetAside(report, width),
    renderGaps(report.gaps, width),
    renderActions(plan, report, width),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderLeadTime({ leadTime }: PlanReport, width: number): string {
  const { p50Ms, p95Ms, isLearned } = leadTime;
  const source = isLearned ? 'learned' : 'assumed';
  const text = `half of what launches takes tasks within ${durationWords(p50Ms)}, nearly all within ${durationWords(p95Ms)} (${source})`;
  return wrap(`Lead time ${text}`, width, LABEL);
}

function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

function shortWords(units: number, scenario: ScenarioName): string {
  const forWhat = `${SCENARIO_WORDS[scenario]} [${scenario}]`;
  if (units === 0) return `Short     for: ${forWhat}; nothing more is asked for now`;
  return `Short of  ${units} ${units === 1 ? 'unit' : 'units'}, most of all for: ${forWhat}`;
}

function renderDecisions(report: PlanReport, width: number): string {
  const { target, scaleIn } = report;
  const moves = target.proposedUnits !== target.presentUnits;
  const units = moves
    ? `${target.presentUnits} -> ${target.proposedUnits} units`
    : `stays at ${target.presentUnits} units`;
  return [
    `Target    ${notSeen(report, ['fleet']) === null ? units : 'not known'}: ${TARGET_WORDS[target.reason]} [${target.reason}]`,
    ...(target.scenario === null ? [] : [shortWords(target.shortUnits, target.scenario)]),
    `Scale-in  ${leavingWords(report)}: ${SCALE_IN_WORDS[scaleIn.reason]} [${scaleIn.reason}]`,
  ]
    .map((line) => wrap(line, width, LABEL))
    .join('\n');
}

function leavingWords({ scaleIn: { victims } }: PlanReport): string {
  if (victims.length === 0) return 'nobody leaves';
  const ids = victims.map(({ instanceId }) => instanceId);
  return `${listed(ids, MOST_INSTANCES)} ${ids.length === 1 ? 'leaves' : 'leave'}`;
}

/** By reason, because there may be thousands of instances and there are few reasons. */
function renderUnremovable({ scaleIn }: PlanReport, width: number): string {
  const byReason = new Map<Unremovable, string[]>();
  for (const { instanceId, reason } of scaleIn.unremovable) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), instanceId]);
  }
  const lines = [...byReason].map(
    ([reason, ids]) => `${listed(ids, MOST_INSTANCES)}: ${UNREMOVABLE_WORDS[reason]} [${reason}]`,
  );
  return section('May not leave', lines, width);
}

function renderDrifted({ drifted }: PlanReport, width: number): string {
  const line = `${listed(drifted, MOST_INSTANCES)}: launched with an image or a launch template version that is not the fleet's (spotkeeper replace --drifted)`;
  return section('Behind the fleet', drifted.length === 0 ? [] : [line], width);
}

function renderSetAside({ setAside }: PlanReport, width: number): string {
  return section('Set aside: seen, and part of no decision', setAside.map(setAsideWords), width);
}

function setAsideWords({ kind, subject, reason, detail }: SetAside): string {
  return `${kind} ${shortName(subject)}: ${SET_ASIDE_WORDS[reason]} [${reason}]: ${detail}`;
}

function renderActions(plan: Plan, report: PlanReport, width: number): string {
  const { restraint, gaps } = report;
  if (plan.length === 0) {
    const unseen = notSeen(report, WHOLE_PICTURE);
    if (unseen !== null) return wrap(`What there is to do is not known: ${unseen}.`, width);
    return gaps.length === 0 ? 'Nothing to do.' : 'Nothing to do, as far as could be seen.';
  }
  const holds = new Map(restraint.held.map(({ action, why }) => [action, why]));
  const lines = plan.map((action, index) => {
    const why = holds.get(action);
    const words = `${describeAction(action)}${why === undefined ? '' : ` - held back [${why}]`}`;
    return wrap(`  ${index + 1}. ${words}`, width, LABEL / 2);
  });
  return ['Would do, in this order', ...lines].join('\n');
}
