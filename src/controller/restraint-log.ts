// Says in the log what holds the controller back: when it starts, changes and ends, never at every pass. Everything else
// it does is quiet while it is held, and a quiet log must not look like a calm cluster.
import { formatInstant } from '../model/instant.ts';
import { ORDER_TAG } from '../model/orders.ts';
import type { FreezeReason } from '../plan/freeze.ts';
import type { PlanReport } from '../plan/report.ts';
import type { HoldReason } from '../plan/restraint.ts';
import type { Logger } from '../ports/logger.ts';

type Restraint = PlanReport['restraint'];

/** What an operator decided is told as such; what somebody must look at, as an error. */
const STARTS: Readonly<Record<Exclude<HoldReason, 'frozen'>, { level: 'warn' | 'error' | 'info'; text: string }>> = {
  stopped: { level: 'warn', text: 'the kill switch is on: nothing is done until the tag spotkeeper.stop is removed' },
  'orders-unknown': {
    level: 'error',
    text: 'the tags of the cluster have never been read: nothing is done until it is known whether the kill switch is on',
  },
  'pause-unreadable': {
    level: 'error',
    text: 'the tag spotkeeper.pause cannot be read: nothing is done until it is mended or removed',
  },
  paused: { level: 'warn', text: 'paused: nothing is done' },
  observe: { level: 'info', text: 'mode observe: nothing is done' },
  recommend: { level: 'info', text: 'mode recommend: nothing is done, only said' },
  'scale-out-only': { level: 'info', text: 'mode scale-out-only: nothing that shrinks is done' },
  'shrinking-paused': { level: 'warn', text: 'paused: nothing that shrinks is done' },
};

const ENDS: Readonly<Record<Exclude<HoldReason, 'frozen'>, string>> = {
  stopped: 'the kill switch is off',
  'orders-unknown': 'the tags of the cluster are read',
  'pause-unreadable': 'the pause that could not be read is over',
  paused: 'the pause is over',
  observe: 'the mode is no longer observe',
  recommend: 'the mode is no longer recommend',
  'scale-out-only': 'the mode is no longer scale-out-only',
  'shrinking-paused': 'the pause of what shrinks is over',
};

const FREEZES: Readonly<Record<FreezeReason, { level: 'warn' | 'error'; text: string }>> = {
  'partial-view': { level: 'warn', text: 'frozen: a part of the cluster cannot be seen, so nothing shrinks' },
  'stale-view': { level: 'warn', text: 'frozen: what was seen is too old, so nothing shrinks' },
  'many-lost': { level: 'error', text: 'frozen: many instances went out of sight at once, so nothing shrinks' },
  'target-fought': {
    level: 'error',
    text: 'frozen: somebody else sets the target of the fleet back each time, so nothing shrinks',
  },
  'acts-failing': { level: 'error', text: 'frozen: what is done fails one pass after the other, so nothing shrinks' },
};

const THAWS: Readonly<Record<FreezeReason, string>> = {
  'partial-view': 'no longer frozen: the whole cluster is seen',
  'stale-view': 'no longer frozen: what is seen is fresh',
  'many-lost': 'no longer frozen: instances are in sight again, or given up',
  'target-fought': 'no longer frozen: nobody has set the target back again',
  'acts-failing': 'no longer frozen: what is done succeeds, or is tried again',
};

export class RestraintLog {
  readonly #logger: Logger;
  #before: Pick<Restraint, 'holds' | 'frozen'> = { holds: [], frozen: [] };
  #order = '';
  #recommended = '';

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(restraint: Restraint): void {
    const { holds, frozen } = restraint;
    const before = this.#before;
    this.#before = { holds, frozen };
    const fields = orderFields(restraint);
    // Another end or another reason is another order, also when it holds back the same.
    const order = JSON.stringify(fields);
    const isOtherOrder = order !== this.#order;
    this.#order = order;
    for (const hold of holds) {
      if (hold === 'frozen' || (before.holds.includes(hold) && !(isOtherOrder && isOrder(hold)))) continue;
      const { level, text } = STARTS[hold];
      this.#logger[level](fields, withKey(text, restraint));
    }
    for (const reason of frozen) {
      if (!before.frozen.includes(reason)) this.#logger[FREEZES[reason].level]({}, FREEZES[reason].text);
    }
    for (const hold of before.holds) {
      if (hold !== 'frozen' && !holds.includes(hold)) this.#logger.info({}, ENDS[hold]);
    }
    for (const reason of before.frozen) if (!frozen.includes(reason)) this.#logger.info({}, THAWS[reason]);
    this.#recommend(restraint);
  }

  /** In mode `recommend`, each action that would be done, whenever they are others than at the pass before. */
  #recommend({ held }: Restraint): void {
    const wouldDo = held.flatMap(({ action, why }) => (why === 'recommend' ? [action] : []));
    const recommended = JSON.stringify(wouldDo);
    if (recommended !== this.#recommended) {
      for (const action of wouldDo) this.#logger.info({ wouldDo: action }, 'would do');
    }
    this.#recommended = recommended;
  }
}

/** AWS removes a tag only by its key as it is put. */
function withKey(text: string, { stop }: Restraint): string {
  return stop === null ? text : text.replace(ORDER_TAG.stop, stop.key);
}

function isOrder(hold: HoldReason): boolean {
  return hold === 'stopped' || hold === 'paused' || hold === 'shrinking-paused' || hold === 'pause-unreadable';
}

function orderFields({ stop, pause }: Restraint): object {
  return {
    ...(stop === null ? {} : { stop: stop.text }),
    ...(pause === null ? {} : pause.of === 'unreadable' ? { pause: pause.text } : readable(pause)),
  };
}

function readable({ until, by, reason }: { until: number; by: string; reason: string }): object {
  return { until: formatInstant(until), by, reason };
}
