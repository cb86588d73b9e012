// Capacity that came and does not help: the fleet picks types and zones, and it may pick what cannot host what is short.
// Asking again at once would bring the same, up to the maximum, so what came in vain is held against the ask, and stays:
// sent home, it would be asked for again.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { Demand } from './demand.ts';
import type { Holding } from './ledger.ts';
import type { Policy } from './policy.ts';
import type { Standing } from './report.ts';
import { countThatFit, notWorked, type Room } from './room.ts';

const PRESENT: ReadonlySet<Standing> = new Set<Standing>(['launching', 'joining', 'serving']);

/**
 * An instance is given `joinGraceMs` to join, and so many times as long the fleet to change its mind: then what came in
 * vain may leave as any other surplus, and the fleet is asked again.
 */
const PATIENCE = 6;

/**
 * Instances that run nothing but daemons and, even empty, have no room for any of the missing shapes where they stand, or
 * that never became ready where nobody does.
 */
export function inVain(options: {
  readonly holdings: readonly Holding[];
  readonly empty: ReadonlyMap<string, Room>;
  readonly missing: readonly Demand[];
  readonly policy: Policy;
  readonly now: number;
}): Holding[] {
  const { holdings, empty, missing, policy, now } = options;
  const isLate = ({ launchedAt }: Holding) => launchedAt !== null && now - launchedAt > PATIENCE * policy.joinGraceMs;
  const helps = ({ instanceType, instanceId, zone }: Holding) => {
    const room = empty.get(instanceType);
    const there = room === undefined ? null : { ...room, owner: instanceId, zone, worked: notWorked() };
    return there === null || missing.some(({ shape }) => countThatFit(there, shape) > 0);
  };
  // Where nobody has ever become ready, the next one will not, either: there is no agent, or none that can say so.
  const isAnyoneReady = holdings.some(({ containerInstance: on }) => on?.attributes[ATTRIBUTE.ready] === 'yes');
  const isNoUse = (holding: Holding) =>
    holding.standing === 'not-ready' ? !isAnyoneReady : PRESENT.has(holding.standing) && !helps(holding);
  return holdings.filter((holding) => holding.ordinaryCount === 0 && !isLate(holding) && isNoUse(holding));
}
