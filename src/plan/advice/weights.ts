// Whether the weights of the fleet say what a type is worth in tasks. The fleet picks the type; where one unit buys twice
// the room on one type that it buys on another, an ask for units delivers half of what it was for, or twice.
import type { FleetOption } from '../../model/fleet.ts';
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';
import type { WeightAdvice } from '../report.ts';
import { countThatFit, type Room } from '../room.ts';
import { proportionalWeights } from './proportional.ts';

/** Rounding to whole weights and whole tasks costs a percent or two; advice on less would never come to rest. */
const EVEN_ENOUGH = 0.02;

/** One number a type: slots, or weights. */
type PerType = readonly number[];

/**
 * For the shape whose room depends most on which type the fleet picks; null when for none of them it depends on it.
 *
 * What is best for one shape can be bad for another, so of the weights proportional to each shape's slots those are
 * recommended under which the worst served shape loses least; the present ones where none are better.
 */
export function weightAdvice(
  options: readonly FleetOption[],
  empty: ReadonlyMap<string, Room>,
  shapes: readonly TaskShape[],
  names: ReadonlyMap<string, string>,
): WeightAdvice | null {
  const types = typesOnce(options).flatMap((option) => {
    const room = empty.get(option.instanceType);
    return room === undefined || !(option.weightUnits > 0) ? [] : [{ ...option, room }];
  });
  const present = types.map(({ weightUnits }) => weightUnits);
  const worths = shapes.filter(needsSomething).map((shape) => {
    const slots = types.map(({ room }) => countThatFit(room, shape));
    return { shape, slots, loss: lossOf(slots, present) };
  });
  const worst = worths
    .filter(({ slots, loss }) => !isEven(slots, loss))
    .reduce<(typeof worths)[number] | null>((found, each) => (found && found.loss >= each.loss ? found : each), null);
  if (worst === null) return null;
  const allSlots = worths.map(({ slots }) => slots);
  const recommended = leastLoss([present, ...proportionsOf(allSlots)], allSlots);
  return {
    shape: names.get(shapeKey(worst.shape)) ?? shapeKey(worst.shape),
    loss: worst.loss,
    types: types.map(({ instanceType, weightUnits }, at) => {
      const slots = worst.slots[at] ?? 0;
      return {
        instanceType,
        weightUnits,
        slots,
        slotsPerUnit: slots / weightUnits,
        recommendedWeight: recommended[at] ?? weightUnits,
      };
    }),
  };
}

/** The share of slots that the worst type that hosts any brings less than the best, for the same units; 0 to 1. */
function lossOf(slots: PerType, weights: PerType): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < slots.length; at += 1) {
    const perUnit = (slots[at] ?? 0) / (weights[at] ?? 1);
    if (perUnit > most) most = perUnit;
    if (perUnit > 0 && perUnit < least) least = perUnit;
  }
  return most === 0 ? 0 : 1 - least / most;
}

/** A shape that no type hosts is another matter: no weight helps it. */
function isEven(slots: PerType, loss: number): boolean {
  const hosting = slots.filter((count) => count > 0).length;
  return hosting === 0 || (hosting === slots.length && loss <= EVEN_ENOUGH);
}

/** For each shape the weights it would have; a type that does not host it is worth what it is to the next shape. */
function proportionsOf(allSlots: readonly PerType[]): PerType[] {
  return allSlots.map((slots) => {
    const reference = slots.map((count, at) => count || (allSlots.find((other) => (other[at] ?? 0) > 0)?.[at] ?? 0));
    return proportionalWeights(reference, (weights) => lossOf(reference, weights) <= EVEN_ENOUGH);
  });
}

/** The weights under which the shape that loses most loses least; the first, which are the present ones, if they do. */
function leastLoss(candidates: readonly PerType[], allSlots: readonly PerType[]): PerType {
  // Under weights that are even enough for everybody there is nothing to win.
  let best = candidates[0] ?? [];
  let bestLoss = Number.POSITIVE_INFINITY;
  for (const weights of candidates) {
    const worstLoss = allSlots.reduce((worst, slots) => Math.max(worst, lossOf(slots, weights)), EVEN_ENOUGH);
    if (worstLoss < bestLoss) [best, bestLoss] = [weights, worstLoss];
  }
  return best;
}

/** Any number of tasks that need nothing fit, so there is nothing to weigh them by. */
function needsSomething({ cpuUnits, memoryMiB, gpus, eniSlots }: TaskShape): boolean {
  return cpuUnits + memoryMiB + gpus + eniSlots > 0;
}

/** A type can be named once a zone; what counts for it elsewhere is its first weight, too. */
function typesOnce(options: readonly FleetOption[]): FleetOption[] {
  return options.filter(
    (option, at) => options.findIndex(({ instanceType }) => instanceType === option.instanceType) === at,
  );
}
