// Situations of one instance: builders with defaults, and arbitraries over everything that may be.
import fc from 'fast-check';
import { type Memory, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { ResponseSettings, Situation, TaskHere, TaskKind } from '../../../src/agent/respond/situation.ts';
import type { Step } from '../../../src/agent/respond/steps.ts';
import type { Signals } from '../../../src/agent/signals/signal.ts';
import { taskArn } from '../../../src/model/ids.ts';
import {
  MAINTENANCE_CODES,
  type MaintenanceEvent,
  TARGET_LIFECYCLE_STATES,
  type TargetLifecycleState,
} from '../../../src/ports/metadata.ts';

export const NOW = Date.parse('2026-11-21T08:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** Every source has said that there is nothing. */
export const QUIET: Signals = {
  interruption: null,
  'host-shutdown': null,
  'target-state': null,
  maintenance: null,
  rebalance: null,
};

export const SETTINGS: ResponseSettings = {
  marginMs: 5 * SECOND,
  standalone: 'stop-in-time',
  rebalance: { response: 'cordon', liftAfterMs: 30 * MINUTE },
  maintenance: { response: 'drain', aheadMs: HOUR, ignoredCodes: [] },
  targetState: { response: 'drain', deadlineMs: 10 * MINUTE },
  hostShutdown: { response: 'drain' },
  hooksLimitMs: 0,
  hasWebhooks: false,
};

export const aTask = (name: string, change: Partial<TaskHere> = {}): TaskHere => ({
  arn: taskArn(name),
  kind: 'service',
  stopTimeoutMs: 30 * SECOND,
  deregistrationMs: 0,
  isStopping: false,
  isProtected: false,
  ...change,
});

export type Change = Partial<Omit<Situation, 'settings'>> & { readonly settings?: Partial<ResponseSettings> };

export const aSituation = ({ settings, signals, ...change }: Change = {}): Situation => ({
  now: NOW,
  bootedAt: NOW - 24 * HOUR,
  here: { tasks: [], isComplete: false },
  memory: NO_MEMORY,
  ...change,
  signals: { ...QUIET, ...signals },
  settings: { ...SETTINGS, ...settings },
});

export const interrupted = (deadlineAt = NOW + 2 * MINUTE, action: 'terminate' | 'stop' | 'hibernate' = 'terminate') =>
  ({ interruption: { kind: 'interruption', action, deadlineAt } }) satisfies Signals;
export const recommended = (noticedAt = NOW) => ({ rebalance: { kind: 'rebalance', noticedAt } }) satisfies Signals;
export const wanted = (state: TargetLifecycleState) =>
  ({ 'target-state': { kind: 'target-state', state } }) satisfies Signals;
export const shutDown = (deadlineAt: number) =>
  ({ 'host-shutdown': { kind: 'host-shutdown', deadlineAt } }) satisfies Signals;
export const scheduled = (...events: MaintenanceEvent[]) =>
  ({ maintenance: { kind: 'maintenance', events } }) satisfies Signals;
export const anEvent = (change: Partial<MaintenanceEvent> = {}): MaintenanceEvent => ({
  id: 'instance-event-1',
  code: 'system-reboot',
  state: 'active',
  notBeforeAt: NOW + 30 * MINUTE,
  ...change,
});

/** `drain`, `run-hooks notice`, `stop-task a`: what a step does, for people. */
export function words(step: Step): string {
  switch (step.kind) {
    case 'write-notice':
    case 'cordon':
      return `${step.kind} ${step.value}`;
    case 'run-hooks':
    case 'send-webhooks':
      return `${step.kind} ${step.moment}`;
    case 'stop-task':
      return `${step.kind} ${step.taskArn}`;
    default:
      return step.kind;
  }
}

/** The cause that is answered, its key, and what is remembered then. */
export const answered = (change: Change) => respond(aSituation(change)).cause;
export const keyOf = (change: Change) => answered(change)?.key ?? null;
export const memoryAfter = (change: Change): Memory => respond(aSituation(change)).memory;

export const stepsOf = (situation: Situation): string[] => respond(situation).steps.map(words);

const offset = (leastMs: number, mostMs: number) => fc.integer({ min: leastMs, max: mostMs }).map((ms) => NOW + ms);

export const anyTask: fc.Arbitrary<TaskHere> = fc.record({
  arn: fc.integer({ min: 0, max: 1_000 }).map((number) => taskArn(`task-${number}`)),
  kind: fc.constantFrom<TaskKind>('standalone', 'service', 'daemon'),
  stopTimeoutMs: fc.integer({ min: 0, max: 300_000 }),
  deregistrationMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600_000 })),
  isStopping: fc.boolean(),
  isProtected: fc.boolean(),
});

export const anyTasks = fc.uniqueArray(anyTask, { selector: ({ arn }) => arn, maxLength: 12 });

export const anyEvent: fc.Arbitrary<MaintenanceEvent> = fc.record({
  id: fc.constantFrom('instance-event-1', 'instance-event-2', 'instance-event-3'),
  code: fc.constantFrom(...MAINTENANCE_CODES, null),
  state: fc.constantFrom('active' as const, 'active' as const, 'completed' as const, 'canceled' as const),
  notBeforeAt: offset(-2 * HOUR, 3 * HOUR),
});

const orSilent = <Kind>(some: fc.Arbitrary<Kind>) => fc.option(some, { nil: null, freq: 2 });

/** Every source has spoken. */
export const anySignals: fc.Arbitrary<Required<Signals>> = fc.record({
  interruption: orSilent(
    fc.record({
      kind: fc.constant('interruption' as const),
      action: fc.constantFrom('terminate' as const, 'stop' as const, 'hibernate' as const),
      deadlineAt: offset(-20 * MINUTE, 5 * MINUTE),
    }),
  ),
  'host-shutdown': orSilent(
    fc.record({ kind: fc.constant('host-shutdown' as const), deadlineAt: offset(-MINUTE, 5 * MINUTE) }),
  ),
  'target-state': orSilent(
    fc.record({ kind: fc.constant('target-state' as const), state: fc.constantFrom(...TARGET_LIFECYCLE_STATES) }),
  ),
  maintenance: orSilent(
    fc.record({
      kind: fc.constant('maintenance' as const),
      events: fc.uniqueArray(anyEvent, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    }),
  ),
  rebalance: orSilent(fc.record({ kind: fc.constant('rebalance' as const), noticedAt: offset(-HOUR, 0) })),
});

export const anySettings: fc.Arbitrary<ResponseSettings> = fc.record({
  marginMs: fc.integer({ min: 0, max: 60_000 }),
  standalone: fc.constantFrom('wait', 'stop-in-time', 'leave'),
  rebalance: fc.record({
    response: fc.constantFrom('ignore', 'cordon', 'drain'),
    liftAfterMs: fc.integer({ min: 0, max: 2 * HOUR }),
  }),
  maintenance: fc.record({
    response: fc.constantFrom('ignore', 'drain'),
    aheadMs: fc.integer({ min: 0, max: 2 * HOUR }),
    ignoredCodes: fc.subarray([...MAINTENANCE_CODES], { maxLength: 2 }),
  }),
  targetState: fc.record({
    response: fc.constantFrom('ignore', 'drain'),
    deadlineMs: fc.integer({ min: 0, max: 20 * MINUTE }),
  }),
  hostShutdown: fc.record({ response: fc.constantFrom('ignore', 'drain') }),
  hooksLimitMs: fc.constantFrom(0, 10 * SECOND),
  hasWebhooks: fc.boolean(),
});

export const anySituation: fc.Arbitrary<Situation> = fc.record({
  now: fc.constant(NOW),
  bootedAt: offset(-3 * HOUR, 0),
  signals: fc.oneof(
    anySignals,
    // Not all have spoken.
    fc
      .tuple(anySignals, fc.subarray(['interruption', 'maintenance', 'rebalance'] as const))
      .map(([signals, silent]) => {
        const kept = Object.entries(signals).filter(([kind]) => !silent.some((one) => one === kind));
        return Object.fromEntries(kept) as Signals; // some of the entries of one
      }),
    // The case that matters most.
    anySignals.map((signals) => ({ ...QUIET, interruption: signals.interruption })),
  ),
  here: fc.option(fc.record({ tasks: anyTasks, isComplete: fc.boolean() }), { nil: null, freq: 9 }),
  memory: fc.constant(NO_MEMORY),
  settings: anySettings,
});
