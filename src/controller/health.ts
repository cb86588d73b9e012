// Whether this process does its work. It is judged by progress, not by being up: a controller whose passes have stopped is
// not healthy.
import type { HoldReason } from '../plan/restraint.ts';
import { explain } from '../ports/failure.ts';
import type { Role } from './leadership.ts';
import type { PassResult } from './pass.ts';

export interface Health {
  readonly isHealthy: boolean;
  readonly role: Role;
  /** Milliseconds of the lease that are left; 0 while standing by. */
  readonly leaseRemainingMs: number;
  /** When the last pass ended, epoch milliseconds; null when this process has not led yet. */
  readonly lastPassAt: number | null;
  /** What went wrong in the last pass; null when nothing did. */
  readonly trouble: string | null;
  /** What kept the last pass from doing what it planned, by name; of `report.restraint`. */
  readonly holds: readonly HoldReason[];
}

/** What went wrong in a pass, in words; null when nothing did. */
export function troubleOf({ report, failure }: PassResult): string | null {
  if (failure !== null) return explain(failure);
  if (report.target.reason === 'fleet-ended') return 'the fleet request is cancelled or has failed';
  if (report.launches.stoppedSince !== null) return 'what is launched never joins the cluster';
  return report.gaps.length === 0 ? null : report.gaps.map(({ why }) => why).join('; ');
}
