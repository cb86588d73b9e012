// What the product costs: an agent at rest as a whole process, read from /proc, and the time of one plan. Prints a
// table and the same figures as JSON; it judges nothing.
import { cpus, release } from 'node:os';
import { renderTable } from '../src/cli/render-table.ts';
import { type AgentAtRest, measureAgent } from './agent-at-rest.ts';
import { measurePlan, type PlanTime } from './plan-time.ts';

const PLAN_SIZES = [20, 200, 1_000];

const plans = PLAN_SIZES.map((instances) => measurePlan(instances));
const agent = process.platform === 'linux' ? await measureAgent() : null;

console.log(`${planTable(plans)}\n`);
console.log(
  agent === null ? 'agent at rest: skipped, it is read from /proc and this is no Linux\n' : `${agentTable(agent)}\n`,
);
console.log(
  JSON.stringify({
    machine: { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, kernel: release() },
    plans,
    agent,
  }),
);

function planTable(rows: readonly PlanTime[]): string {
  const right = { align: 'right' as const };
  const columns = [
    { head: 'one plan' },
    { head: 'instances', ...right },
    { head: 'tasks', ...right },
    { head: 'shapes', ...right },
    { head: 'p50 ms', ...right },
    { head: 'p99 ms', ...right },
    { head: 'max ms', ...right },
    { head: 'runs', ...right },
  ];
  return renderTable(
    columns,
    rows.flatMap((row) =>
      Object.entries(row.cases).map(([name, { p50Ms, p99Ms, maxMs, runs }]) => [
        name,
        String(row.instances),
        String(row.tasks),
        String(row.shapes),
        p50Ms.toFixed(2),
        p99Ms.toFixed(2),
        maxMs.toFixed(2),
        String(runs),
      ]),
    ),
  );
}

function agentTable(agent: AgentAtRest): string {
  return renderTable(
    [{ head: 'agent at rest (whole process)' }, { head: 'value', align: 'right' }],
    [
      ['start to first IMDS request', `${agent.startToFirstRequestMs.toFixed(0)} ms`],
      ['resident memory', `${agent.residentMiB.toFixed(1)} MiB`],
      ['anonymous memory', `${agent.anonymousMiB.toFixed(1)} MiB`],
      ['cpu a minute, 1 s polls', `${agent.cpuSecondsPerMinute.toFixed(3)} s`],
      ['measured over', `${agent.restSeconds.toFixed(0)} s, ${agent.polls} polls`],
    ],
  );
}
