// Small whole weights in proportion to what each type holds. A Spot fleet takes fractions too; whole ones are what people
// can check, and none is below 1.

/**
 * The smallest that are good enough: the type that holds least gets 1, or 2, and so on, until the others in proportion
 * come close enough to whole numbers. In the end that is exactly the proportion. 1 for a type that holds nothing.
 */
export function proportionalWeights(
  counts: readonly number[],
  isGoodEnough: (weights: readonly number[]) => boolean,
): number[] {
  const fewest = Math.min(...counts.filter((count) => count > 0));
  // A hundredth of one more or less is no reason for weights in the hundreds.
  for (let least = 1; least <= Math.min(fewest, 100); least += 1) {
    const weights = counts.map((count) => (count === 0 ? 1 : Math.round((count * least) / fewest)));
    if (isGoodEnough(weights)) return weights;
  }
  const divisor = counts.reduce(greatestDivisor, 0);
  return counts.map((count) => (count === 0 ? 1 : count / divisor));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
