// Which stops cannot be made in order within the two minutes of an interruption notice. Pure. Only who owns the tasks can
// change that, so it is told long before a notice, with what to shorten: a stop timeout, a daemon's or a load balancer's
// share. With a load balancer ECS sends SIGTERM only when the deregistration delay is over, and that is 300 s unless
// somebody set it: such a task is cut off without ever being asked to stop.

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_MS = 120_000;

/** Of one task. */
export interface StopTimes {
  /** Whom an operator knows it by: its service, or the family of a task without one. */
  readonly of: { readonly service: string } | { readonly family: string };
  readonly isDaemon: boolean;
  readonly deregistrationMs: number;
  readonly stopTimeoutMs: number;
}

export interface Overrun {
  /** The same for the same tasks and the same remedy. */
  readonly key: string;
  readonly overMs: number;
  /** For an operator. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

const SLOW_LOAD_BALANCER =
  'an interruption would cut off the tasks of this service before their SIGTERM or within their stop timeout: its target group deregisters too slowly';
const LONG_STOP_TIMEOUT =
  'an interruption would cut off these tasks within their stop timeout, which does not fit into the notice: shorten stopTimeout in their task definition';
const DAEMON_TOO_EARLY =
  'an interruption would end this daemon before the longest of the tasks that it serves, as their stops do not fit into the notice together: shorten the stopTimeout of either';

/** Each with the time by which it is too long; none for stops that fit. */
export function overrunsOf(stops: readonly StopTimes[], marginMs: number): Overrun[] {
  const slowest = slowestOfEach(stops);
  const leftMs = NOTICE_MS - marginMs;
  const tooLong = slowest.filter((stop) => takesMs(stop) > leftMs);
  const fitting = slowest.filter((stop) => takesMs(stop) <= leftMs);
  const together = ofDaemonAndOthers(fitting, marginMs);
  return [...tooLong.map((stop) => ofOne(stop, marginMs)), ...(together === null ? [] : [together])];
}

function ofOne(stop: StopTimes, marginMs: number): Overrun {
  const { of, deregistrationMs, stopTimeoutMs } = stop;
  const isHelpedByLoadBalancer = stopTimeoutMs + marginMs <= NOTICE_MS;
  const message = isHelpedByLoadBalancer ? SLOW_LOAD_BALANCER : LONG_STOP_TIMEOUT;
  const overMs = takesMs(stop) + marginMs - NOTICE_MS;
  return { key: keyOf(stop), overMs, message, fields: { ...of, deregistrationMs, stopTimeoutMs, marginMs } };
}

/** The others end first, as daemons serve them. */
function ofDaemonAndOthers(stops: readonly StopTimes[], marginMs: number): Overrun | null {
  const daemon = slowestOf(stops.filter(({ isDaemon }) => isDaemon));
  const other = slowestOf(stops.filter(({ isDaemon }) => !isDaemon));
  if (daemon === undefined || other === undefined) return null;
  const [daemonMs, longestMs] = [takesMs(daemon), takesMs(other)];
  const overMs = daemonMs + longestMs + marginMs - NOTICE_MS;
  if (overMs <= 0) return null;
  const fields = { daemon: nameOf(daemon), daemonMs, longest: nameOf(other), longestMs, marginMs };
  return { key: `${keyOf(daemon)} ${keyOf(other)}`, overMs, message: DAEMON_TOO_EARLY, fields };
}

/** A deployment runs two revisions of a service for a while. */
function slowestOfEach(stops: readonly StopTimes[]): StopTimes[] {
  const slowest = new Map<string, StopTimes>();
  for (const stop of stops) {
    const known = slowest.get(keyOf(stop));
    if (known === undefined || takesMs(known) < takesMs(stop)) slowest.set(keyOf(stop), stop);
  }
  return [...slowest.values()];
}

function slowestOf(stops: readonly StopTimes[]): StopTimes | undefined {
  return stops.toSorted((a, b) => takesMs(b) - takesMs(a))[0];
}

function takesMs({ deregistrationMs, stopTimeoutMs }: StopTimes): number {
  return deregistrationMs + stopTimeoutMs;
}

function keyOf({ of }: StopTimes): string {
  return 'service' in of ? `service/${of.service}` : `family/${of.family}`;
}

function nameOf({ of }: StopTimes): string {
  return 'service' in of ? of.service : of.family;
}
