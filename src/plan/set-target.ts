// The one change of the fleet in a pass: the target, the On-Demand part of it, or both in one call, because the fleet takes
// no second one while it works the first in.
import type { Fleet } from '../model/fleet.ts';
import type { OnDemandPart } from './on-demand/on-demand-part.ts';
import type { Action } from './plan.ts';
import { isMove, type Target } from './target.ts';

/** Nothing where neither moves. */
export function setTarget(fleet: Fleet, target: Target, part: OnDemandPart): Action[] {
  const move = isMove(target.reason) ? target.reason : null;
  const partMove = part.reason !== 'keep' && fleet.state === 'active' ? part.reason : null;
  // That it costs more than it might is what an operator wants to know first.
  const reason = partMove === 'on-demand-fallback' ? partMove : (move ?? partMove);
  if (reason === null) return [];
  return [
    {
      kind: 'set-target',
      fleetId: fleet.id,
      fromUnits: fleet.targetUnits,
      targetUnits: move === null ? fleet.targetUnits : target.targetUnits,
      ...(partMove !== null && { onDemandUnits: part.units }),
      reason,
    },
  ];
}
