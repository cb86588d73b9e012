// Judges a case of the fault matrix by what really happened, the same for all: what is wrong, one line each.
import { formatNotice } from '../../src/model/attributes.ts';
import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { WorldEvent } from '../../src/world/history.ts';
import { type Evidence, isNoticeTaken } from './fault-play.ts';
import type { RunningScript } from './script.ts';

/** How long before the end of a case an agent that meets nothing but failures must have tried again. */
const TRIES_WITHIN_MS = 3_500;

export function faultVerdict(evidence: Evidence): string[] {
  const { faultCase, missed, lives } = evidence;
  return [
    ...missed.map((what) => `never came: ${what}`),
    ...lives.flatMap((life, at) => crashIn(life).map((line) => `life ${at + 1}: ${line}`)),
    ...undone(evidence),
    ...doneTwice(evidence),
    ...stoppedEarly(evidence),
    ...(faultCase.isForGood ? givenUp(evidence) : [...unmarked(evidence), ...lost(evidence)]),
  ];
}

/** All that happened, for whoever reads of a failure. */
export function storyOf({ lives, events, records, noticedAt }: Evidence): string {
  const since = (at: number) => `${((at - noticedAt) / 1_000).toFixed(2)}`.padStart(7);
  const happened = events.map(({ at, ...rest }) => ({ at, text: `world ${JSON.stringify(rest)}` }));
  const asked = records
    .filter(({ service, fault }) => service === 'ecs' || fault !== null)
    .map(({ at, service, action, status, errorCode, fault }) => ({
      at,
      text: `${service} ${action} ${status} ${errorCode ?? ''} ${fault ?? ''}`,
    }));
  const lines = [...happened, ...asked].sort((a, b) => a.at - b.at).map(({ at, text }) => `${since(at)} ${text}`);
  return [...lines, ...lives.map((life, at) => `--- life ${at + 1}\n${life.stderr()}`)].join('\n');
}

/** A process that we did not kill is a process that runs; and it never says that something is our fault. */
function crashIn({ child, stderr }: RunningScript): string[] {
  const { exitCode, signalCode } = child;
  const isOver = exitCode !== null || (signalCode !== null && signalCode !== 'SIGKILL');
  const lines = stderr()
    .split('\n')
    .filter((line) => line !== '');
  return [
    ...(isOver ? [`ended by itself: ${exitCode ?? signalCode}`] : []),
    ...lines.filter((line) => !isHarmless(line)).map((line) => `said: ${line}`),
  ];
}

/** It may well call somebody; but only what is no Failure is told with its stack, and nothing else is not JSON. */
function isHarmless(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}') && !/"stack":|invariant-broken|cannot go on/.test(line);
}

/** Nothing of a response is taken back before the deadline, whatever becomes of its notice. */
function undone({ records }: Evidence): string[] {
  const back = records.filter(
    ({ action, input }) =>
      action === 'DeleteAttributes' || (action === 'UpdateContainerInstancesState' && input.status === 'ACTIVE'),
  );
  return back.map(({ action }) => `took back: ${action}`);
}

/** What was done and heard of is done again by another life at most. */
function doneTwice({ records, lives, faultCase }: Evidence): string[] {
  // One that was frozen may wake up after the time for an answer that has come.
  const most = lives.length + Number(faultCase.later === 'frozen');
  const heard = records.filter(
    (record) =>
      record.status === 200 &&
      record.fault === null &&
      (/^(UpdateContainerInstancesState|StopTask)$/.test(record.action) || isNoticeTaken(record)),
  );
  const counts = new Map<string, number>();
  for (const { action, input } of heard) {
    const what = `${action} ${input.task ?? ''}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > most).map(([what, count]) => `done ${count} times: ${what}`);
}

/** Where ECS tells how long each task takes to stop, and the time can be known, nobody loses a second of his work. */
function stoppedEarly({ records, stopsBeginAt, faultCase }: Evidence): string[] {
  const { ecs, later, clock } = faultCase;
  // One that was frozen may take the answer for lost.
  if (ecs !== 'works' || later === 'frozen' || clock === 'ahead from the start') return [];
  const early = records.filter(({ action, at }) => action === 'StopTask' && at < stopsBeginAt);
  return early.map(({ at }) => `stopped ${stopsBeginAt - at} ms early`);
}

function unmarked({ events, records, deadlineAt }: Evidence): string[] {
  const isDrained = events.some(({ kind, at }) => kind === 'container-instance-draining' && at <= deadlineAt);
  const taken = records.filter((record) => isNoticeTaken(record) && record.at <= deadlineAt);
  // IMDS gives whole seconds.
  const value = formatNotice({ kind: 'interruption', deadlineAt });
  const isWritten = taken.some(({ input }) => JSON.stringify(input).includes(value));
  return [
    ...(isDrained ? [] : ['DRAINING was not set in time']),
    ...(isWritten ? [] : [`no attribute ${value} in time`]),
  ];
}

/** Every task had SIGTERM and its whole stop timeout, but for those that ran when the instance was rebooted. */
function lost({ events }: Evidence): string[] {
  const rebootAt = events.find(({ kind }) => kind === 'instance-rebooting')?.at ?? Number.POSITIVE_INFINITY;
  return tasksIn(events).flatMap(({ taskArn, group }) => {
    const ended = events.find((event) => event.kind === 'task-stopped' && event.taskArn === taskArn);
    if (ended?.kind !== 'task-stopped') return [`still runs: ${group}`];
    const isSaved = ended.end === 'exited' || ended.end === 'stop-timeout-used-up' || ended.at >= rebootAt;
    return isSaved ? [] : [`lost: ${group} was ${ended.end}`];
  });
}

function tasksIn(events: readonly WorldEvent[]): { readonly taskArn: string; readonly group: string }[] {
  return events.flatMap((event) => (event.kind === 'task-running' ? [event] : []));
}

/** Where nothing can be done, somebody must still have tried when the power went. What hangs is in no log yet. */
function givenUp({ records, deadlineAt, faultCase }: Evidence): string[] {
  if (faultCase.ecs === 'hangs') return [];
  const service = faultCase.ecs === 'works' ? 'imds' : 'ecs';
  const isTried = ({ service: asked, at }: RequestRecord) => asked === service && at >= deadlineAt - TRIES_WITHIN_MS;
  return records.some(isTried) ? [] : [`${service} was not asked any more`];
}
