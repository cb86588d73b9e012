// Which causes stand at this instant, most urgent first. A signal is what somebody says; a cause is what follows from it,
// and may begin later than its signal (maintenance far ahead), outlast it (an interruption notice that disappears), or
// end before it (a rebalance recommendation that nothing followed).
import type { TargetLifecycleState } from '../../ports/metadata.ts';
import { SIGNAL_KINDS, type SignalKind, type Signals } from '../signals/signal.ts';
import { type Cause, instantIn, kindOf } from './cause.ts';
import { handledMaintenance, maintenanceCauses } from './maintenance.ts';
import { lastKey, type Memory, unlearned, withOver } from './memory.ts';
import type { ResponseSettings, Situation } from './situation.ts';

export interface Causes {
  /** Most urgent first. */
  readonly standing: readonly Cause[];
  /** Brought up to date. */
  readonly seen: Memory['seen'];
  readonly over: Memory['over'];
  /** Whether every source has said something: before that, nothing is known to be over. */
  readonly hasHeardAll: boolean;
}

/**
 * How long past its deadline a notice that has disappeared stays in force. The deadline is approximate and EC2 may be
 * late or down; an instance that lives ten minutes longer was not taken.
 */
export const GIVEN_UP_AFTER_MS = 600_000;

export function causesOf(situation: Situation): Causes {
  const { signals, memory } = situation;
  const answered = answeredKinds(situation.settings);
  const standing = answered.flatMap((kind) => CAUSES[kind](situation));
  return {
    standing,
    seen: seenNow(standing, answered, situation),
    over: withOver(
      memory.over,
      answered.flatMap((kind) => OVER[kind]?.(situation) ?? []),
    ),
    hasHeardAll: answered.every((kind) => signals[kind] !== undefined),
  };
}

/** The causes of each kind that stand, most urgent first. */
const CAUSES: Readonly<Record<SignalKind, (situation: Situation) => Cause[]>> = {
  interruption: interruptionCauses,
  'host-shutdown': hostShutdownCauses,
  'target-state': targetStateCauses,
  maintenance: maintenanceCauses,
  rebalance: rebalanceCauses,
};

/** The keys of causes that are over for good, whatever is still said. */
const OVER: Readonly<Partial<Record<SignalKind, (situation: Situation) => string[]>>> = {
  maintenance: handledMaintenance,
  rebalance: expiredRecommendations,
};

/** The states of an instance that is about to end, or to stand still in a warm pool. */
const ENDING_STATES: ReadonlySet<TargetLifecycleState> = new Set([
  'Terminated',
  'Warmed:Terminated',
  'Warmed:Stopped',
  'Warmed:Hibernated',
]);

/** In the order of their urgency. */
function answeredKinds({ hostShutdown, targetState, maintenance, rebalance }: ResponseSettings): SignalKind[] {
  const isIgnored: Readonly<Record<SignalKind, boolean>> = {
    interruption: false,
    'host-shutdown': hostShutdown.response === 'ignore',
    'target-state': targetState.response === 'ignore',
    maintenance: maintenance.response === 'ignore',
    rebalance: rebalance.response === 'ignore',
  };
  return SIGNAL_KINDS.filter((kind) => !isIgnored[kind]);
}

function interruptionCauses({ signals, memory, now }: Situation): Cause[] {
  const said = signals.interruption ?? null;
  const key = said === null ? lastKey(memory, 'interruption') : `interruption/${said.action}/${said.deadlineAt}`;
  if (key === null) return [];
  const action = key.split('/')[1] ?? null;
  const deadlineAt = instantIn(key);
  if (said === null && now >= deadlineAt + GIVEN_UP_AFTER_MS) return [];
  return [{ kind: 'interruption', key, action, deadlineAt, isVoluntary: false }];
}

function hostShutdownCauses({ signals, memory }: Situation): Cause[] {
  const said = signals['host-shutdown'];
  if (said === undefined) return unlearned(memory, 'host-shutdown');
  if (said === null) return [];
  const { deadlineAt } = said;
  // One host shuts down once a boot, and may correct its deadline: that is no other event.
  return [{ kind: 'host-shutdown', key: 'host-shutdown', action: null, deadlineAt, isVoluntary: false }];
}

function targetStateCauses({ signals, memory, settings, now }: Situation): Cause[] {
  const said = signals['target-state'];
  if (said === undefined) return unlearned(memory, 'target-state');
  if (said === null || !ENDING_STATES.has(said.state)) return [];
  // Without an instant of its own: what was taken for it is forgotten when it ends, so that the next one is another.
  const key = `target-state/${said.state}`;
  const deadlineAt = (memory.seen[key] ?? now) + settings.targetState.deadlineMs;
  return [{ kind: 'target-state', key, action: said.state, deadlineAt, isVoluntary: false }];
}

function rebalanceCauses({ signals, memory, settings, now }: Situation): Cause[] {
  const key = recommendedIn(signals)[0] ?? lastKey(memory, 'rebalance');
  if (key === null || memory.over.includes(key)) return [];
  if (now >= (memory.seen[key] ?? now) + settings.rebalance.liftAfterMs) return [];
  return [{ kind: 'rebalance', key, action: null, deadlineAt: null, isVoluntary: true }];
}

/** Those that nothing followed, and those that another took the place of. */
function expiredRecommendations(situation: Situation): string[] {
  const seen = Object.keys(situation.memory.seen).filter((key) => kindOf(key) === 'rebalance');
  const standing = rebalanceCauses(situation).map(({ key }) => key);
  return [...seen, ...recommendedIn(situation.signals)].filter((key) => !standing.includes(key));
}

function recommendedIn({ rebalance }: Signals): string[] {
  return rebalance === undefined || rebalance === null ? [] : [`rebalance/${rebalance.noticedAt}`];
}

/** What stands, and what stood when it was read last and has not been read again after a restart. */
function seenNow(
  standing: readonly Cause[],
  answered: readonly SignalKind[],
  { signals, memory, now }: Situation,
): Record<string, number> {
  const silent = answered.filter((kind) => signals[kind] === undefined);
  const kept = Object.entries(memory.seen).filter(([key]) => silent.some((kind) => kind === kindOf(key)));
  const stands = standing.map(({ key }) => [key, memory.seen[key] ?? now] as const);
  return Object.fromEntries([...kept, ...stands]);
}
