// The keys of the lease that decides which controller leads.
import { filePath, oneOf, orNothing, seconds, text } from './format.ts';

export const LEASE_SETTINGS = {
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
    doc: 'The lease file, needed when `lease.store` is `file`; relative to the file it is written in, from the environment to the working directory.',
    format: orNothing(filePath),
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
} as const;
