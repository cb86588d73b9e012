// The figures as people read them.
import { type Column, renderTable } from '../src/cli/render-table.ts';
import type { AgentAtRest } from './agent-at-rest.ts';
import type { MixTime } from './karpenter.ts';
import type { LossTime } from './loss-time.ts';
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

export function agentTable(agent: AgentAtRest): string {
  return renderTable(
    [{ head: 'agent at rest (whole process)' }, right('value')],
    [
      ['start to first IMDS request', `${agent.startToFirstRequestMs.toFixed(0)} ms`],
      ['resident memory', `${agent.residentMiB.toFixed(1)} MiB`],
      ['anonymous memory', `${agent.anonymousMiB.toFixed(1)} MiB`],
      ['cpu a minute, 1 s polls', `${agent.cpuSecondsPerMinute.toFixed(3)} s`],
      ['measured over', `${agent.restSeconds.toFixed(0)} s, ${agent.polls} polls`],
    ],
  );
}
