// Every key of the controller's file, with what it means and why its default is what it is.
import { awsRegion, listOf, numberOr, oneOf, orNothing, seconds, text, trueOrFalse, wholeNumber } from './format.ts';
import { floors, pins } from './headroom.ts';
import { LOG_SETTINGS } from './logging.ts';
import { schedule } from './schedule.ts';

const path = text('a path', /\S/);
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
  schedule: {
    doc: 'When a pass runs at least. Every 15 seconds takes at most a tenth of the ECS reads that AWS allows an account, however large the cluster. It is also how long an interruption notice may wait for its replacement to be asked for.',
    format: schedule,
    default: '*/15 * * * * *',
    env: ['SPOTKEEPER_SCHEDULE'],
  },
  'lease.store': {
    doc: 'Where the lease is kept that decides which controller leads. `file` is for a single controller on one host.',
    format: oneOf(['dynamodb', 'file']),
    default: 'dynamodb',
    env: ['SPOTKEEPER_LEASE_STORE'],
  },
  'lease.table': {
    doc: 'The DynamoDB table, with the partition key `name` (string). One table serves any number of clusters.',
    format: text('the name of a DynamoDB table', /^[\w.-]{3,255}$/),
    default: 'spotkeeper-leases',
    env: ['SPOTKEEPER_LEASE_TABLE'],
  },
  'lease.file': {
    doc: 'The lease file, needed when `lease.store` is `file`.',
    format: orNothing(path),
    default: null,
    env: ['SPOTKEEPER_LEASE_FILE'],
  },
  'lease.durationSeconds': {
    doc: 'How long a standby watches the lease stand still before it takes it: the longest time nobody leads after a crash. 15, 10 and 2 are what Kubernetes controllers run with.',
    format: seconds(1, 600),
    default: 15,
    env: ['SPOTKEEPER_LEASE_DURATION_SECONDS'],
  },
  'lease.renewDeadlineSeconds': {
    doc: 'A leader that could not renew for this long stops acting. Less than `lease.durationSeconds`, so that the old leader has stopped before a new one starts.',
    format: seconds(0.5, 600),
    default: 10,
    env: ['SPOTKEEPER_LEASE_RENEW_DEADLINE_SECONDS'],
  },
  'lease.retryPeriodSeconds': {
    doc: 'Time between two attempts to renew or take the lease. Less than `lease.renewDeadlineSeconds`, so that one lost attempt costs nothing.',
    // Each attempt also pings systemd's watchdog, which waits two minutes.
    format: seconds(0.1, 30),
    default: 2,
    env: ['SPOTKEEPER_LEASE_RETRY_PERIOD_SECONDS'],
  },
  'headroom.largestTasks': {
    doc: 'Room is always kept for this many more of each largest task. Two: one that starts now, and one that starts while the room of the first is made again.',
    format: wholeNumber(0, 1_000),
    default: 2,
    env: ['SPOTKEEPER_HEADROOM_LARGEST_TASKS'],
  },
  'headroom.survive': {
    doc: 'What may be lost at once with every task still finding a place: nothing, one Spot pool (an instance type in one zone), or a zone. A pool, because pools are interrupted whole, and usually within minutes. In spare room that is a ninth of what runs on ten equal pools, and a zone is half of what runs in three.',
    format: oneOf(['none', 'pool', 'zone']),
    default: 'pool',
    env: ['SPOTKEEPER_HEADROOM_SURVIVE'],
  },
  'headroom.arrivalQuantile': {
    doc: 'Beyond the promise, room for the tasks that start while new instances come, enough for this share of such times as seen lately; `off` for none. 0.95 is right when a task that waits costs twenty times what its room costs meanwhile. It holds nothing where tasks start in fewer than one of twenty such times, and at most doubles from one to the next.',
    format: numberOr('off', 0.5, 0.999),
    default: 0.95,
    env: ['SPOTKEEPER_HEADROOM_ARRIVAL_QUANTILE'],
  },
  'headroom.forgetLargestSeconds': {
    doc: 'A task size that nobody has used for this long no longer counts as a largest task. A day, so that the room for what runs every night does not come and go with it.',
    format: seconds(0, 31 * DAY_SECONDS),
    default: DAY_SECONDS,
    env: ['SPOTKEEPER_HEADROOM_FORGET_LARGEST_SECONDS'],
  },
  'headroom.pins': {
    doc: 'Room for `tasks` tasks of a size that need not exist yet: `cpu` in units (1024 is a vCPU), `memory` in MiB. In the environment as JSON.',
    format: pins,
    default: [],
    env: ['SPOTKEEPER_HEADROOM_PINS'],
  },
  'headroom.floors': {
    doc: 'Hours in which room is kept for more of each largest task than `headroom.largestTasks`: ready at `from`, launched before. A window whose `until` is not after its `from` ends the next day. In the environment as JSON.',
    format: floors,
    default: [],
    env: ['SPOTKEEPER_HEADROOM_FLOORS'],
  },
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
    format: listOf(path, { exactly: 1, because: 'more than one fleet is not supported yet' }),
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
  ...LOG_SETTINGS,
} as const;
