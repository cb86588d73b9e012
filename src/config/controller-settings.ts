// Every key of the controller's file, with what it means and why its default is what it is.
import { FAST_LANE_SETTINGS } from './fast-lane-settings.ts';
import { awsRegion, filePath, listOf, orNothing, seconds, text, trueOrFalse, wholeNumber } from './format.ts';
import { HEADROOM_SETTINGS } from './headroom-settings.ts';
import { INTERRUPTION_SETTINGS } from './interruption-settings.ts';
import { LEASE_SETTINGS } from './lease-settings.ts';
import { LOG_SETTINGS } from './logging.ts';
import { RECORDING_SETTINGS } from './recording-settings.ts';
import { RESTRAINT_SETTINGS } from './restraint-settings.ts';
import { RETIREMENT_SETTINGS } from './retirement-settings.ts';
import { schedule } from './schedule.ts';

const DAY_SECONDS = 86_400;

export const CONTROLLER_SETTINGS = {
  cluster: {
    doc: 'The ECS cluster, by name or ARN.',
    format: text('the name or ARN of a cluster', /^(arn:[\w-]+:ecs:[\w-]+:\d+:cluster\/)?[\w-]{1,255}$/),
    env: ['SPOTKEEPER_CLUSTER'],
    option: '--cluster',
  },
  region: {
    doc: 'The AWS region. Left out, the AWS SDK finds it (`AWS_REGION`, profile).',
    format: orNothing(awsRegion),
    default: null,
    env: ['SPOTKEEPER_REGION', 'AWS_REGION'],
    option: '--region',
  },
  ...RESTRAINT_SETTINGS,
  schedule: {
    doc: 'When a pass runs at least. Every 15 seconds takes at most a tenth of the ECS reads that AWS allows an account, however large the cluster. New notices are seen between passes, too (`fastLane.periodSeconds`).',
    format: schedule,
    default: '*/15 * * * * *',
    env: ['SPOTKEEPER_SCHEDULE'],
  },
  ...FAST_LANE_SETTINGS,
  ...LEASE_SETTINGS,
  ...HEADROOM_SETTINGS,
  ...RETIREMENT_SETTINGS,
  ...INTERRUPTION_SETTINGS,
  'scaleIn.idleSeconds': {
    doc: 'A surplus must last this long before an instance leaves. About what a new instance takes to launch, boot and join, so that leaving and coming back cannot cost more than staying.',
    format: seconds(0, DAY_SECONDS),
    default: 300,
    env: ['SPOTKEEPER_SCALE_IN_IDLE_SECONDS'],
  },
  pendingDebounceSeconds: {
    doc: 'Room is asked for a task when it has been missing for this long: the counts of a service flicker while its tasks come and go. What ECS says it could not place is asked for at once.',
    format: seconds(0, 300),
    default: 10,
    env: ['SPOTKEEPER_PENDING_DEBOUNCE_SECONDS'],
  },
  joinGraceSeconds: {
    doc: 'A launched instance that is not in the cluster after this long counts as an orphan and its capacity is asked for again. Launch, boot and registration take one to three minutes; ten leave room for slow images.',
    format: seconds(1, DAY_SECONDS),
    default: 600,
    env: ['SPOTKEEPER_JOIN_GRACE_SECONDS'],
  },
  disconnectGraceSeconds: {
    doc: 'An instance whose ECS agent is not connected is expected back for this long; then its capacity is asked for again. ECS agents reconnect several times an hour in normal life.',
    format: seconds(1, DAY_SECONDS),
    default: 300,
    env: ['SPOTKEEPER_DISCONNECT_GRACE_SECONDS'],
  },
  fleets: {
    doc: 'The file of the fleet, relative to this one. A list, because a cluster may have more than one fleet; for now exactly one is kept.',
    format: listOf(filePath, { exactly: 1, because: 'more than one fleet is not supported yet' }),
    env: ['SPOTKEEPER_FLEETS'],
  },
  'status.host': {
    doc: 'The address `/healthz`, `/metrics` and `/status.json` are served on. Loopback unless told otherwise: whoever reaches it may read the whole report.',
    format: text('an address or host name', /^[\w.:-]+$/),
    default: '127.0.0.1',
    env: ['SPOTKEEPER_STATUS_HOST'],
  },
  'status.port': {
    doc: 'The port they are served on; 0 takes any free one.',
    format: wholeNumber(0, 65_535),
    default: 9480,
    env: ['SPOTKEEPER_STATUS_PORT'],
  },
  'metrics.periodSeconds': {
    doc: 'How often the leader publishes its metrics. CloudWatch keeps one value a minute; more often costs calls and shows nothing.',
    format: seconds(1, 3_600),
    default: 60,
    env: ['SPOTKEEPER_METRICS_PERIOD_SECONDS'],
  },
  'metrics.perInstance': {
    doc: 'Whether every single instance has its own SchedulableTasks, in CloudWatch and for Prometheus. CloudWatch charges for each as a metric of its own.',
    format: trueOrFalse,
    default: false,
    env: ['SPOTKEEPER_METRICS_PER_INSTANCE'],
  },
  ...RECORDING_SETTINGS,
  ...LOG_SETTINGS,
} as const;
