// The figures of a story, all of them computed from the evidence and from nothing else.
import { type CallCount, callCounts, duplicatedWrites, refusedCalls } from './calls.ts';
import { type CurvePoint, capacityCurve } from './curve.ts';
import type { Evidence, Marks } from './evidence.ts';
import { type FailOver, failOvers, writesWithoutLease } from './leadership.ts';
import { type NoticeFigure, noticeFigures } from './notices.ts';
import { type Retirement, retirements } from './retirements.ts';
import { type ShortfallFigure, shortfallFigures } from './shortfalls.ts';
import { type TaskFigures, taskFigures } from './tasks.ts';

export interface Figures {
  readonly durationMs: number;
  readonly notices: readonly NoticeFigure[];
  readonly shortfalls: readonly ShortfallFigure[];
  readonly tasks: TaskFigures;
  readonly failOvers: readonly FailOver[];
  /** Accepted writes that repeated the one before them, in words. */
  readonly duplicatedWrites: readonly string[];
  /** Writes of a controller that did not hold the lease, in words. */
  readonly writesWithoutLease: readonly string[];
  readonly retirements: readonly Retirement[];
  /** Processes that ended though nobody stopped or killed them, in words. */
  readonly processFailures: readonly string[];
  readonly calls: readonly CallCount[];
  /** Calls for which a process lacked the permission, in words. */
  readonly refusedCalls: readonly string[];
  /** Answers of 5xx that no fault had asked for: bugs of the sandbox. */
  readonly sandboxFailures: readonly string[];
  readonly curve: readonly CurvePoint[];
}

export function figuresOf(evidence: Evidence): Figures {
  return {
    durationMs: evidence.marks.endedAt - evidence.marks.startedAt,
    notices: noticeFigures(evidence),
    shortfalls: shortfallFigures(evidence),
    tasks: taskFigures(evidence),
    failOvers: failOvers(evidence),
    duplicatedWrites: duplicatedWrites(evidence),
    writesWithoutLease: writesWithoutLease(evidence),
    retirements: retirements(evidence),
    processFailures: processFailures(evidence.marks),
    calls: callCounts(evidence),
    refusedCalls: refusedCalls(evidence),
    sandboxFailures: evidence.records
      .filter(({ status, fault, service }) => status >= 500 && fault === null && service !== 'imds')
      .map(({ number, action, errorMessage }) => `request ${number}: ${action}: ${errorMessage ?? 'no words'}`),
    curve: capacityCurve(evidence),
  };
}

/** A kill explains the first end of that process after it, and no other. */
function processFailures({ ends, kills }: Marks): string[] {
  const explained = new Set(kills.map(({ name, at }) => ends.find((end) => end.name === name && end.at >= at)));
  return ends.filter((end) => !explained.has(end)).map(({ name, how }) => `${name}: ${how}`);
}
