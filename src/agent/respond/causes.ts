// Which causes stand at this instant, most urgent first. A signal is what somebody says; a cause is what follows from it,
// and may begin later than its signal (maintenance far ahead), outlast it (an interruption notice that disappears), or
// end before it (a rebalance recommendation that nothing followed).
import type { TargetLifecycleState } from '../../ports/metadata.ts';
import { SIGNAL_KINDS, type SignalKind, type Signals } from '../signals/signal.ts';
import { instantIn, kindOf, lastKey, unlearned } from './cause.ts';
import { maintenanceCauses } from './maintenance.ts';
import { type Memory, withOver } from './memory.ts';
import type { ResponseSettings, Situation } from './situation.ts';
import type { Cause } from './steps.ts';

export interface Causes {
  /** Most urgent first. */
  readonly standing: readonly Cause[];
  /** Brought up to date. */
  readonly seen: Memory['seen'];
  readonly over: Memory['over'];
  /** Whether every source has said something: before that, nothing can be known to be over. */
  readonly isSettled: boolean;
}

/**
 * How long past its deadline a notice that has disappeared stays in force. The deadline is approximate and EC2 may be
 * late or down; an instance that lives ten minutes longer was not taken.
 */
export const GIVEN_UP_AFTER_MS = 600_000;

export function causesOf(situation: Situation): Causes {
  const { signals, memory, settings, now } = situation;
  const { causes: maintenance, over: handled } = maintenanceCauses(situation);
  const rebalance = rebalanceCauses(situation);
  const standing = [
    ...interruptionCauses(situation),
    ...hostShutdownCauses(situation),
    ...targetStateCauses(situation),
    ...maintenance,
    ...rebalance,
  ];
  const recommendations = Object.keys(memory.seen).filter((key) => kindOf(key) === 'rebalance');
  const expired = [...recommendations, ...recommendedIn(signals)].filter(
    (key) => settings.rebalance.response !== 'ignore' && !rebalance.some((cause) => cause.key === key),
  );
  return {
    standing,
    seen: seenNow(standing, situation, now),
    over: withOver(memory.over, [...handled, ...expired]),
    isSettled: SIGNAL_KINDS.every((kind) => signals[kind] !== undefined || isIgnored(kind, settings)),
  };
}

/** The states of an instance that is about to end, or to stand still in a warm pool. */
const ENDING_STATES: ReadonlySet<TargetLifecycleState> = new Set([
  'Terminated',
  'Warmed:Terminated',
  'Warmed:Stopped',
  'Warmed:Hibernated',
]);

function isIgnored(kind: SignalKind, { rebalance, maintenance, targetState, hostShutdown }: ResponseSettings): boolean {
  switch (kind) {
    case 'interruption':
      return false;
    case 'host-shutdown':
      return hostShutdown.response === 'ignore';
    case 'target-state':
      return targetState.response === 'ignore';
    case 'maintenance':
      return maintenance.response === 'ignore';
    case 'rebalance':
      return rebalance.response === 'ignore';
    default:
      return kind satisfies never;
  }
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

function hostShutdownCauses({ signals, memory, settings }: Situation): Cause[] {
  if (settings.hostShutdown.response === 'ignore') return [];
  const said = signals['host-shutdown'];
  if (said === undefined) return unlearned(memory, 'host-shutdown');
  if (said === null) return [];
  const { deadlineAt } = said;
  // One host shuts down once a boot, and may correct its deadline: that is no other event.
  return [{ kind: 'host-shutdown', key: 'host-shutdown', action: null, deadlineAt, isVoluntary: false }];
}

function targetStateCauses({ signals, memory, settings, now }: Situation): Cause[] {
  if (settings.targetState.response === 'ignore') return [];
  const said = signals['target-state'];
  if (said === undefined) return unlearned(memory, 'target-state');
  if (said === null || !ENDING_STATES.has(said.state)) return [];
  // Without an instant of its own: what was taken for it is forgotten when it ends, so that the next one is another.
  const key = `target-state/${said.state}`;
  const deadlineAt = (memory.seen[key] ?? now) + settings.targetState.deadlineMs;
  return [{ kind: 'target-state', key, action: said.state, deadlineAt, isVoluntary: false }];
}

function rebalanceCauses({ signals, memory, settings, now }: Situation): Cause[] {
  if (settings.rebalance.response === 'ignore') return [];
  const key = recommendedIn(signals)[0] ?? lastKey(memory, 'rebalance');
  if (key === null || memory.over.includes(key)) return [];
  if (now >= (memory.seen[key] ?? now) + settings.rebalance.liftAfterMs) return [];
  return [{ kind: 'rebalance', key, action: null, deadlineAt: null, isVoluntary: true }];
}

function recommendedIn({ rebalance }: Signals): string[] {
  return rebalance === undefined || rebalance === null ? [] : [`rebalance/${rebalance.noticedAt}`];
}

function seenNow(standing: readonly Cause[], { signals, memory }: Situation, now: number): Record<string, number> {
  const kept = Object.entries(memory.seen).filter(([key]) => {
    const kind = kindOf(key);
    return kind !== 'rebalance' && kind !== 'interruption' && kind !== undefined && signals[kind] === undefined;
  });
  const stands = standing.map(({ key }) => [key, memory.seen[key] ?? now] as const);
  return Object.fromEntries([...kept, ...stands]);
}
