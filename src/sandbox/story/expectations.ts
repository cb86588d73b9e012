// What the figures are expected to be. Pure: the same figures always give the same verdict.
import type { Expectation } from './expectation.ts';
import type { Figures } from './figures/figures.ts';
import { isOrderly, type Retirement } from './figures/retirements.ts';
import { LIMITS } from './pace.ts';

/** Every expectation the figures decide; what is missing from the figures did not hold. */
export function expectationsOf(figures: Figures): Expectation[] {
  return [
    ...ofShortfalls(figures),
    ...ofNotices(figures),
    ...ofLeadership(figures),
    ...ofRetirements(figures),
    ...ofAll(figures),
  ];
}

function ofShortfalls({ shortfalls }: Figures): Expectation[] {
  const raised = shortfalls.find(({ act }) => act === 2)?.raisedAfterMs ?? null;
  return [
    {
      act: 2,
      name: `the target is raised within ${seconds(LIMITS.shortfallToRaiseMs)} of the shortfall`,
      held: isWithin(raised, LIMITS.shortfallToRaiseMs),
      detail: raised === null ? 'it was not raised' : `after ${seconds(raised)}`,
    },
  ];
}

function ofNotices({ notices }: Figures): Expectation[] {
  const drained = worst(notices.map((notice) => notice.drainingAfterMs));
  const raised = worst(notices.map((notice) => notice.raisedAfterMs));
  const late = notices.filter(
    ({ replacedAfterMs, endedAfterMs }) =>
      replacedAfterMs === null || (endedAfterMs !== null && replacedAfterMs > endedAfterMs),
  );
  return [
    {
      act: 4,
      name: `a noticed instance drains within ${seconds(LIMITS.noticeToDrainingMs)}`,
      held: isWithin(drained, LIMITS.noticeToDrainingMs),
      detail: drained === null ? 'it was not drained' : `after ${seconds(drained)}`,
    },
    {
      act: 4,
      name: `its replacement is asked for within ${seconds(LIMITS.noticeToRaiseMs)}`,
      held: isWithin(raised, LIMITS.noticeToRaiseMs),
      detail: raised === null ? 'the target was not raised' : `after ${seconds(raised)}`,
    },
    ofTasksOn(notices),
    {
      act: 4,
      name: 'its replacement is there before it dies',
      held: notices.length > 0 && late.length === 0,
      detail:
        notices
          .map(({ replacedAfterMs, endedAfterMs }) => `${joined(replacedAfterMs)}, ${ended(endedAfterMs)}`)
          .join('; ') || 'there was no notice',
    },
  ];
}

function ofTasksOn(notices: Figures['notices']): Expectation {
  const ends = notices.flatMap(({ taskEnds }) => taskEnds);
  const lost = ends.filter((end) => end === 'cut-short' || end === 'killed-without-sigterm');
  return {
    act: 4,
    name: 'every task on it gets its SIGTERM and its stop timeout',
    held: ends.length > 0 && lost.length === 0,
    detail: lost.length === 0 ? `${ends.length} tasks` : `${lost.length} of ${ends.length} tasks did not`,
  };
}

function joined(afterMs: number | null): string {
  return afterMs === null ? 'never replaced' : `joined after ${seconds(afterMs)}`;
}

function ended(afterMs: number | null): string {
  return afterMs === null ? 'not ended' : `ended after ${seconds(afterMs)}`;
}

function ofLeadership(figures: Figures): Expectation[] {
  const afterMs = worst(figures.failOvers.map((failOver) => failOver.afterMs));
  return [
    {
      act: 5,
      name: `the standby leads within ${seconds(LIMITS.failOverMs)} of the kill`,
      held: isWithin(afterMs, LIMITS.failOverMs),
      detail: afterMs === null ? 'nobody took over' : `after ${seconds(afterMs)}`,
    },
    none(5, 'no write is made without the lease', figures.writesWithoutLease),
    none(5, 'no write is made twice', figures.duplicatedWrites),
  ];
}

function ofRetirements({ retirements }: Figures): Expectation[] {
  const disorderly = retirements.filter((retirement) => !isOrderly(retirement));
  return [
    {
      act: 6,
      name: 'an instance retires by lowering the target, draining, and ending when empty',
      held: retirements.length > 0 && disorderly.length === 0,
      detail: disorderly.map(disorder).join(', ') || `${retirements.length} retired`,
    },
  ];
}

function disorder({ instanceId, drainingAt, askedUnits, stayingUnits, tasksLeft }: Retirement): string {
  const drained = drainingAt === null ? 'never drained' : 'drained';
  return `${instanceId}: ${drained}, target ${askedUnits} with ${stayingUnits} units to stay, ${tasksLeft} tasks left`;
}

function ofAll(figures: Figures): Expectation[] {
  const { ends, lost } = figures.tasks;
  return [
    {
      act: 7,
      name: 'no task is lost',
      held: lost.length === 0 && figures.tasks.started > 0,
      detail:
        lost.join('; ') || `${ends.exited + ends['stop-timeout-used-up']} tasks ended, all of them in their own time`,
    },
    none(7, 'no process ends by itself', figures.processFailures),
    none(7, 'the sandbox answers every request', figures.sandboxFailures),
    none(7, 'no call is refused for want of a permission', figures.refusedCalls),
    {
      act: 7,
      name: `the story takes at most ${seconds(LIMITS.wholeStoryMs)}`,
      held: figures.durationMs <= LIMITS.wholeStoryMs,
      detail: seconds(figures.durationMs),
    },
  ];
}

function none(act: number, name: string, found: readonly string[]): Expectation {
  return { act, name, held: found.length === 0, detail: found.join('; ') || 'none' };
}

/** The longest; null when any never came, or when there was nothing to measure. */
function worst(durations: readonly (number | null)[]): number | null {
  return durations.reduce<number | null>(
    (longest, duration, index) =>
      duration === null || (longest === null && index > 0) ? null : Math.max(longest ?? 0, duration),
    null,
  );
}

function isWithin(durationMs: number | null, limitMs: number): boolean {
  return durationMs !== null && durationMs <= limitMs;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(durationMs % 1000 === 0 ? 0 : 2)} s`;
}
