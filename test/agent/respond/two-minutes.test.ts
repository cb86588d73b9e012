// Two minutes from a notice to the power going, in virtual time: the response is derived over and over, as the agent does,
// while ECS moves some tasks, tasks end in their own time, the agent restarts, and each stop takes a while to arrive.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Memory, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { ResponseSettings, TaskHere, TaskKind } from '../../../src/agent/respond/situation.ts';
import { afterStep } from '../../../src/agent/respond/step-memory.ts';
import type { Step } from '../../../src/agent/respond/steps.ts';
import type { Signals } from '../../../src/agent/signals/signal.ts';
import { type TaskArn, taskArn } from '../../../src/model/ids.ts';
import { aSituation, interrupted, MINUTE, NOW, SECOND, shutDown, wanted } from './situations.ts';

interface Life {
  readonly task: TaskHere;
  /** What it needs of its stop timeout when it gets SIGTERM: all of it at most. */
  readonly endsAfterMs: number;
  /** When ECS moves it, counted from the notice; null when it never can. */
  readonly movedAfterMs: number | null;
}

interface Run {
  readonly lives: readonly Life[];
  readonly leadMs: number;
  readonly settings: Partial<ResponseSettings>;
  /** When the agent restarts, counted from the notice, and whether its memory is gone. */
  readonly restarts: readonly { readonly afterMs: number; readonly isForgotten: boolean }[];
  /** From our decision to ECS's. */
  readonly latencyMs: number;
  readonly signalsOf: (deadlineAt: number) => Signals;
}

interface End {
  /** When it was told to stop. */
  readonly toldAt: number;
  readonly isByUs: boolean;
  /** When it had its SIGTERM and what it needed after it. */
  readonly endedAt: number;
}

/** How long between two looks when nothing is due. */
const LOOK_MS = 1_000;

/** Plays until the power goes; how each task ended, or would have. */
function play({ lives, leadMs, settings, restarts, latencyMs, signalsOf }: Run): Map<TaskArn, End> {
  const deadlineAt = NOW + leadMs;
  const signals = signalsOf(deadlineAt);
  const ends = new Map<TaskArn, End>();
  const pending = [...restarts];
  let memory: Memory = NO_MEMORY;
  let now = NOW;
  const stop = ({ task, endsAfterMs }: Life, toldAt: number, isByUs: boolean) => {
    if (!ends.has(task.arn))
      ends.set(task.arn, { toldAt, isByUs, endedAt: toldAt + task.deregistrationMs + endsAfterMs });
  };
  const perform = (step: Step) => {
    const life = lives.find(({ task }) => step.kind === 'stop-task' && task.arn === step.taskArn);
    if (life !== undefined) stop(life, now + latencyMs, true);
    memory = afterStep(memory, step);
  };
  while (now < deadlineAt) {
    for (const life of lives) if (life.movedAfterMs !== null && NOW + life.movedAfterMs <= now) stop(life, now, false);
    if (pending[0] !== undefined && NOW + pending[0].afterMs <= now) {
      if (pending.shift()?.isForgotten === true) memory = NO_MEMORY;
    }
    const tasks = lives
      .filter(({ task }) => now < (ends.get(task.arn)?.endedAt ?? Number.POSITIVE_INFINITY))
      .map(({ task }) => ({ ...task, isStopping: now >= (ends.get(task.arn)?.toldAt ?? Number.POSITIVE_INFINITY) }));
    const here = { tasks, isComplete: true };
    const response = respond(aSituation({ now, bootedAt: NOW - 60 * MINUTE, signals, here, memory, settings }));
    memory = response.memory;
    const due = response.steps.filter(({ at }) => at <= now);
    due.forEach(perform);
    const nextAt = response.steps.find(({ at }) => at > now)?.at ?? Number.POSITIVE_INFINITY;
    if (due.length === 0) now = Math.min(now + LOOK_MS, nextAt);
  }
  return ends;
}

const anyLife: fc.Arbitrary<Life> = fc
  .record({
    number: fc.nat(1_000),
    kind: fc.constantFrom<TaskKind>('standalone', 'service', 'service', 'daemon'),
    stopTimeoutMs: fc.integer({ min: 0, max: 130 }).map((seconds) => seconds * SECOND),
    deregistrationMs: fc.constantFrom(0, 0, 0, 10 * SECOND, 30 * SECOND, 300 * SECOND),
    isProtected: fc.boolean(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    movedAfterMs: fc.option(fc.nat(2 * MINUTE)),
  })
  .map(({ number, kind, stopTimeoutMs, deregistrationMs, isProtected, share, movedAfterMs }) => ({
    task: { arn: taskArn(`task-${number}`), kind, stopTimeoutMs, deregistrationMs, isProtected, isStopping: false },
    endsAfterMs: share > 0.5 ? stopTimeoutMs : Math.floor(share * stopTimeoutMs),
    // ECS moves service tasks only, and stops daemons once the others have gone: not before the end of this story.
    movedAfterMs: kind === 'service' ? movedAfterMs : null,
  }));

const anyRun: fc.Arbitrary<Run> = fc
  .record({
    lives: fc.uniqueArray(anyLife, { selector: ({ task }) => task.arn, maxLength: 10 }),
    leadMs: fc.constantFrom(2 * MINUTE, 2 * MINUTE, 110 * SECOND, 30 * SECOND),
    marginMs: fc.integer({ min: 4 * SECOND, max: 20 * SECOND }),
    hooksLimitMs: fc.constantFrom(0, 10 * SECOND),
    restarts: fc.array(fc.record({ afterMs: fc.nat(2 * MINUTE), isForgotten: fc.boolean() }), { maxLength: 4 }),
    latencyMs: fc.integer({ min: 0, max: 4 * SECOND }),
    said: fc.constantFrom('interruption', 'host-shutdown', 'target-state'),
  })
  .map(({ marginMs, hooksLimitMs, restarts, said, leadMs, ...run }) => ({
    ...run,
    leadMs,
    restarts: restarts.sort((a, b) => a.afterMs - b.afterMs),
    settings: { marginMs, hooksLimitMs, targetState: { response: 'drain', deadlineMs: leadMs } },
    signalsOf: (deadlineAt: number) => {
      if (said === 'interruption') return interrupted(deadlineAt);
      return said === 'host-shutdown' ? shutDown(deadlineAt) : wanted('Terminated');
    },
  }));

const takesMs = ({ stopTimeoutMs, deregistrationMs }: TaskHere) => stopTimeoutMs + deregistrationMs;

/** A forgotten memory forgets when an Auto Scaling group's wish was first seen, so its deadline would move. */
const isDeadlineKept = ({ restarts, signalsOf }: Run) =>
  signalsOf(NOW)['target-state'] === undefined || restarts.every(({ isForgotten }) => !isForgotten);

describe('in the two minutes', () => {
  it('every task for which there was time at the notice gets its whole stop timeout before the power goes', () => {
    fc.assert(
      fc.property(anyRun.filter(isDeadlineKept), (run) => {
        const ends = play(run);
        const marginMs = run.settings.marginMs ?? 0;
        for (const { task, movedAfterMs } of run.lives) {
          if (movedAfterMs !== null || takesMs(task) + marginMs > run.leadMs) continue;
          const told = ends.get(task.arn);
          expect(told).toBeDefined();
          expect((told?.toldAt ?? Number.NaN) + takesMs(task)).toBeLessThanOrEqual(NOW + run.leadMs);
        }
      }),
    );
  });

  it('every other task that is stopped was told so at the notice: nothing is left to the power going', () => {
    fc.assert(
      fc.property(anyRun.filter(isDeadlineKept), (run) => {
        const ends = play(run);
        for (const { task, movedAfterMs } of run.lives) {
          if (movedAfterMs !== null || takesMs(task) + (run.settings.marginMs ?? 0) <= run.leadMs) continue;
          expect(ends.get(task.arn)?.toldAt).toBe(NOW + run.latencyMs);
        }
      }),
    );
  });

  it('daemons see the end of every task that we stop, where there was time for both', () => {
    fc.assert(
      fc.property(anyRun.filter(isDeadlineKept), (run) => {
        const ends = play(run);
        const daemons = run.lives.filter(({ task }) => task.kind === 'daemon');
        const daemonsMs = Math.max(0, ...daemons.map(({ task }) => takesMs(task)));
        const firstAt = Math.min(...daemons.map(({ task }) => ends.get(task.arn)?.toldAt ?? Number.NaN));
        for (const { task } of run.lives.filter((life) => life.task.kind !== 'daemon')) {
          const end = ends.get(task.arn);
          const isTimeForBoth = takesMs(task) + daemonsMs + (run.settings.marginMs ?? 0) <= run.leadMs;
          if (end?.isByUs === true && isTimeForBoth) expect(end.endedAt).toBeLessThanOrEqual(firstAt);
        }
      }),
    );
  });

  it('no task is stopped while it still has time to be moved', () => {
    fc.assert(
      fc.property(anyRun.filter(isDeadlineKept), (run) => {
        const daemonsMs = Math.max(
          0,
          ...run.lives.filter(({ task }) => task.kind === 'daemon').map(({ task }) => takesMs(task)),
        );
        for (const [arn, { toldAt, isByUs }] of play(run)) {
          const task = run.lives.find((life) => life.task.arn === arn)?.task;
          if (!isByUs || task === undefined) continue;
          const neededMs = takesMs(task) + (run.settings.marginMs ?? 0) + (task.kind === 'daemon' ? 0 : daemonsMs);
          expect(toldAt).toBeGreaterThanOrEqual(Math.max(NOW, NOW + run.leadMs - neededMs));
        }
      }),
    );
  });
});
