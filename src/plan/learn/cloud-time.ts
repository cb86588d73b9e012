// What time it is at AWS, whose clock says when an instance was launched. Ours may be set while we run, and by a clock
// that is set forward an instance of a minute would be old enough to leave.
//
// Time goes on as ours does; what ours was set by is told by whoever has a clock that nobody sets. And whoever was not there
// a pass ago was launched just now, whatever our clock says.
import type { Memory } from '../memory.ts';
import type { PlanInput } from '../plan-input.ts';

export interface CloudTime {
  /** Epoch milliseconds by AWS's clock, as far as we can tell: rather too early than too late. */
  readonly at: number;
  /** What our own clock said then. */
  readonly ours: number;
  /** The latest launch that has been seen; 0 before any. */
  readonly newestLaunchAt: number;
}

/** At this pass. The first one has nothing but our own clock to go by. */
export function cloudTimeAt({ snapshot, memory: { cloudTime: before }, now }: PlanInput): CloudTime {
  const newestLaunchAt = snapshot.instances.reduce(
    (newest, { launchedAt }) => Math.max(newest, launchedAt),
    before?.newestLaunchAt ?? 0,
  );
  if (before === null) return { at: now, ours: now, newestLaunchAt };
  const isSomebodyNew = newestLaunchAt > before.newestLaunchAt;
  return { at: isSomebodyNew ? newestLaunchAt : before.at + Math.max(0, now - before.ours), ours: now, newestLaunchAt };
}

/** Our clock was set by so much since the memory was made: no time has gone by with that. */
export function clockSet(memory: Memory, byMs: number): Memory {
  const { cloudTime } = memory;
  return cloudTime === null ? memory : { ...memory, cloudTime: { ...cloudTime, ours: cloudTime.ours + byMs } };
}
