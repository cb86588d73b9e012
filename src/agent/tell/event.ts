// What the world outside hears of a response: hooks, webhooks and the log. Its JSON is a contract with other people's
// scripts, so fields are only ever added.

import type { Cause } from '../respond/cause.ts';
import type { Moment } from '../respond/steps.ts';
import type { SignalKind } from '../signals/signal.ts';

export interface AgentEvent {
  readonly moment: Moment;
  readonly signal: SignalKind;
  /** `terminate`, `system-reboot`; null where the signal says nothing. */
  readonly action: string | null;
  /** ISO 8601, UTC; null where nothing says when the instance ends. */
  readonly deadline: string | null;
  readonly instanceId: string;
  /** Cluster and container instance are null before the ECS agent has registered. */
  readonly cluster: string | null;
  readonly containerInstanceArn: string | null;
}

export interface Place {
  readonly instanceId: string;
  readonly cluster: string | null;
  readonly containerInstanceArn: string | null;
}

export function eventOf(
  moment: Moment,
  cause: Cause,
  { instanceId, cluster, containerInstanceArn }: Place,
): AgentEvent {
  const deadline = cause.deadlineAt === null ? null : new Date(cause.deadlineAt).toISOString();
  const { kind, action } = cause;
  return { moment, signal: kind, action, deadline, instanceId, cluster, containerInstanceArn };
}
