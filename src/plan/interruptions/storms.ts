// Storms: Spot capacity comes and goes by the pool, and of interruptions that share one nine in ten come within three minutes
// of each other. So a pool with a few notices in that time counts as lost, all of it: what stands there has to find other
// places, and their room is asked for at once instead of notice by notice. What was launched there since then counts: the
// fleet chose that pool with the market before it, and taken for lost as well, it would be asked for again and again.
import type { InstanceId } from '../../model/ids.ts';
import type { Holding } from '../ledger.ts';
import type { StormPolicy } from '../policy.ts';
import type { Standing } from '../report.ts';
import { poolOf } from '../room.ts';

/** What is remembered of notices. */
export interface Storms {
  /** Interrupted instances, their pool, and when their notice was first seen (epoch milliseconds). */
  readonly noticed: Readonly<Record<InstanceId, { readonly pool: string; readonly at: number }>>;
  /** By pool; over when it is not in here. */
  readonly pools: Readonly<Record<string, Storm>>;
}

export interface Storm {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly lastNoticeAt: number;
  readonly notices: number;
}

export const NO_STORMS: Storms = { noticed: {}, pools: {} };

/** The storms after the notices of this pass: those that go on, those that are over, and those that begin. */
export function stormsAfter(
  before: Storms,
  holdings: readonly Holding[],
  { policy, now }: { policy: StormPolicy; now: number },
): Storms {
  const present = noticesIn(holdings, policy, now);
  const fresh = present.filter(({ id }) => before.noticed[id] === undefined);
  const kept = Object.entries(before.noticed).filter(
    ([id, { at }]) => Math.abs(now - at) < policy.withinMs || present.some((notice) => notice.id === id),
  );
  const noticed = {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(fresh.map(({ id, pool }) => [id, { pool, at: now }])),
  };
  const pools = new Set([...Object.keys(before.pools), ...fresh.map(({ pool }) => pool)]);
  const lately = Object.values(noticed).filter(({ at }) => Math.abs(now - at) < policy.withinMs);
  const storms = [...pools].sort().flatMap((pool): [string, Storm][] => {
    const count = (among: readonly { pool: string }[]) => among.filter((notice) => notice.pool === pool).length;
    const storm = before.pools[pool];
    const freshCount = count(fresh);
    if (storm !== undefined && freshCount > 0)
      return [[pool, { ...storm, lastNoticeAt: now, notices: storm.notices + freshCount }]];
    if (storm !== undefined) return Math.abs(now - storm.lastNoticeAt) < policy.lastsMs ? [[pool, storm]] : [];
    const notices = count(lately);
    return notices >= policy.notices ? [[pool, { since: now, lastNoticeAt: now, notices }]] : [];
  });
  return { noticed, pools: Object.fromEntries(storms) };
}

/** Those that are or were about to end. EC2 may fail to, and a notice long past says nothing of the pool. */
function noticesIn(
  holdings: readonly Holding[],
  { withinMs }: StormPolicy,
  now: number,
): { id: InstanceId; pool: string }[] {
  return holdings.flatMap((holding) => {
    const { notice, isSpot, instanceId: id } = holding;
    const pool = poolOf(holding);
    if (notice?.kind !== 'interruption' || !isSpot || pool === null) return [];
    return now - notice.deadlineAt < withinMs ? [{ id, pool }] : [];
  });
}

/** Standings of instances that a storm takes for lost; the others are on their way out already, or no use. */
const STRUCK: ReadonlySet<Standing> = new Set<Standing>([
  'launching',
  'joining',
  'serving',
  'at-risk',
  'cordoned',
  'not-ready',
  'disconnected',
  // Its drain waits, and nobody calls it back.
  'retiring',
]);

/** The ledger with what is left of the stormy pools as good as lost. */
export function struck(holdings: readonly Holding[], storms: Storms): readonly Holding[] {
  if (!isStormy(storms)) return holdings;
  return holdings.map((holding) =>
    STRUCK.has(holding.standing) && isInStorm(holding, storms)
      ? { ...holding, standing: 'in-storm', worked: { context: -1, room: null, line: null } }
      : holding,
  );
}

/** Whether it was there when the storm over its pool began. */
export function isInStorm(holding: Holding, { pools }: Storms): boolean {
  const { isSpot, launchedAt } = holding;
  const storm = isSpot ? pools[poolOf(holding) ?? ''] : undefined;
  return storm !== undefined && launchedAt !== null && launchedAt < storm.since;
}

export function isStormy({ pools }: Storms): boolean {
  return Object.keys(pools).length > 0;
}
