// Asks for the sake of a loss that came to nothing. The fleet picks the pool, and it may pick the very one whose loss is to
// be survived; then the loss is as short as before. An ask that was answered and did not help is repeated with growing
// pauses: asked at every pass, it would end at the maximum.
import type { FleetUnits } from './fleet-units.ts';
import type { Policy } from './policy.ts';

/** By the name of the pool or the zone. */
export type LossAsks = Readonly<Record<string, LossAsk>>;

export interface LossAsk {
  /** Asks in a row that were answered and did not help, this one included. */
  readonly times: number;
  /** What the target was raised to. */
  readonly targetUnits: number;
  /** The fleet has had that much since: what it has sent home again was an answer as well. */
  readonly isAnswered: boolean;
  /** Epoch milliseconds; not asked again before, once it is answered. */
  readonly until: number;
}

/** Most doublings of the pause: from ten minutes to a day, by default. */
const MOST_DOUBLINGS = 7;

/** Whether an ask for this loss has been answered lately, and it is short all the same. */
export function isHeld(
  asks: LossAsks,
  lost: string,
  { units, now }: { units: Pick<FleetUnits, 'counted'>; now: number },
): boolean {
  const ask = asks[lost];
  return ask !== undefined && now < ask.until && hasAnswer(ask, units);
}

/**
 * The asks to remember after a pass.
 * @param looked the losses that were looked at, and whether they are survived: one that is needs no memory
 * @param raisedTo the target, if this pass raised it: that is an ask for every loss that is short, because the most that
 *   anything needs is asked for; otherwise null
 */
export function rememberAsks(
  before: LossAsks,
  { looked, raisedTo }: { looked: ReadonlyMap<string, boolean>; raisedTo: number | null },
  { units, policy, now }: { units: Pick<FleetUnits, 'counted'>; policy: Policy; now: number },
): LossAsks {
  const kept = Object.entries(before)
    .filter(([lost]) => looked.get(lost) !== true)
    .map(([lost, ask]): [string, LossAsk] => [lost, { ...ask, isAnswered: hasAnswer(ask, units) }]);
  if (raisedTo === null) return Object.fromEntries(kept);
  const asked = [...looked].flatMap(([lost, isSurvived]): [string, LossAsk][] => {
    const earlier = before[lost];
    if (isSurvived || isHeld(before, lost, { units, now })) return [];
    const times = earlier === undefined ? 1 : earlier.times + (hasAnswer(earlier, units) ? 1 : 0);
    const pauseMs = policy.joinGraceMs * 2 ** Math.min(MOST_DOUBLINGS, times - 1);
    return [[lost, { times, targetUnits: raisedTo, isAnswered: false, until: now + pauseMs }]];
  });
  return Object.fromEntries([...kept, ...asked]);
}

function hasAnswer({ isAnswered, targetUnits }: LossAsk, { counted }: Pick<FleetUnits, 'counted'>): boolean {
  return isAnswered || counted >= targetUnits;
}
