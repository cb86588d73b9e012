// What figures are taken from: the world's history, the request log, and the few instants only the story knows because
// it made them happen. Nothing that agent or controller say of themselves is here.
import type { WorldEvent } from '../../../world/history.ts';
import type { RequestRecord } from '../../request-log.ts';

export interface Evidence {
  readonly events: readonly WorldEvent[];
  readonly records: readonly RequestRecord[];
  readonly marks: Marks;
}

/** World time, epoch milliseconds. */
export interface Marks {
  readonly startedAt: number;
  readonly endedAt: number;
  /** When each act began. */
  readonly acts: readonly { readonly number: number; readonly title: string; readonly at: number }[];
  /** When the story asked a service for more. */
  readonly demands: readonly { readonly service: string; readonly at: number }[];
  /** When the story killed a leader. */
  readonly kills: readonly { readonly name: string; readonly at: number }[];
  /** Every end of a process that nobody had asked for, the story's own kills included. */
  readonly ends: readonly { readonly name: string; readonly at: number; readonly how: string }[];
}

type EventOf<Kind extends WorldEvent['kind']> = Extract<WorldEvent, { kind: Kind }>;

/** Every event of one kind, oldest first. */
export function eventsOf<Kind extends WorldEvent['kind']>(evidence: Evidence, kind: Kind): EventOf<Kind>[] {
  return evidence.events.filter((event): event is EventOf<Kind> => event.kind === kind);
}

/** Requests for this action that were carried out, oldest first, whether or not the caller heard of it. */
export function doneRequests({ records }: Pick<Evidence, 'records'>, action: string): RequestRecord[] {
  return records
    .filter((record) => record.action === action && isDone(record))
    .sort((a, b) => a.answeredAt - b.answeredAt);
}

export function isDone(record: RequestRecord): boolean {
  return record.status >= 200 && record.status < 300;
}

/** The entry at the given share of a sorted copy (nearest rank); null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
