// The keys of the room that is kept for tasks which do not run yet.
import { numberOr, oneOf, seconds, wholeNumber } from './format.ts';
import { floors, pins } from './headroom.ts';

const DAY_SECONDS = 86_400;

export const HEADROOM_SETTINGS = {
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
} as const;
