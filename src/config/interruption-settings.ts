// The keys of what the controller makes of AWS's warnings, and of instances that never become part of the cluster.
import { oneOf, seconds, wholeNumber } from './format.ts';

const DAY_SECONDS = 86_400;

export const INTERRUPTION_SETTINGS = {
  'interruptions.atRiskSeconds': {
    doc: 'For this long after a rebalance recommendation no room is counted on there, unless the agent takes it back before. Of what AWS recommends to leave most stays for hours, so half an hour is believed and no more.',
    format: seconds(0, DAY_SECONDS),
    default: 1_800,
    env: ['SPOTKEEPER_INTERRUPTIONS_AT_RISK_SECONDS'],
  },
  'interruptions.stormNotices': {
    doc: 'So many interruption notices in one pool (instance type and zone) within `interruptions.stormWithinSeconds`, and all of the pool counts as lost: its room is asked for at once, and nobody is chosen to leave.',
    format: wholeNumber(2, 1_000),
    default: 2,
    env: ['SPOTKEEPER_INTERRUPTIONS_STORM_NOTICES'],
  },
  'interruptions.stormWithinSeconds': {
    doc: 'The time for that. Of interruptions that share a pool nine in ten come within three minutes of each other.',
    format: seconds(1, DAY_SECONDS),
    default: 180,
    env: ['SPOTKEEPER_INTERRUPTIONS_STORM_WITHIN_SECONDS'],
  },
  'interruptions.stormLastsSeconds': {
    doc: 'So long after its last notice what is left of the pool is counted on again.',
    format: seconds(1, DAY_SECONDS),
    default: 600,
    env: ['SPOTKEEPER_INTERRUPTIONS_STORM_LASTS_SECONDS'],
  },
  'orphans.response': {
    doc: 'What becomes of instances of the fleet that are none of the cluster: `terminate` ends them, `keep` reports them. Keep those of a fleet whose instances also join another cluster.',
    format: oneOf(['terminate', 'keep']),
    default: 'terminate',
    env: ['SPOTKEEPER_ORPHANS_RESPONSE'],
  },
  'orphans.disconnectedSeconds': {
    doc: 'An instance whose ECS agent has not been connected for this long, and on which no task runs, is an orphan. With a task on it, it never is.',
    format: seconds(60, 7 * DAY_SECONDS),
    default: 1_800,
    env: ['SPOTKEEPER_ORPHANS_DISCONNECTED_SECONDS'],
  },
  'orphans.failuresBeforeStop': {
    doc: 'After so many launches that never joined, and none that did, launches count as failing: nothing more is asked for but one instance now and then, first after `joinGraceSeconds`, then after twice as long, up to an hour, until one joins.',
    format: wholeNumber(1, 1_000),
    default: 3,
    env: ['SPOTKEEPER_ORPHANS_FAILURES_BEFORE_STOP'],
  },
} as const;
