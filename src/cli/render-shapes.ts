// How many more tasks of each shape there is room for: the largest in full, the others briefly, and those that no
// instance type could ever take. Largest shapes have letters, so that other tables can name them in a column's head.
import type { NearMiss, PlanReport, ShapeLine, UnschedulableShape } from '../plan/report.ts';
import { letterOf, listed, section, wrap } from './layout.ts';
import { renderTable, right } from './render-table.ts';
import { OBSTACLE_WORDS } from './words.ts';

// A table is to be taken in at a glance; the JSON document has every line.
const MOST_OTHERS = 20;
const MOST_USERS = 12;
const MOST_USERS_IN_CELL = 3;

/** The largest shapes: the figures as a table, then for each who uses it, the worst loss and what is in the way. */
export function renderLargest({ shapes }: PlanReport, width: number): string {
  const largest = shapes.filter(({ isLargest }) => isLargest);
  if (largest.length === 0) return '';
  const figures = ['free now', 'promised', 'after loss', 'in flight', 'pending', 'short'].map(right);
  const rows = largest.map((line, index) => [
    `${letterOf(index)}  ${line.shape}`,
    String(line.schedulableNow),
    String(line.promised),
    line.afterLoss === null ? '-' : String(line.afterLoss.schedulable),
    ...[line.inFlight, line.pending, line.short].map(String),
  ]);
  const table = renderTable([{ head: 'largest tasks' }, ...figures], rows, width);
  const details = largest.map((line, index) => renderDetails(letterOf(index), line, width));
  return `${table}\n\n${details.join('\n')}`;
}

function renderDetails(letter: string, line: ShapeLine, width: number): string {
  const hanging = letter.length + 2;
  const [first = '', ...rest] = [
    `${letter}  used by ${listed(line.users, MOST_USERS)}`,
    ...(line.constraints.length === 0 ? [] : [`needs ${line.constraints.join('; ')}`]),
    ...reasonsOf(line),
  ];
  return [wrap(first, width, hanging), ...rest.map((text) => wrap(' '.repeat(hanging) + text, width, hanging))].join(
    '\n',
  );
}

/** What is short, what a loss would leave, and what keeps one more away, a sentence each. */
function reasonsOf({ short, pending, promised, afterLoss, obstacle }: ShapeLine): string[] {
  const asked = [...(pending > 0 ? [`${pending} pending`] : []), ...(promised > 0 ? [`${promised} promised`] : [])];
  return [
    ...(short > 0 ? [`short: ${short} of ${asked.join(' and ')} find no place, even on what is on its way`] : []),
    ...(afterLoss === null
      ? []
      : [`worst loss: ${afterLoss.pool}; with its tasks placed again, ${afterLoss.schedulable} more would fit`]),
    ...(obstacle === null ? [] : [`where no more fits, mostly: ${OBSTACLE_WORDS[obstacle]} [${obstacle}]`]),
  ];
}

/** The shapes that fit where a largest one fits; first those that wait. */
export function renderOthers({ shapes }: PlanReport, width: number): string {
  const others = shapes
    .filter(({ isLargest }) => !isLargest)
    .sort((a, b) => b.short - a.short || b.pending - a.pending);
  if (others.length === 0) return '';
  const rows = others
    .slice(0, MOST_OTHERS)
    .map((line) => [
      line.shape,
      ...[line.schedulableNow, line.inFlight, line.pending, line.short].map(String),
      listed(line.users, MOST_USERS_IN_CELL),
    ]);
  const columns = [
    { head: 'other tasks' },
    ...['free now', 'in flight', 'pending', 'short'].map(right),
    { head: 'used by' },
  ];
  const table = renderTable(columns, rows, width);
  if (others.length <= MOST_OTHERS) return table;
  const isWaiting = others.slice(MOST_OTHERS).some(({ pending, short }) => pending > 0 || short > 0);
  const more = `and ${others.length - MOST_OTHERS} more${isWaiting ? '' : ', which wait for nothing'}`;
  return `${table}\n${more}; --json has them all`;
}

/** Shapes that no number of instances would help, each with all that the nearest type lacks. */
export function renderUnschedulable({ unschedulable }: PlanReport, width: number): string {
  const lines = unschedulable.map(
    (one) => `${one.shape} (${listed(one.users, MOST_USERS)})${nearestWords(one)}${needsWords(one)}`,
  );
  return section('Fits no instance type of the fleet, so no scaling can help', lines, width);
}

function nearestWords({ nearestType, missing }: UnschedulableShape): string {
  if (nearestType === null) return '';
  const { cpuUnits, memoryMiB, gpus, eniSlots, constraints } = missing;
  const lacks = [
    ...(cpuUnits > 0 ? [`${cpuUnits} cpu units`] : []),
    ...(memoryMiB > 0 ? [`${memoryMiB} MiB of memory`] : []),
    ...(gpus > 0 ? [gpus === 1 ? '1 GPU' : `${gpus} GPUs`] : []),
    ...(eniSlots > 0 ? [eniSlots === 1 ? '1 network interface' : `${eniSlots} network interfaces`] : []),
    ...constraints,
  ];
  // What the figures do not tell is a host port: the ECS agent itself holds some on every instance.
  return `: the nearest, ${nearestType}, lacks ${lacks.length === 0 ? 'a host port' : lacks.join(', ')}`;
}

function needsWords({ constraints, missing }: UnschedulableShape): string {
  const met = constraints.filter((constraint) => !missing.constraints.includes(constraint));
  return met.length === 0 ? '' : `; it needs ${met.join('; ')}`;
}

/** Shapes that miss a place by a few percent: a little less in the definition, and more fit the same instances. */
export function renderNearMisses({ nearMisses }: PlanReport, width: number): string {
  return section('Misses an instance type by little', nearMisses.map(nearMissWords), width);
}

function nearMissWords({ shape, instanceType, fits, resource, missing, share }: NearMiss): string {
  const amount = resource === 'memory' ? `${missing} MiB` : `${missing} cpu units`;
  const percent = share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
  const room = fits === 0 ? 'none fits' : `only ${fits} ${fits === 1 ? 'fits' : 'fit'}`;
  return `${fits + 1} x ${shape} misses ${instanceType} by ${amount} (${percent} of one), so ${room}`;
}
