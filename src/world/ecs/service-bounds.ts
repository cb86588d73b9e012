// How far a service may be from its desired count while tasks are replaced: pure arithmetic, rounded as the
// DeploymentConfiguration documentation says (lower bound up, upper bound down).
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html

export interface Bounds {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
}

export function lowerBound(desiredCount: number, bounds: Bounds): number {
  return Math.ceil((desiredCount * bounds.minimumHealthyPercent) / 100);
}

export function upperBound(desiredCount: number, bounds: Bounds): number {
  return Math.floor((desiredCount * bounds.maximumPercent) / 100);
}

export interface Standing {
  readonly desiredCount: number;
  /** Tasks of the present deployment on instances that stay. */
  readonly stayingCount: number;
  /** All tasks meant to run, also those that are to be replaced. */
  readonly aliveCount: number;
  /** Tasks that are healthy, also those that are to be replaced. */
  readonly healthyCount: number;
}

/** How many tasks may be started now. */
export function startable(standing: Standing, bounds: Bounds): number {
  const missing = standing.desiredCount - standing.stayingCount;
  return Math.max(0, Math.min(missing, upperBound(standing.desiredCount, bounds) - standing.aliveCount));
}

/** How many healthy tasks may be stopped now for the sake of a replacement. */
export function stoppable(standing: Standing, bounds: Bounds): number {
  return Math.max(0, standing.healthyCount - lowerBound(standing.desiredCount, bounds));
}
