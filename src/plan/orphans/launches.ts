// Launches that fail: what the fleet launches never joins, because the image, the user data, the instance role or the way to
// ECS is broken. Launched again and again it would only cost, so after a few of them nothing more is asked for but one
// instance now and then, until one joins.
import type { InstanceId } from '../../model/ids.ts';
import type { FleetUnits } from '../fleet-units.ts';
import type { Holding } from '../ledger.ts';
import type { Policy } from '../policy.ts';

/** What is remembered of launches. Instants in epoch milliseconds. */
export interface Launches {
  /** Those that never joined, and when they were launched, since one last did. */
  readonly failed: Readonly<Record<InstanceId, number>>;
  readonly lastJoinAt: number | null;
  /** null while launches are believed in. */
  readonly stopped: Stopped | null;
}

export interface Stopped {
  readonly since: number;
  /** How often one has been tried, when last, and when the next time is. */
  readonly tries: number;
  readonly triedAt: number | null;
  readonly nextAt: number;
}

export const NO_LAUNCHES: Launches = { failed: {}, lastJoinAt: null, stopped: null };

/** A few failures in a day are normal life. */
const COUNTS_FOR_MS = 3_600_000;
const LONGEST_PAUSE_MS = 3_600_000;

type Asked = { readonly policy: Pick<Policy, 'orphans' | 'joinGraceMs'>; readonly now: number };

/** What is known of launches after a look at everybody. */
export function launchesAfter(before: Launches, holdings: readonly Holding[], { policy, now }: Asked): Launches {
  if (policy.orphans.response === 'keep') return NO_LAUNCHES;
  const lastJoinAt = latest([...(before.lastJoinAt === null ? [] : [before.lastJoinAt]), ...joinsIn(holdings, policy)]);
  const isSince = (launchedAt: number) => lastJoinAt === null || launchedAt > lastJoinAt;
  const stopped = before.stopped !== null && isSince(before.stopped.since) ? before.stopped : null;
  // A failed try joins the others however long the pause before it was.
  const counts = ([, launchedAt]: [string, number]) =>
    isSince(launchedAt) && (stopped !== null || now - launchedAt < COUNTS_FOR_MS + policy.joinGraceMs);
  const failed = Object.fromEntries([...Object.entries(before.failed), ...failuresIn(holdings)].filter(counts));
  const isFailing = Object.keys(failed).length >= policy.orphans.failuresBeforeStop;
  if (stopped !== null || !isFailing) return { failed, lastJoinAt, stopped };
  return { failed, lastJoinAt, stopped: { since: now, tries: 0, triedAt: null, nextAt: now + policy.joinGraceMs } };
}

/** An ECS agent that lost its state registers an old instance anew: that proves nothing of a launch. */
function joinsIn(holdings: readonly Holding[], { joinGraceMs }: Pick<Policy, 'joinGraceMs'>): number[] {
  return holdings.flatMap(({ standing, weightUnits, launchedAt, containerInstance }) => {
    if (containerInstance === null || launchedAt === null || weightUnits === 0 || standing === 'orphan') return [];
    const { registeredAt } = containerInstance;
    return registeredAt - launchedAt <= joinGraceMs ? [registeredAt] : [];
  });
}

/** One that joined and was lost later says nothing of launches. */
function failuresIn(holdings: readonly Holding[]): [InstanceId, number][] {
  return holdings.flatMap(({ standing, weightUnits, launchedAt, containerInstance, instanceId }) => {
    const hasJoined = containerInstance?.status === 'ACTIVE';
    return standing === 'orphan' && weightUnits > 0 && !hasJoined && launchedAt !== null
      ? [[instanceId, launchedAt] as [InstanceId, number]]
      : [];
  });
}

function latest(instants: readonly number[]): number | null {
  return instants.reduce<number | null>((last, at) => Math.max(last ?? at, at), null);
}

/**
 * How many units may be asked for now. While launches fail: one, when the pause is over and until it is answered, which
 * brings one instance of whatever weight; otherwise none.
 */
export function mayAskFor(
  { stopped }: Launches,
  { holdings, units, policy, now }: Asked & { readonly holdings: readonly Holding[]; readonly units: FleetUnits },
): number {
  if (stopped === null) return Number.POSITIVE_INFINITY;
  const { triedAt, nextAt } = stopped;
  const isComing =
    units.unlisted > 0 || holdings.some(({ standing }) => standing === 'launching' || standing === 'joining');
  if (isComing) return 0;
  const isAnswered = (at: number) => holdings.some(({ launchedAt }) => launchedAt !== null && launchedAt >= at);
  const isUnderWay = triedAt !== null && now - triedAt < policy.joinGraceMs && !isAnswered(triedAt);
  return isUnderWay || now >= nextAt ? 1 : 0;
}

/** To be remembered when one is asked for: nothing changes while the pause lasts. */
export function tried(launches: Launches, { policy, now }: Asked): Launches {
  const { stopped } = launches;
  if (stopped === null || now < stopped.nextAt) return launches;
  const tries = stopped.tries + 1;
  const pauseMs = Math.max(policy.joinGraceMs, Math.min(LONGEST_PAUSE_MS, policy.joinGraceMs * 2 ** tries));
  return { ...launches, stopped: { ...stopped, tries, triedAt: now, nextAt: now + pauseMs } };
}
