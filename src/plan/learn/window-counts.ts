// How often a window of time held how many of something, older windows counting less: a histogram of bounded size whose
// old entries fade. It knows numbers only; what was counted, and when a window ends, is the caller's.

/** By bucket, the weight of the windows in it: a window weighs 1 when it ends and fades from then on. */
export type WindowCounts = readonly number[];

export const NO_WINDOWS: WindowCounts = [];

// Exact up to 16, then eight buckets an octave, so that a quantile is at most 9 % too high and never too low. 97 buckets
// reach 16,384: more tasks than a service may have (5,000) arriving at once.
const UPPER_EDGES = Array.from({ length: 97 }, (_, bucket) =>
  bucket <= 16 ? bucket : Math.floor(16 * 2 ** ((bucket - 16) / 8)),
);

// A bucket that has faded to this is empty: a single window ten half-lives ago.
const NEGLIGIBLE = 2 ** -10;

/** The histogram with one more window that held `count`; what was in it before is multiplied by `fade`. */
export function addWindow(before: WindowCounts, count: number, fade: number): WindowCounts {
  const bucket = bucketOf(count);
  const weights = Array.from({ length: Math.max(before.length, bucket + 1) }, (_, index) => {
    const faded = (before[index] ?? 0) * fade;
    return (faded < NEGLIGIBLE ? 0 : faded) + (index === bucket ? 1 : 0);
  });
  return weights.slice(0, weights.findLastIndex((weight) => weight > 0) + 1);
}

/** The least count that this share of the windows, 0 to 1, does not exceed; 0 when there are no windows. */
export function quantileOf(windows: WindowCounts, share: number): number {
  // A hair less than asked for, because sums of fractions are rounded: 19 windows of 20 are 95 %.
  const wanted = share * sum(windows) * (1 - 1e-9);
  let reached = 0;
  for (const [bucket, weight] of windows.entries()) {
    reached += weight;
    if (reached >= wanted) return UPPER_EDGES[bucket] ?? 0;
  }
  return UPPER_EDGES[windows.length - 1] ?? 0;
}

/** The weight of the windows that held any at all. */
export function weightAboveZero(windows: WindowCounts): number {
  return sum(windows.slice(1));
}

function bucketOf(count: number): number {
  const bucket = UPPER_EDGES.findIndex((edge) => count <= edge);
  return bucket < 0 ? UPPER_EDGES.length - 1 : bucket;
}

const sum = (weights: WindowCounts): number => weights.reduce((total, weight) => total + weight, 0);
