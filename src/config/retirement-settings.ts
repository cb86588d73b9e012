// The keys of how instances leave where nothing forces them to.
import { RETIREMENT_REASONS } from '../model/attributes.ts';
import { type Format, oneOf, seconds, trueOrFalse, wholeNumber } from './format.ts';
import { windowFields } from './headroom.ts';
import { listOfSections } from './sections.ts';

const DAY_SECONDS = 86_400;
const MOST_ITEMS = 50;
const MOST_INSTANCES = 100_000;

/** `3`, or `10%`. */
const countOrPercent: Format<number | string> = {
  expects: `a whole number from 0 to ${MOST_INSTANCES}, or a share such as 10%`,
  accepts: (value): value is number | string =>
    typeof value === 'string' ? /^(100|\d{1,2}(\.\d+)?)%$/.test(value) : wholeNumber(0, MOST_INSTANCES).accepts(value),
  fromText: (given) => (given.endsWith('%') ? given : Number(given)),
};

const drainEnd = oneOf(['terminate', 'give-up']);
const drainSeconds = seconds(0, 30 * DAY_SECONDS);

const budgets = listOfSections(
  MOST_ITEMS,
  { most: countOrPercent },
  { perZone: trueOrFalse, withinSeconds: seconds(1, 7 * DAY_SECONDS) },
);

type Budgets = typeof budgets extends Format<infer Value> ? Value : never;

const DEFAULT_BUDGETS: Budgets = [{ most: '10%' }];

export const RETIREMENT_SETTINGS = {
  'retirement.minimumAgeSeconds': {
    doc: 'Nobody younger leaves by our own decision: an instance is paid from its launch, and what sent it home in its first minutes would ask for it again.',
    format: seconds(0, DAY_SECONDS),
    default: 300,
    env: ['SPOTKEEPER_RETIREMENT_MINIMUM_AGE_SECONDS'],
  },
  'retirement.budgets': {
    doc: 'How many instances may be on their way out. `most` is a number or a share of the instances, rounded up; with `withinSeconds` it counts those that were chosen within that time, otherwise those that leave at once, for whatever reason, interrupted ones too. `perZone: true`: of each zone. All of them hold together. In the environment as JSON.',
    format: budgets,
    default: DEFAULT_BUDGETS,
    env: ['SPOTKEEPER_RETIREMENT_BUDGETS'],
  },
  'retirement.quiet': {
    doc: 'Hours in which nobody is chosen to leave; who has been chosen, goes on. Interruptions keep no hours. In the environment as JSON.',
    format: listOfSections(MOST_ITEMS, windowFields, {}),
    default: [],
    env: ['SPOTKEEPER_RETIREMENT_QUIET'],
  },
  'retirement.consolidateEverySeconds': {
    doc: 'An instance with tasks on it that is only just not needed leaves at most this often: what fits just so today may not tomorrow, and each time its tasks move.',
    format: seconds(0, 7 * DAY_SECONDS),
    default: 600,
    env: ['SPOTKEEPER_RETIREMENT_CONSOLIDATE_EVERY_SECONDS'],
  },
  'retirement.standaloneTasks': {
    doc: 'Whether an instance that runs standalone tasks may be chosen: `refuse`, or `wait` for them to end, for as long as a drain may take.',
    format: oneOf(['refuse', 'wait']),
    default: 'refuse',
    env: ['SPOTKEEPER_RETIREMENT_STANDALONE_TASKS'],
  },
  'retirement.drift': {
    doc: 'What becomes of an instance that was launched with another image or launch template version than the fleet launches now: `report` names it, `replace` replaces it, in batches as large as the budgets allow. Whatever is said here, `spotkeeper replace` replaces what it is told to.',
    format: oneOf(['report', 'replace']),
    default: 'report',
    env: ['SPOTKEEPER_RETIREMENT_DRIFT'],
  },
  'retirement.drainSeconds': {
    doc: 'How long a drain of ours may take, from the choice on.',
    format: drainSeconds,
    default: 3_600,
    env: ['SPOTKEEPER_RETIREMENT_DRAIN_SECONDS'],
  },
  'retirement.drainEnd': {
    doc: 'What then: `give-up` lets the instance serve again, and it is not chosen for an hour; `terminate` stops what is left, each task with its SIGTERM and its stop timeout, and ends the instance when it is empty.',
    format: drainEnd,
    default: 'give-up',
    env: ['SPOTKEEPER_RETIREMENT_DRAIN_END'],
  },
  'retirement.drainLimits': {
    doc: 'Reasons for which another limit holds. In the environment as JSON.',
    format: listOfSections(
      RETIREMENT_REASONS.length,
      { reason: oneOf(RETIREMENT_REASONS) },
      { seconds: drainSeconds, end: drainEnd },
    ),
    default: [],
    env: ['SPOTKEEPER_RETIREMENT_DRAIN_LIMITS'],
  },
} as const;
