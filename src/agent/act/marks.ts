// What we set on our own container instance and take back: DRAINING, the notice, the cordon. ECS does not say who set a
// state, and what an operator set is never ours to undo. So whatever is to be undone one day is remembered before it is
// done, and DRAINING only where the instance was seen ACTIVE just before.
import { ATTRIBUTE, isOperatorsDrain } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import { withinTime } from '../../ports/time-limit.ts';
import { type Endeavour, persist } from './persist.ts';
import { type Acting, ourselves, type Self, WRITE_LIMIT_MS } from './self.ts';

/** What asking who drains us may cost before we drain: ECS answers in a fifth of it. */
const OWNER_LIMIT_MS = 500;

/**
 * For how many times as long as our DRAINING was held up the next call gives way. What held it up, with many instances
 * noticed at once, is ECS's throttle: whatever we sent next would be sent in the place of the DRAINING of others. At six
 * times a thousand instances drain in little more than the 23 s that 40 calls a second take them, and an instance that
 * waited alone for a second writes its notice a few seconds later.
 */
const GIVE_WAY_TIMES = 6;
const LONGEST_GIVE_WAY_MS = 60_000;

/** How long the notice waits for a DRAINING that fails: the attribute alone keeps the controller from counting on us. */
const HEAD_START_MS = 5_000;

export class Marks {
  readonly #acting: Acting;
  readonly #logger: Logger;
  #draining: Promise<unknown> = Promise.resolve();
  /** How long ECS did not take our DRAINING. */
  #heldUpMs = 0;

  constructor(acting: Acting) {
    this.#acting = acting;
    this.#logger = acting.logger;
  }

  /**
   * Sets DRAINING.
   * @param remember called when the instance was ACTIVE until now, so that it is ours to take back
   * @param isOwnerAsked whether it is looked up before; else at the same time, and the answer counts if it comes first
   */
  async drain(
    { isOwnerAsked, untilAt, remember }: { isOwnerAsked: boolean; untilAt: number; remember: () => Promise<void> },
    signal: AbortSignal,
  ): Promise<boolean> {
    const drained = this.#drain({ isOwnerAsked, untilAt, remember }, signal);
    this.#draining = drained.catch(() => {}); // whoever waits for it needs to know that it is over, not how it ended
    return drained;
  }

  async undrain(untilAt: number, signal: AbortSignal): Promise<boolean> {
    return this.#write('taking this container instance back into service', untilAt, signal, async (self, within) => {
      const seen = await self.cluster.containerInstance(self.arn, within);
      const why = whyNotUndrained(seen);
      if (why === null) await self.cluster.reactivate(self.arn, within);
      this.#logger.info({}, why ?? 'this container instance is ACTIVE again');
    });
  }

  /** @param deadlineAt of what the notice tells, epoch milliseconds; null where nothing says */
  async writeNotice(
    { value, deadlineAt, untilAt }: { value: string; deadlineAt: number | null; untilAt: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    await this.#afterDraining(deadlineAt, signal);
    return this.#set(ATTRIBUTE.notice, value, untilAt, signal);
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

  async #drain(
    { isOwnerAsked, untilAt, remember }: { isOwnerAsked: boolean; untilAt: number; remember: () => Promise<void> },
    signal: AbortSignal,
  ): Promise<boolean> {
    if ((await this.#acting.whoAmI.untilKnown(signal)) === null) return false;
    const asked = this.#wasActive(signal).then((wasActive) => (wasActive ? remember() : undefined));
    if (isOwnerAsked) await asked;
    const { clock } = this.#acting;
    const startedAtMs = clock.monotonicMs();
    let isFirst = true;
    const isDrained = await this.#write('setting this container instance DRAINING', untilAt, signal, (self, within) => {
      this.#heldUpMs = isFirst ? 0 : clock.monotonicMs() - startedAtMs;
      isFirst = false;
      return self.cluster.drain(self.arn, within);
    });
    await asked;
    if (isDrained) this.#logger.info({}, 'this container instance is DRAINING');
    return isDrained;
  }

  /** Whether we are known to be ACTIVE; what cannot be known in time counts as no. */
  async #wasActive(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#acting;
    try {
      return await withinTime({ clock, limitMs: OWNER_LIMIT_MS, signal }, async (within) => {
        const self = await ourselves(this.#acting, within);
        return (await self.cluster.containerInstance(self.arn, within))?.status === 'ACTIVE';
      });
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      this.#logger.info({ err }, 'it is not known who drains this container instance, so it will not be taken back');
      return false;
    }
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

  async #set(name: string, value: string, untilAt: number, signal: AbortSignal): Promise<boolean> {
    const isWritten = await this.#write(`writing the attribute ${name}`, untilAt, signal, ({ cluster, arn }, within) =>
      cluster.setAttribute(arn, name, value, within),
    );
    if (isWritten) this.#logger.info({ value }, 'the notice is written on this container instance');
    return isWritten;
  }

  async #write(
    doing: string,
    untilAt: number,
    signal: AbortSignal,
    attempt: (self: Self, signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    if ((await this.#acting.whoAmI.untilKnown(signal)) === null) return false;
    const endeavour: Endeavour = { doing, untilAt, limitMs: WRITE_LIMIT_MS };
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
