// The figures as people read them.
import { type Column, renderTable } from '../src/cli/render-table.ts';
import { type AgentAtRest, AIMS } from './agent-at-rest.ts';
import type { AgentDay } from './agent-day.ts';
import { DRAINING_AIM_MS, type NoticeToDraining } from './agent-notice.ts';
import { STORM_SLACK_SECONDS, type Storm } from './agent-storm.ts';
import type { MixTime } from './karpenter.ts';
import type { LossTime } from './loss-time.ts';
import type { Timing } from './measure.ts';
import type { PackingGap } from './packing-gap.ts';
import type { PackingTime } from './packing-time.ts';
import type { PlanTime } from './plan-time.ts';

const right = (head: string): Column => ({ head, align: 'right' });
const ms = (value: number | null) => (value === null ? '' : value.toFixed(value < 10 ? 2 : 1));
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const sizeCells = ({ size }: { readonly size: PlanTime['size'] }) => [
  `${size.instances}/${size.tasks}`,
  String(size.shapes),
  String(size.pools),
];
const SIZE = [{ head: 'instances/tasks' }, right('shapes'), right('pools')];

export function planTable(rows: readonly PlanTime[]): string {
  return renderTable(
    [
      { head: 'one plan' },
      ...SIZE,
      right('cold ms'),
      right('p50 ms'),
      right('p99 ms'),
      right('max ms'),
      right('runs'),
      right('MiB a run'),
      right('ns/shape/inst'),
      right('RSS MiB'),
      { head: 'target' },
    ],
    rows.flatMap((row) =>
      row.cases.map((each) => [
        each.name,
        ...sizeCells(row),
        ms(each.coldMs),
        ms(each.warm.p50Ms),
        ms(each.warm.p99Ms),
        ms(each.warm.maxMs),
        String(each.warm.runs),
        each.allocatedMiB.toFixed(1),
        each.nsPerCell.toFixed(1),
        row.residentMiB.after.toFixed(0),
        each.reason,
      ]),
    ),
  );
}

export function packingTable(rows: readonly PackingTime[]): string {
  return renderTable(
    [
      { head: 'packing' },
      right('shapes'),
      right('pools'),
      right('tasks'),
      right('table ms'),
      right('pack ms'),
      right('p99 ms'),
      right('first fit ms'),
      right('p99 ms'),
      right('unplaced'),
      right('first fit'),
      right('limit ms'),
      right('times limit'),
    ],
    rows.map((row) => [
      ...sizeCells(row),
      String(row.tasks),
      ms(row.table.p50Ms),
      ms(row.pack.p50Ms),
      ms(row.pack.p99Ms),
      ms(row.firstFit.p50Ms),
      ms(row.firstFit.p99Ms),
      String(row.unplaced.kernel),
      String(row.unplaced.firstFit),
      row.limitMs.toFixed(3),
      (row.pack.p50Ms / row.limitMs).toFixed(1),
    ]),
  );
}

export function lossTable(rows: readonly LossTime[]): string {
  return renderTable(
    [
      { head: 'every pool lost in turn, in a thread' },
      right('shapes'),
      right('pools'),
      right('checked'),
      right('at risk'),
      right('p50 ms'),
      right('p99 ms'),
      right('runs'),
      right('hand over ms'),
      right('loop stalled ms'),
    ],
    rows.map((row) => [
      ...sizeCells(row),
      String(row.pools),
      String(row.atRisk),
      ms(row.timing.p50Ms),
      ms(row.timing.p99Ms),
      String(row.timing.runs),
      ms(row.handOver.p50Ms),
      ms(row.stalledMs),
    ]),
  );
}

export function mixTable(rows: readonly MixTime[]): string {
  return renderTable(
    [
      { head: "Karpenter's mix, 400 types" },
      right('shapes'),
      right('p50 ms'),
      right('p99 ms'),
      right('tasks/s'),
      right('units asked for'),
      right('runs'),
    ],
    rows.map(({ tasks, shapes, timing, tasksPerSecond, units }) => [
      `${tasks} tasks`,
      String(shapes),
      ms(timing.p50Ms),
      ms(timing.p99Ms),
      tasksPerSecond.toFixed(0),
      String(units),
      String(timing.runs),
    ]),
  );
}

export function gapTable({ cases, buying, placing, perfect }: PackingGap): string {
  return renderTable(
    [{ head: `greedy against optimum, ${cases} cases each` }, right('value')],
    [
      ['needs one instance more', percent(buying.oneMore / buying.solvable)],
      ['needs more than one more', percent(buying.moreThanOne / buying.solvable)],
      ['instances bought above the least', percent(buying.surplus)],
      ['no place found where there is one', percent(placing.wrongNo / placing.solvable)],
      ['a yes that is wrong', String(placing.wrongYes + buying.tooFew)],
      ['one more where nothing may be left over (2 to 6 full instances cut up)', percent(perfect.oneMore / cases)],
    ],
  );
}

export function agentTable(agent: AgentAtRest, day: AgentDay): string {
  const { helpersCpuSecondsPerMinute: helpers } = agent;
  const polls = `${day.polls} polls in ${day.tookSeconds.toFixed(0)} s`;
  return renderTable(
    [{ head: 'agent at rest (whole process)' }, right('value'), right('aim')],
    [
      ['start to first IMDS request', `${agent.startToFirstRequestMs.toFixed(0)} ms`, `${AIMS.startToFirstRequestMs}`],
      ['resident memory', `${agent.residentMiB.toFixed(1)} MiB`, `${AIMS.residentMiB}`],
      ['anonymous memory', `${agent.anonymousMiB.toFixed(1)} MiB`, `${AIMS.anonymousMiB}`],
      ['cpu a minute', `${agent.cpuSecondsPerMinute.toFixed(3)} s`, `${AIMS.cpuSecondsPerMinute}`],
      ['cpu a minute of systemd-notify', helpers === null ? 'not installed' : `${helpers.toFixed(2)} s`, ''],
      ['written to disk', `${agent.writtenBytes} bytes`, '0'],
      ['dist/agent.js', `${(agent.fileBytes / 1_000).toFixed(0)} kB`, `${AIMS.fileBytes / 1_000}`],
      ['measured over', `${agent.restSeconds.toFixed(0)} s, ${agent.polls} polls`, ''],
      [
        `heap before and after ${polls}`,
        `${day.heapMiB.before.toFixed(1)} and ${day.heapMiB.after.toFixed(1)} MiB`,
        '',
      ],
    ],
  );
}

export function noticeTable({ warm, cold }: NoticeToDraining): string {
  const row = (name: string, { p50Ms, p99Ms, maxMs, runs }: Timing, aim: string) => [
    ...[name, ms(p50Ms), ms(p99Ms), ms(maxMs), String(runs), aim],
  ];
  return renderTable(
    [{ head: 'notice to DRAINING' }, right('p50 ms'), right('p99 ms'), right('max ms'), right('runs'), right('aim')],
    [
      row('an agent at rest, from the notice', warm, String(DRAINING_AIM_MS)),
      row('an agent just started, from its first poll', cold, String(DRAINING_AIM_MS)),
    ],
  );
}

export function stormTable(storm: Storm): string {
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return renderTable(
    [{ head: `${storm.agents} agents noticed within a second` }, right('value')],
    [
      ['all DRAINING after', seconds(storm.allDrainingSeconds)],
      ['what the throttle makes possible', seconds(storm.limitSeconds)],
      ['aim', seconds(storm.limitSeconds + STORM_SLACK_SECONDS)],
      ['half of them DRAINING after', seconds(storm.halfDrainingSeconds)],
      ['attempts to set DRAINING', `${storm.attempts}, ${storm.attemptsPerSecond.toFixed(0)} a second`],
      ['of them throttled', String(storm.throttled)],
      ['other calls of the same bucket meanwhile', String(storm.otherCalls)],
      ['notices written by then', String(storm.noticesWritten)],
    ],
  );
}
