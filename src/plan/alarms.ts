// What somebody on call must know of, as the report tells it. Instants in epoch milliseconds.

/** A pool that is being taken back. */
export interface StormLine {
  /** `m5.large/us-east-1a`. */
  readonly pool: string;
  readonly since: number;
  readonly lastNoticeAt: number;
  readonly notices: number;
}

/** Launches that never joined the cluster, since one last did. */
export interface LaunchLine {
  readonly failed: number;
  /** Since when nothing more is launched for that; null while it is. */
  readonly stoppedSince: number | null;
  /** When the next one may be tried; null while launches go on. */
  readonly nextTryAt: number | null;
}
