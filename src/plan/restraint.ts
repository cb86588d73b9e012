// What keeps the controller from doing what it has planned: the mode, an operator's orders, a freeze. The plan itself is
// the same whatever holds it back, so that an operator can see what would be done.
import { NO_ORDERS, type Pause, type Stop, type UnreadablePause } from '../model/orders.ts';
import type { FreezeReason } from './freeze.ts';
import type { Action, Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { Mode } from './policy.ts';

/** What each reason to hold back covers, the one that covers most and is hardest to lift first. */
export const HOLDS = {
  /** The kill switch. */
  stopped: 'everything',
  /** Nobody knows whether there is a kill switch: its tag has never been read. */
  'orders-unknown': 'everything',
  /** There is a pause, and until when cannot be read. */
  'pause-unreadable': 'everything',
  paused: 'everything',
  /** The mode. */
  observe: 'everything',
  recommend: 'everything',
  'scale-out-only': 'shrinking',
  'shrinking-paused': 'shrinking',
  frozen: 'shrinking',
} as const satisfies Record<string, 'everything' | 'shrinking'>;

/** Why an action is held back. */
export type HoldReason = keyof typeof HOLDS;

export interface Restraint {
  readonly mode: Mode;
  /** The kill switch; null when it is off. */
  readonly stop: Stop | null;
  /** The pause that is in force. */
  readonly pause: Pause | UnreadablePause | null;
  readonly frozen: readonly FreezeReason[];
  /** Everything that holds now, in the order of `HOLDS`. */
  readonly holds: readonly HoldReason[];
}

export interface Held {
  readonly action: Action;
  /** The first that holds it. */
  readonly why: HoldReason;
}

export interface Allowed {
  readonly allowed: Plan;
  readonly held: readonly Held[];
}

/** What a restraint comes from. */
interface Restraining {
  readonly snapshot: Pick<PlanInput['snapshot'], 'orders'>;
  readonly policy: Pick<PlanInput['policy'], 'mode'>;
  readonly now: number;
}

export function restraintOf({ snapshot, policy, now }: Restraining, frozen: readonly FreezeReason[]): Restraint {
  const { stop, pause: written } = snapshot.orders ?? NO_ORDERS;
  const pause = written === null || (written.of !== 'unreadable' && written.until <= now) ? null : written;
  const { mode } = policy;
  const holding: Readonly<Record<HoldReason, boolean>> = {
    stopped: stop !== null,
    'orders-unknown': snapshot.orders === null,
    'pause-unreadable': pause?.of === 'unreadable',
    paused: pause?.of === 'everything',
    observe: mode === 'observe',
    recommend: mode === 'recommend',
    'scale-out-only': mode === 'scale-out-only',
    'shrinking-paused': pause?.of === 'shrinking',
    frozen: frozen.length > 0,
  };
  return { mode, stop, pause, frozen, holds: HOLD_REASONS.filter((reason) => holding[reason]) };
}

// Object.keys forgets what the keys are, and keeps their order.
export const HOLD_REASONS = Object.keys(HOLDS) as readonly HoldReason[];

/** What may be done of a plan, in its order, and what is held back. */
export function allowed(plan: Plan, restraint: Restraint): Allowed {
  const may: Action[] = [];
  const held: Held[] = [];
  for (const action of plan) {
    const why = whyHeld(action, restraint);
    if (why === null) may.push(action);
    else held.push({ action, why });
  }
  return { allowed: may, held };
}

/** null for an action that may be done. */
export function whyHeld(action: Action, { holds }: Pick<Restraint, 'holds'>): HoldReason | null {
  const isGiven = givesAway(action);
  return holds.find((reason) => HOLDS[reason] === 'everything' || isGiven) ?? null;
}

/**
 * Whether it is a step of giving capacity away. All steps of a retirement are, so that none is begun of which another is
 * held back: an instance that drains while the target stays would be replaced by the fleet.
 */
export function givesAway(action: Action): boolean {
  switch (action.kind) {
    case 'set-target':
      return action.targetUnits < action.fromUnits;
    case 'drain':
      return action.reason !== 'interruption';
    case 'mark-retiring':
    case 'stop-task':
    case 'terminate':
      return true;
    case 'reactivate':
      return false;
    default:
      return action satisfies never;
  }
}
