// Capacity that came and does not help: the fleet picks types and zones, and it may pick what cannot host what is short,
// or stands in the very pool whose loss is to be survived. Asking again at once would bring the same, up to the maximum,
// so what came in vain is held against the ask.
import type { Demand } from './demand.ts';
import type { Holding } from './ledger.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
import { countThatFit, poolOf, type Room } from './room.ts';

const PRESENT: ReadonlySet<Standing> = new Set<Standing>(['launching', 'joining', 'serving']);

/**
 * Units of instances that run nothing but daemons and do not help. Those of a type that, even empty, has no room for any
 * of the missing shapes, as long as they are young: an instance is given that long to join, and after it the fleet is
 * asked again, in case it has changed its mind. Those in a pool whose loss is looked at, for as long as they are there:
 * however many more the fleet put there, the loss would take them all.
 */
export function unitsInVain(options: {
  readonly holdings: readonly Holding[];
  readonly empty: ReadonlyMap<string, Room>;
  readonly missing: readonly Demand[];
  /** The pool or the zone whose loss is looked at. */
  readonly lost: string | null;
  readonly policy: Policy;
  readonly now: number;
}): number {
  const { holdings, empty, missing, lost, policy, now } = options;
  const isYoung = ({ launchedAt }: Holding) => launchedAt === null || now - launchedAt <= policy.joinGraceMs;
  const isLost = (holding: Holding) => lost !== null && (poolOf(holding) === lost || holding.zone === lost);
  const helps = ({ instanceType, instanceId, zone }: Holding) => {
    const room = empty.get(instanceType);
    const there = room === undefined ? null : { ...room, owner: instanceId, zone };
    return there === null || missing.some(({ shape }) => countThatFit(there, shape) > 0);
  };
  return holdings
    .filter((holding) => PRESENT.has(holding.standing) && holding.ordinaryCount === 0)
    .filter((holding) => isLost(holding) || (isYoung(holding) && !helps(holding)))
    .reduce((units, { weightUnits }) => units + weightUnits, 0);
}
