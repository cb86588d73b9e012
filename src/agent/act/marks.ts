// What we set on our own container instance and take back: DRAINING, the notice, the cordon. ECS does not say who set a
// state, and what an operator set is never ours to undo. So whatever is to be undone one day is remembered before it is
// done, and DRAINING only where the instance was seen ACTIVE just before.
import { ATTRIBUTE, isOperatorsDrain, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import { Failure, type FailureCode } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import { withinTime } from '../../ports/time-limit.ts';
import type { Backoff } from '../../runtime/backoff.ts';
import { type Endeavour, persist } from './persist.ts';
import { type Acting, ourselves, type Self, WRITE_LIMIT_MS } from './self.ts';

/** What asking who drains us may cost before we drain: ECS answers in a tenth of it. */
const OWNER_LIMIT_MS = 500;
/** Where minutes are left, it is asked again until then: what is not known to be ours is never taken back. */
const PATIENT_OWNER_LIMIT_MS = 5_000;

/**
 * For how many times as long as our DRAINING was held up the next call gives way. What held it up, with many instances
 * noticed at once, is ECS's throttle: whatever we sent next would be sent in the place of the DRAINING of others. At six
 * times a thousand instances drain in little more than the 23 s that 40 calls a second take them, and an instance that
 * waited alone for a second writes its notice a few seconds later.
 */
const GIVE_WAY_TIMES = 6;
const LONGEST_GIVE_WAY_MS = 60_000;

/**
 * How long a notice that ECS throttles waits at most until it asks again: while others still ask for DRAINING once a
 * second, it gets as small a share of what ECS gives. Never more than a quarter of what is left before the deadline.
 */
const LONGEST_PATIENCE_MS = 30_000;
const LEAST_PATIENCE_MS = 500;

/** How it shows that many ask at once. */
const CROWD: ReadonlySet<FailureCode> = new Set(['throttled', 'timed-out']);

/** How long the notice waits for a DRAINING that fails: the attribute alone keeps the controller from counting on us. */
const HEAD_START_MS = 5_000;

export interface Drain {
  /** Whether it is looked up first who drains us; else at the same time, and the answer counts if it comes first. */
  readonly isOwnerAsked: boolean;
  /** Whether there is no time to ask for long. */
  readonly isUrgent: boolean;
  readonly untilAt: number;
  /** Called when the instance was ACTIVE until now, so that it is ours to take back. */
  readonly remember: () => Promise<void>;
}

export interface NoticeMark {
  readonly value: string;
  /** Of what it tells, epoch milliseconds; null where nothing says. */
  readonly deadlineAt: number | null;
  /** Whether the instance is taken from us, so that nobody may want it ACTIVE. */
  readonly isEnding: boolean;
  readonly untilAt: number;
  /** Called as soon as it is there for others to see. */
  readonly onWritten: () => void;
}

export class Marks {
  readonly #acting: Acting;
  readonly #logger: Logger;
  #draining: Promise<unknown> = Promise.resolve();
  /** How long ECS did not take our DRAINING, as far as that was for the many who ask at once. */
  #heldUpMs = 0;

  constructor(acting: Acting) {
    this.#acting = acting;
    this.#logger = acting.logger;
  }

  /** Sets DRAINING. */
  async drain(drain: Drain, signal: AbortSignal): Promise<boolean> {
    const drained = this.#drain(drain, signal);
    this.#draining = drained.catch(() => {}); // whoever waits for it needs to know that it is over, not how it ended
    return drained;
  }

  async undrain(untilAt: number, signal: AbortSignal): Promise<boolean> {
    return this.#write('taking this container instance back into service', untilAt, signal, async (self, within) => {
      const seen = await self.cluster.containerInstance(self.arn, within);
      const why = whyNotUndrained(seen);
      if (why === null) await self.cluster.reactivate(self.arn, within);
      // From now on it is the operator's alone, to be ended as any other drain of his.
      else if (seen?.attributes[ATTRIBUTE.cordoned] === OPERATORS_HOLD) {
        await self.cluster.setAttribute(self.arn, ATTRIBUTE.cordoned, OPERATORS_DRAIN, within);
      }
      this.#logger.info({}, why ?? 'this container instance is ACTIVE again');
    });
  }

  /** After DRAINING, where that is set as well. */
  async writeNotice(mark: NoticeMark, signal: AbortSignal): Promise<boolean> {
    const { value, deadlineAt, isEnding, untilAt } = mark;
    await this.#afterDraining(deadlineAt, signal);
    const doing = `writing the attribute ${ATTRIBUTE.notice}`;
    const attempt = ({ cluster, arn }: Self, within: AbortSignal) =>
      cluster.setAttribute(arn, ATTRIBUTE.notice, value, within);
    const isWritten = await this.#write(doing, untilAt, signal, attempt, { whenThrottled: this.#patience(deadlineAt) });
    if (isWritten) {
      mark.onWritten();
      this.#logger.info({ value }, 'the notice is written on this container instance');
    }
    if (isWritten && isEnding) await this.#drainAgain(signal);
    return isWritten;
  }

  async clearNotice(untilAt: number, signal: AbortSignal): Promise<boolean> {
    const doing = `removing the attribute ${ATTRIBUTE.notice}`;
    const isRemoved = await this.#write(doing, untilAt, signal, ({ cluster, arn }, within) =>
      cluster.removeAttribute(arn, ATTRIBUTE.notice, within),
    );
    if (isRemoved) this.#logger.info({}, 'the notice is removed from this container instance');
    return isRemoved;
  }

  /** An operator's cordon stays as it is. */
  async cordon(value: string, untilAt: number, signal: AbortSignal): Promise<boolean> {
    return this.#write('cordoning this container instance', untilAt, signal, async (self, within) => {
      const seen = await self.cluster.containerInstance(self.arn, within);
      const present = seen?.attributes[ATTRIBUTE.cordoned];
      if (present !== undefined) return;
      await self.cluster.setAttribute(self.arn, ATTRIBUTE.cordoned, value, within);
      this.#logger.info({ value }, 'this container instance is cordoned');
    });
  }

  async uncordon(ours: ReadonlySet<string>, untilAt: number, signal: AbortSignal): Promise<boolean> {
    return this.#write('lifting the cordon of this container instance', untilAt, signal, async (self, within) => {
      const seen = await self.cluster.containerInstance(self.arn, within);
      const value = seen?.attributes[ATTRIBUTE.cordoned];
      if (value === undefined || !ours.has(value)) return;
      await self.cluster.removeAttribute(self.arn, ATTRIBUTE.cordoned, within);
      this.#logger.info({ value }, 'the cordon of this container instance is lifted');
    });
  }

  async #drain({ isOwnerAsked, isUrgent, untilAt, remember }: Drain, signal: AbortSignal): Promise<boolean> {
    if ((await this.#acting.whoAmI.untilKnown(signal)) === null) return false;
    const limitMs = isUrgent || !isOwnerAsked ? OWNER_LIMIT_MS : PATIENT_OWNER_LIMIT_MS;
    const asked = this.#wasActive(limitMs, signal).then((wasActive) => (wasActive ? remember() : undefined));
    if (isOwnerAsked) await asked;
    const { clock } = this.#acting;
    const startedAtMs = clock.monotonicMs();
    let isCrowded = false;
    this.#heldUpMs = 0;
    const isDrained = await this.#write(
      'setting this container instance DRAINING',
      untilAt,
      signal,
      async (self, within) => {
        try {
          await self.cluster.drain(self.arn, within);
          if (isCrowded) this.#heldUpMs = clock.monotonicMs() - startedAtMs;
        } catch (err) {
          isCrowded ||= err instanceof Failure && CROWD.has(err.code);
          if (isCrowded) this.#heldUpMs = clock.monotonicMs() - startedAtMs;
          throw err;
        }
      },
    );
    await asked;
    if (isDrained) this.#logger.info({}, 'this container instance is DRAINING');
    return isDrained;
  }

  /** Whether we are known to be ACTIVE; what cannot be known in time counts as no. */
  async #wasActive(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const untilAt = this.#acting.clock.now() + limitMs;
    const endeavour = { doing: 'asking who drains this container instance', untilAt, limitMs: OWNER_LIMIT_MS };
    const seen = await persist(this.#acting, endeavour, signal, (within) => this.#look(within));
    if (seen === null && !signal.aborted) {
      this.#logger.info({}, 'it is not known who drains this container instance, so it will not be taken back');
    }
    return seen?.result?.status === 'ACTIVE';
  }

  async #look(signal: AbortSignal): Promise<ContainerInstance | null> {
    const { cluster, arn } = await ourselves(this.#acting, signal);
    return cluster.containerInstance(arn, signal);
  }

  /** Waits for DRAINING, or a little when it fails; and gives way to others when it was held up. */
  async #afterDraining(deadlineAt: number | null, signal: AbortSignal): Promise<void> {
    const { clock, rng } = this.#acting;
    const waited = new AbortController();
    const headStart = clock.sleep(HEAD_START_MS, AbortSignal.any([signal, waited.signal]));
    await Promise.race([this.#draining, headStart]);
    waited.abort();
    // A notice that comes after its deadline tells nobody anything.
    const halfLeftMs = deadlineAt === null ? LONGEST_GIVE_WAY_MS : Math.max(0, deadlineAt - clock.now()) / 2;
    const giveWayMs = Math.min(LONGEST_GIVE_WAY_MS, halfLeftMs, this.#heldUpMs * GIVE_WAY_TIMES);
    // Not all at once, as those would come who were drained at once.
    await clock.sleep(giveWayMs * (0.75 + rng.next() / 2), signal);
  }

  #patience(deadlineAt: number | null): Backoff {
    const leftMs = deadlineAt === null ? Number.POSITIVE_INFINITY : deadlineAt - this.#acting.clock.now();
    const capMs = Math.max(LEAST_PATIENCE_MS, Math.min(LONGEST_PATIENCE_MS, leftMs / 4));
    return { baseMs: capMs, capMs };
  }

  /**
   * An operator who knew nothing of the notice may have set the instance ACTIVE until it was written; from now on our
   * commands refuse to. What cannot be read is left as it is: it was DRAINING, as far as anybody knows.
   */
  async #drainAgain(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#acting;
    try {
      await withinTime({ clock, limitMs: WRITE_LIMIT_MS, signal }, async (within) => {
        if ((await this.#look(within))?.status !== 'ACTIVE') return;
        const { cluster, arn } = await ourselves(this.#acting, within);
        await cluster.drain(arn, within);
        logger.warn({}, 'somebody set this container instance ACTIVE although it ends: it is DRAINING again');
      });
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      logger.debug({ err }, 'it is not known whether this container instance still drains');
    }
  }

  async #write(
    doing: string,
    untilAt: number,
    signal: AbortSignal,
    attempt: (self: Self, signal: AbortSignal) => Promise<void>,
    patience: Pick<Endeavour, 'whenThrottled'> = {},
  ): Promise<boolean> {
    if ((await this.#acting.whoAmI.untilKnown(signal)) === null) return false;
    const endeavour: Endeavour = { doing, untilAt, limitMs: WRITE_LIMIT_MS, ...patience };
    const written = await persist(this.#acting, endeavour, signal, async (within) => {
      await attempt(await ourselves(this.#acting, within), within);
    });
    if (written === null && !signal.aborted) this.#logger.error({ doing }, 'given up for now: the time for it is over');
    return written !== null;
  }
}

/** Why an instance that we drained is left as it is; null when it may be taken back. */
function whyNotUndrained(seen: ContainerInstance | null): string | null {
  if (seen === null) return 'ECS does not know this container instance any more: there is nothing to take back';
  if (seen.status !== 'DRAINING') return 'this container instance does not drain any more';
  if (seen.attributes[ATTRIBUTE.retiring] !== undefined)
    return 'the controller retires this instance: it stays DRAINING';
  const isAsked = isOperatorsDrain(seen.attributes[ATTRIBUTE.cordoned]);
  return isAsked ? 'an operator drains this instance: it stays DRAINING' : null;
}
