// Capacity that came and does not help: the fleet picks the types, and it may pick one that cannot host what is short.
// Asking again at once would bring the same, up to the maximum, so what came in vain lately is held against the ask.
import type { Demand } from './fits.ts';
import type { Holding } from './ledger.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
import { countThatFit, type Room } from './room.ts';

const PRESENT: ReadonlySet<Standing> = new Set<Standing>(['launching', 'joining', 'serving']);

/**
 * Units of young instances that run nothing but daemons and whose type, even empty, has no room for any of these shapes.
 * Young as long as an instance is given to join: after that the fleet is asked again, in case it has changed its mind.
 */
export function unitsInVain(options: {
  readonly holdings: readonly Holding[];
  readonly empty: ReadonlyMap<string, Room>;
  readonly missing: readonly Demand[];
  readonly policy: Policy;
  readonly now: number;
}): number {
  const { holdings, empty, missing, policy, now } = options;
  const isYoung = ({ launchedAt }: Holding) => launchedAt === null || now - launchedAt <= policy.joinGraceMs;
  const helps = ({ instanceType }: Holding) => {
    const room = empty.get(instanceType);
    return room === undefined || missing.some(({ shape }) => countThatFit(room, shape) > 0);
  };
  return holdings
    .filter((holding) => PRESENT.has(holding.standing) && holding.tasks.length === 0)
    .filter((holding) => isYoung(holding) && !helps(holding))
    .reduce((units, { weightUnits }) => units + weightUnits, 0);
}
