// How fast the story is played. It shortens AWS's durations so that the whole of it fits into a minute and a half; the
// order of things and every rule stay those of AWS. What is shortened is told at the opening.
import { REAL_PACE, type WorldSettings } from '../../world/settings.ts';

export const STORY_PACE: WorldSettings = {
  ...REAL_PACE,
  noticeMs: 20_000,
  fleetReviewMs: 500,
  fleetModifyMs: [200, 600],
  launchMs: [500, 1_500],
  bootMs: [1_000, 2_000],
  registerMs: [200, 800],
  terminateMs: [500, 1_500],
  deregisterMs: [200, 600],
  schedulerMs: 250,
  taskStartMs: [300, 900],
  healthyAfterMs: 1_500,
  defaultStopTimeoutMs: 3_000,
};

/** The controllers' timing, shortened alike. */
export const CONTROLLER_PACE = {
  schedule: '*/1 * * * * *',
  passMs: 1_000,
  leaseDurationSeconds: 5,
  renewDeadlineSeconds: 3,
  retryPeriodSeconds: 1,
  scaleInIdleSeconds: 2,
  /** Of minutes that pass in a blink nobody would ever be five old. */
  minimumAgeSeconds: 0,
  joinGraceSeconds: 30,
  /** The counts of a service are never wrong here, and the acts show what a pass does at once. */
  pendingDebounceSeconds: 0,
  /** The larger task of act 3 is a largest task no longer when act 6 ends it. */
  forgetLargestSeconds: 0,
  metricsPeriodSeconds: 5,
} as const;

/** What the figures are held against. Issue and design give the numbers; where they say "at once", a pass is meant. */
export const LIMITS = {
  /** At the agent's poll of one second. */
  noticeToDrainingMs: 1_500,
  /** One pass, and the time a pass itself takes on a busy machine. */
  shortfallToRaiseMs: CONTROLLER_PACE.passMs + 1_000,
  noticeToRaiseMs: CONTROLLER_PACE.passMs + 1_000,
  /** The lease duration and one retry period. */
  failOverMs: (CONTROLLER_PACE.leaseDurationSeconds + CONTROLLER_PACE.retryPeriodSeconds) * 1_000,
  wholeStoryMs: 90_000,
} as const;
