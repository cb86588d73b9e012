// How long a launch takes until the instance takes tasks, learned without memory from what AWS says of the instances
// that live: when each was launched and when it registered. It judges no instance, and it knows no types.

/** From the launch of an instance until it can take tasks. */
export interface LeadTime {
  /** Half of the launches take at most this long. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Whether our own launches weigh more in it than the prior. */
  readonly isLearned: boolean;
}

/** One live instance; both instants in epoch milliseconds, null while not known. */
export interface Launch {
  readonly launchedAt: number | null;
  readonly registeredAt: number | null;
}

// Before the first launch. EC2 answers SSH about 26 s after the call (github.com/brevdev/ec2-coldboot-research), an
// ordinary image needs 40 s to boot (depot.dev, 2024), on ECS over EC2 the first of many containers ran after 2.5 minutes
// (vladionescu.me, 2022), and Cluster Autoscaler's FAQ reckons 3 to 4 minutes for a node.
const PRIOR = { p50Ms: 120_000, p95Ms: 240_000 };

// The prior counts as much as five launches: the 95 % of fewer than twenty samples is only the slowest of them and says
// too little, and a cluster that has just started brings about five.
const PRIOR_SAMPLES = 5;

// Enough for ten samples beyond the 95 %, and few enough that a new machine image shows within a day of normal turnover.
const NEWEST = 200;

/**
 * The lead time by the newest launches, the prior mixed in as a few launches more. Left out is what cannot be a lead time:
 * negative, or longer than the grace after which an instance counts as an orphan, which is an old instance whose ECS
 * agent has registered anew. Neither quantile is ever longer than the grace.
 */
export function leadTimesOf(launches: readonly Launch[], { joinGraceMs }: { joinGraceMs: number }): LeadTime {
  const samples = newestLeads(launches, joinGraceMs).sort((a, b) => a - b);
  const ofPrior = PRIOR_SAMPLES / (samples.length + PRIOR_SAMPLES);
  const blend = (share: number, prior: number): number => {
    // Nearest rank: the least value that this share of the samples does not exceed.
    const sample = samples[Math.ceil(share * samples.length) - 1] ?? 0;
    return Math.round(ofPrior * Math.min(prior, joinGraceMs) + (1 - ofPrior) * sample);
  };
  return {
    p50Ms: blend(0.5, PRIOR.p50Ms),
    p95Ms: blend(0.95, PRIOR.p95Ms),
    isLearned: samples.length >= PRIOR_SAMPLES,
  };
}

/**
 * How much of an instance on its way still counts, 0 to 1: all of it while nearly every launch may still be under way,
 * then less and less, and nothing after three times as long.
 */
export function creditOf(ageMs: number, { p95Ms }: Pick<LeadTime, 'p95Ms'>): number {
  if (ageMs <= p95Ms) return 1;
  return p95Ms <= 0 ? 0 : Math.max(0, (3 * p95Ms - ageMs) / (2 * p95Ms));
}

function newestLeads(launches: readonly Launch[], joinGraceMs: number): number[] {
  return launches
    .flatMap(({ launchedAt, registeredAt }) =>
      launchedAt === null || registeredAt === null ? [] : [{ launchedAt, leadMs: registeredAt - launchedAt }],
    )
    .filter(({ leadMs }) => leadMs >= 0 && leadMs <= joinGraceMs)
    .sort((a, b) => b.launchedAt - a.launchedAt || b.leadMs - a.leadMs)
    .slice(0, NEWEST)
    .map(({ leadMs }) => leadMs);
}
