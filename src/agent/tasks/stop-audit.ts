// Whether the tasks of a service can be stopped in order within the two minutes of an interruption notice. Pure. With a
// load balancer ECS sends SIGTERM only when the deregistration delay is over, and that is 300 s unless somebody set it:
// such a task is cut off without ever being asked to stop, and only its owner can change that.

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_MS = 120_000;

export interface StopTimes {
  readonly deregistrationMs: number;
  readonly stopTimeoutMs: number;
  readonly marginMs: number;
}

/** By how much the stop does not fit into the two minutes; null when it does, or no load balancer is waited for. */
export function overrunMs({ deregistrationMs, stopTimeoutMs, marginMs }: StopTimes): number | null {
  const overMs = deregistrationMs + stopTimeoutMs + marginMs - NOTICE_MS;
  return deregistrationMs > 0 && overMs > 0 ? overMs : null;
}
