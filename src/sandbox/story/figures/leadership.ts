// Who held the lease when, read from the writes the lease table accepted, and whether anybody else acted meanwhile.
import { isWrite, type RequestRecord } from '../../request-log.ts';
import { doneRequests, type Evidence, isDone } from './evidence.ts';

interface LeaseWrite {
  readonly at: number;
  /** null when the write gave the lease up. */
  readonly holder: string | null;
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

/** Who holds the lease now; null when nobody does. */
export function leaseHolder(evidence: Pick<Evidence, 'records'>, at: number): string | null {
  return holderAt(leaseWrites(evidence), at);
}

function leaseWrites(evidence: Pick<Evidence, 'records'>): LeaseWrite[] {
  return doneRequests(evidence, 'PutItem').map(({ answeredAt, caller, input }) => ({
    at: answeredAt,
    holder: isRelease(input.Item) ? null : (caller?.name ?? null),
  }));
}

function isRelease(item: unknown): boolean {
  // The item is what the log kept of the request; only its flag is looked at.
  return (item as { isReleased?: { BOOL?: boolean } } | undefined)?.isReleased?.BOOL === true;
}

function holderAt(writes: readonly LeaseWrite[], at: number): string | null {
  return writes.findLast((write) => write.at <= at)?.holder ?? null;
}

function isControllerWrite(record: RequestRecord): boolean {
  return (
    isDone(record) &&
    isWrite(record.action) &&
    (record.service === 'ecs' || record.service === 'ec2') &&
    record.caller?.name.startsWith('controller') === true
  );
}
