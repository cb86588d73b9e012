// Somebody else moves the target. Moved once, it is set again by the next pass that needs it otherwise, as everything is.
// Moved away from what we ask for again and again, two controllers fight, and every round of it ends instances that the
// other launches anew. Growing is not given up for that: too much room costs money, too little costs tasks.
import type { Fleet } from '../../model/fleet.ts';
import type { Conflict } from './conflict.ts';
import type { TargetWatch } from './target-watch.ts';

/** So often within so long, and it is no person any more, and no accident. */
const FIGHT = { moves: 3, withinMs: 1_800_000 };

export function targetMoved({ moves }: TargetWatch, { id: fleetId }: Fleet): Conflict[] {
  return moves.length === 0 ? [] : [{ kind: 'target-moved', fleetId, moves }];
}

/** Whether what we ask for is set back each time. */
export function isTargetFought({ moves }: Pick<TargetWatch, 'moves'>, now: number): boolean {
  const setBack = moves.filter(({ at, isFromOurs }) => isFromOurs && Math.abs(now - at) < FIGHT.withinMs);
  return setBack.length >= FIGHT.moves;
}
