// What may tell an instance that its time is over, or may soon be: a closed union. Each kind has a file of its own beside
// this one that reads it and says what it means; nothing else knows where a signal comes from.
import type { InterruptionNotice, MaintenanceEvent, TargetLifecycleState } from '../../ports/metadata.ts';

export type Signal =
  /** EC2 takes the Spot instance back. */
  | ({ readonly kind: 'interruption' } & InterruptionNotice)
  /** EC2 sees an elevated risk of an interruption: advice without a deadline. `noticedAt`: epoch milliseconds. */
  | { readonly kind: 'rebalance'; readonly noticedAt: number }
  /** Maintenance that AWS has scheduled for this instance: all events that it lists, at least one. */
  | { readonly kind: 'maintenance'; readonly events: readonly MaintenanceEvent[] }
  /** What an Auto Scaling group wants of this instance. */
  | { readonly kind: 'target-state'; readonly state: TargetLifecycleState }
  /** systemd stops this host. `deadlineAt`: until when it waits for us, epoch milliseconds. */
  | { readonly kind: 'host-shutdown'; readonly deadlineAt: number };

export type SignalKind = Signal['kind'];
export type SignalOf<Kind extends SignalKind> = Extract<Signal, { kind: Kind }>;

/** In the order of their urgency: where several stand, the first is answered. */
export const SIGNAL_KINDS = [
  'interruption',
  'host-shutdown',
  'target-state',
  'maintenance',
  'rebalance',
] as const satisfies readonly SignalKind[];

/**
 * What each source said last; null is "nothing". A kind that is missing has not been learned yet. While a source cannot
 * be read, what it said before stands: silence is never taken for "nothing".
 */
export type Signals = { readonly [Kind in SignalKind]?: SignalOf<Kind> | null };

/** Reads one kind of signal. */
export interface SignalSource<Kind extends SignalKind> {
  readonly kind: Kind;
  /** Time between two readings. */
  readonly periodMs: number;
  /** Whether it is read from the instance metadata service, whose budget all of them share. */
  readonly isMetadata: boolean;
  /** What it says now; null for nothing. Rejects with a Failure when that cannot be known. */
  read(signal: AbortSignal): Promise<SignalOf<Kind> | null>;
}

/** A source of some kind, where it does not matter of which. */
export type AnySource = { readonly [Kind in SignalKind]: SignalSource<Kind> }[SignalKind];
