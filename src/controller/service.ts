// The controller's life: verify, then lead or stand by until told to stop. Two loops that share nothing but the lease:
// leadership renews on its own time, passes run on the schedule and at once on election.
import type { Policy } from '../plan/policy.ts';
import { isUnusual } from '../plan/unusual.ts';
import type { Logger } from '../ports/logger.ts';
import type { MetricsSink } from '../ports/metrics.ts';
import { onAbort } from '../ports/on-abort.ts';
import type { Rng } from '../ports/rng.ts';
import type { SdNotify } from '../runtime/sd-notify.ts';
import { startTicker, type Ticker } from '../runtime/ticker.ts';
import { together } from '../runtime/together.ts';
import { type Doors, openDoors } from './doors.ts';
import { FastLane } from './fast-lane.ts';
import { type Health, troubleOf } from './health.ts';
import type { Leadership } from './leadership.ts';
import type { Sources } from './observe.ts';
import type { Passes, PassResult } from './pass.ts';
import type { Scrape } from './prometheus.ts';
import { Publisher } from './publisher.ts';
import { verify } from './verify.ts';

/** What may change while it runs. */
export interface ControllerSettings {
  readonly policy: Policy;
  /** Cron with seconds. */
  readonly schedule: string;
  /** `isByInstance`: single instances have figures of their own. */
  readonly metrics: { readonly periodMs: number; readonly isByInstance: boolean };
  readonly fastLane: { readonly periodMs: number };
}

export interface ControllerParts {
  readonly sources: Sources;
  readonly leadership: Leadership;
  readonly passes: Passes;
  /** What the operator's files say now. */
  readonly settings: () => ControllerSettings;
  /** Whoever reads them again; null where nobody does. */
  readonly reload: { run(signal: AbortSignal): Promise<void>; readonly trouble: string | null } | null;
  readonly metrics: MetricsSink;
  /** null where the operator has not asked for it. */
  readonly ensureLeaseTable: ((signal: AbortSignal) => Promise<void>) | null;
  /** Where it says how it is; null where nobody asks. */
  readonly status: { readonly host: string; readonly port: number } | null;
  /** Where agents ask for a look; null, or port 0: nobody listens. */
  readonly poke: { readonly host: string; readonly port: number } | null;
  readonly sdNotify: SdNotify;
  readonly rng: Rng;
  readonly logger: Logger;
}

// Longer than any pass whose calls all time out, and than the hiccups of an API: what lasts longer is somebody's to see.
const UNHEALTHY_AFTER_MS = 180_000;
// A look takes at most what a pass may take at once, a quarter of a bucket: of what AWS refills that is a thirtieth. And
// with the next pass after this, what a look saw is not a minute old: a cluster that one look sees whole has no part that
// a new leader would have to look at again first.
const STANDBY_LOOKS_EVERY_MS = 40_000;

export class Controller {
  readonly #parts: ControllerParts;
  readonly #fastLane: FastLane;
  readonly #publisher: Publisher;
  #ticker: Ticker | null = null;
  #last: { readonly at: number; readonly trouble: string | null } | null = null;
  /** Of the last pass since this process was last elected. */
  #result: PassResult | null = null;
  /** Monotonic instants: since when the present pass runs, and since when passes have had trouble. */
  #passSinceMs: number | null = null;
  #passBeganAtMs = Number.NEGATIVE_INFINITY;
  #troubleSinceMs: number | null = null;
  /** A standby's look that is under way. */
  #look: AbortController | null = null;
  #nextLookMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    const { passes, leadership, sources, settings, metrics, logger } = parts;
    this.#publisher = new Publisher({ metrics, clock: sources.clock, logger });
    this.#fastLane = new FastLane({
      notices: passes.notices,
      isLeading: () => leadership.role === 'leader',
      isUnusual: () => this.#result !== null && isUnusual(this.#result.report),
      passBeganAtMs: () => this.#passBeganAtMs,
      startPass: () => this.#ticker?.poke(),
      periodMs: () => settings().fastLane.periodMs,
      clock: sources.clock,
      logger,
    });
  }

  /** To be called when this process begins to lead. */
  elected(): void {
    // A look that is under way would hold up the first pass, which reads on from what it saw so far.
    this.#look?.abort();
    this.#parts.passes.elected();
    this.#result = null;
    this.#ticker?.poke();
  }

  /** To be called when other settings are in force: they begin with a pass of their own. */
  reloaded(): void {
    this.#ticker?.poke();
  }

  /** To be called whenever the lease loop has gone round: the watchdog is pinged by progress, never by a bare timer. */
  stepped(): void {
    if (!this.#isStuck()) void this.#parts.sdNotify.watchdog();
  }

  /** Runs until the signal aborts. @throws Failure for an operator to mend, or for us (`invariant-broken`) */
  async run(signal: AbortSignal): Promise<void> {
    const { sources, leadership, settings, reload, sdNotify, rng, logger, ensureLeaseTable } = this.#parts;
    const doors = await this.#openDoors();
    try {
      // Ready to be watched, that is: an AWS that is down at start is waited for, and systemd must not take the waiting
      // for a failed start and try again every minute.
      await sdNotify.ready();
      const onAttempt = () => void sdNotify.watchdog();
      const { cluster, fleet, clock } = sources;
      const { onDemand } = settings().policy;
      await verify({ cluster, fleet, onDemand, clock, rng, logger, onAttempt, ensureLeaseTable }, signal);
      if (signal.aborted) return;
      const { schedule } = settings();
      const where = { healthz: doors.status?.address ?? null, poke: doors.poke?.address ?? null };
      logger.info({ cluster: sources.clusterName, schedule, ...where }, 'controller started');
      // A bug in one loop ends the other too: half a controller is worse than a restarted one.
      await together(signal, [
        (life) => this.#tick(life),
        (life) => leadership.run(life),
        (life) => this.#fastLane.run(life),
        ...(reload === null ? [] : [(life: AbortSignal) => reload.run(life)]),
      ]);
    } finally {
      // Only now: the last pass is over, and no write of it can reach AWS under the next leader.
      await leadership.release();
      await sdNotify.stopping();
      doors.close();
    }
  }

  #openDoors(): Promise<Doors> {
    const { status, poke, leadership, logger } = this.#parts;
    const sources = {
      logger,
      health: () => this.health(),
      scrape: () => this.#scrape(),
      report: () => this.#result?.report ?? null,
    };
    return openDoors({
      status: status === null ? null : { ...status, ...sources },
      poke: {
        host: '',
        port: 0,
        ...poke,
        logger,
        isLeading: () => leadership.role === 'leader',
        onPoke: () => this.#fastLane.poke(),
      },
    });
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { settings, sources } = this.#parts;
    const ticker = startTicker({
      schedule: () => settings().schedule,
      run: () => this.#pass(signal),
      clock: sources.clock,
    });
    this.#ticker = ticker;
    signal.addEventListener('abort', () => void ticker.stop(), { once: true });
    await ticker.ended;
  }

  /** Unhealthy: a pass or the lease loop stands still, or passes have failed for minutes. */
  health(): Health {
    const { leadership, reload } = this.#parts;
    return {
      isHealthy: !this.#isStuck() && !this.#isLate(this.#troubleSinceMs),
      role: leadership.role,
      leaseRemainingMs: Math.round(leadership.remainingMs()),
      lastPassAt: this.#last?.at ?? null,
      trouble: leadership.trouble ?? reload?.trouble ?? this.#last?.trouble ?? this.#frozen(),
      holds: this.#result?.report.restraint.holds ?? [],
    };
  }

  /**
   * A freeze is told and does not make unhealthy: whoever would be restarted for it would have forgotten what it rests on.
   */
  #frozen(): string | null {
    const frozen = this.#result?.report.restraint.frozen ?? [];
    return frozen.length === 0 ? null : `nothing shrinks: frozen by ${frozen.join(', ')}`;
  }

  #scrape(): Scrape {
    const { sources, leadership } = this.#parts;
    const { policy, metrics } = this.#parts.settings();
    return {
      cluster: sources.clusterName,
      fleet: policy.fleet.name,
      isLeader: leadership.role === 'leader',
      lastPassAt: this.#last?.at ?? null,
      result: this.#result,
      isByInstance: metrics.isByInstance,
    };
  }

  #isStuck(): boolean {
    return this.#isLate(this.#passSinceMs) || this.#isLate(this.#parts.leadership.steppedAtMs);
  }

  #isLate(sinceMs: number | null): boolean {
    return sinceMs !== null && this.#parts.sources.clock.monotonicMs() - sinceMs > UNHEALTHY_AFTER_MS;
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const { leadership, passes, sources } = this.#parts;
    const { clock } = sources;
    if (leadership.role !== 'leader') return this.#watch(signal);
    this.#passSinceMs = clock.monotonicMs();
    this.#passBeganAtMs = this.#passSinceMs;
    const result = await passes.run(signal);
    this.#passSinceMs = null;
    if (result === null) return;
    const trouble = troubleOf(result);
    this.#last = { at: clock.now(), trouble };
    this.#result = result;
    this.#troubleSinceMs = trouble === null ? null : (this.#troubleSinceMs ?? clock.monotonicMs());
    const { policy, metrics } = this.#parts.settings();
    await this.#publisher.publish(result, { ...metrics, fleet: policy.fleet.name }, signal);
  }

  /** A standby looks now and then, so that it need not read the whole cluster first when it comes to lead. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { passes, sources } = this.#parts;
    const sinceMs = sources.clock.monotonicMs();
    if (sinceMs < this.#nextLookMs) return;
    const look = new AbortController();
    this.#look = look;
    const forget = onAbort(signal, () => look.abort());
    const isWhole = await passes.watch(look.signal);
    forget();
    this.#look = null;
    this.#nextLookMs = isWhole ? sinceMs + STANDBY_LOOKS_EVERY_MS : sinceMs;
  }
}
