// How fast and how the pretend cloud behaves. Defaults are AWS's own figures where they are known; the sandbox's story
// shortens them and says so.

export interface WorldSettings {
  readonly region: string;
  readonly accountId: string;
  /** Interruption notice to power-off. AWS: two minutes. */
  readonly noticeMs: number;
  /** Notice of a hibernation to power-off. AWS: at once; it is never so soon that nobody could have read it. */
  readonly hibernateAfterMs: number;
  /** How often a fleet compares what it has with its target. */
  readonly fleetReviewMs: number;
  /** How long a fleet stays `modifying` after ModifySpotFleetRequest. AWS: a few seconds. */
  readonly fleetModifyMs: readonly [number, number];
  /** EC2 `pending` until `running`. */
  readonly launchMs: readonly [number, number];
  /** `running`, or a reboot, until the operating system, the ECS agent and ours have started. */
  readonly bootMs: readonly [number, number];
  /** ECS agent started until the container instance is ACTIVE, or connected again after another boot. */
  readonly registerMs: readonly [number, number];
  /** EC2 `shutting-down` until `terminated`, `stopping` until `stopped`. */
  readonly terminateMs: readonly [number, number];
  /** Terminated until ECS has deregistered the container instance. */
  readonly deregisterMs: readonly [number, number];
  /** How often ECS looks at each service. */
  readonly schedulerMs: number;
  /** Placed until RUNNING (image pull, container start). */
  readonly taskStartMs: readonly [number, number];
  /** Without a health check ECS takes a task for healthy after this long RUNNING. AWS: 40 s. */
  readonly healthyAfterMs: number;
  /** The ECS agent's own stop timeout, for definitions that set none. AWS: 30 s. */
  readonly defaultStopTimeoutMs: number;
  /** AWS does not say whether a noticed instance counts as fulfilled until it ends; both answers can be played. */
  readonly noticedCountsAsFulfilled: boolean;
  /** AWS does not say whether StartTask is refused on a DRAINING instance. */
  readonly startTaskOnDraining: 'refused' | 'accepted';
  /** AWS does not say whether draining leaves tasks with scale-in protection where they are. */
  readonly drainingHonoursProtection: boolean;
  /** AWS does not say whether `GPU` among the remaining resources lists free ids or those in use. */
  readonly remainingGpusListed: 'free' | 'used';
}

export const REAL_PACE: WorldSettings = {
  region: 'us-east-1',
  accountId: '123456789012',
  noticeMs: 120_000,
  hibernateAfterMs: 2_000,
  fleetReviewMs: 5_000,
  fleetModifyMs: [2_000, 6_000],
  launchMs: [5_000, 20_000],
  bootMs: [20_000, 45_000],
  registerMs: [2_000, 10_000],
  terminateMs: [5_000, 30_000],
  deregisterMs: [1_000, 10_000],
  schedulerMs: 1_000,
  taskStartMs: [2_000, 15_000],
  healthyAfterMs: 40_000,
  defaultStopTimeoutMs: 30_000,
  noticedCountsAsFulfilled: true,
  startTaskOnDraining: 'refused',
  drainingHonoursProtection: false,
  remainingGpusListed: 'free',
};
