// Who held the lease when, read from the writes the lease table accepted, and whether anybody acted without it: while
// another held it, or while nobody did because it had ended and was not taken yet.
import { isWrite, type RequestRecord } from '../../request-log.ts';
import { doneRequests, type Evidence, isDone } from './evidence.ts';

interface LeaseWrite {
  readonly at: number;
  /** null when the write gave the lease up. */
  readonly holder: string | null;
  /** When the lease ends unless it is renewed; counted from the request's arrival, as its holder counts from earlier. */
  readonly until: number;
}

export interface FailOver {
  readonly killed: string;
  readonly killedAt: number;
  readonly next: string | null;
  /** SIGKILL until the other's first accepted lease write; null when it never came. */
  readonly afterMs: number | null;
}

export function failOvers(evidence: Evidence): FailOver[] {
  const writes = leaseWrites(evidence);
  return evidence.marks.kills.map(({ name, at }) => {
    const next = writes.find((write) => write.at > at && write.holder !== null && write.holder !== name);
    return {
      killed: name,
      killedAt: at,
      next: next?.holder ?? null,
      afterMs: next === undefined ? null : next.at - at,
    };
  });
}

/** Writes to ECS and EC2 by a controller that did not hold the lease when they arrived, in words. */
export function writesWithoutLease(evidence: Evidence): string[] {
  const writes = leaseWrites(evidence);
  return evidence.records
    .filter((record) => isControllerWrite(record) && holderAt(writes, record.at) !== record.caller?.name)
    .map((record) => {
      const holder = holderAt(writes, record.at) ?? 'nobody';
      return `request ${record.number}: ${record.action} by ${record.caller?.name} while ${holder} held the lease`;
    });
}

/** Who holds the lease at an instant; null when nobody does. */
export function leaseHolder(evidence: Pick<Evidence, 'records'>, at: number): string | null {
  return holderAt(leaseWrites(evidence), at);
}

function leaseWrites(evidence: Pick<Evidence, 'records'>): LeaseWrite[] {
  return doneRequests(evidence, 'PutItem').map(({ at, answeredAt, caller, input }) => {
    // The item is what the log kept of the request; a controller always writes both of these.
    const item = input.Item as { isReleased?: { BOOL?: boolean }; leaseDurationMs?: { N?: string } } | undefined;
    return {
      at: answeredAt,
      holder: item?.isReleased?.BOOL === true ? null : (caller?.name ?? null),
      until: at + Number(item?.leaseDurationMs?.N),
    };
  });
}

function holderAt(writes: readonly LeaseWrite[], at: number): string | null {
  const last = writes.findLast((write) => write.at <= at);
  return last !== undefined && at < last.until ? last.holder : null;
}

function isControllerWrite(record: RequestRecord): boolean {
  return (
    isDone(record) &&
    isWrite(record.action) &&
    (record.service === 'ecs' || record.service === 'ec2') &&
    record.caller?.name.startsWith('controller') === true
  );
}
