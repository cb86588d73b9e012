// Three real controllers that share a lease of a second, and seeded trouble, round after round: processes that are killed,
// ended and stopped, a lease table that is slow, down, throttled or not heard, and clocks that are set. The processes live
// on from round to round. What they wrote, and under whose lease, is in the sandbox's request log.
import { join } from 'node:path';
import type { Rng } from '../../src/ports/rng.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import type { FaultEffect } from '../../src/sandbox/faults.ts';
import { between, pick } from '../../src/world/seeded-rng.ts';
import type { ControllerStage } from './controller-stage.ts';
import type { RunningScript } from './script.ts';
import { until } from './until.ts';
import { WallClock } from './wall-clock.ts';

export const SHORT_LEASE = {
  store: 'dynamodb',
  table: 'leases',
  durationSeconds: 1,
  renewDeadlineSeconds: 0.6,
  retryPeriodSeconds: 0.1,
};

const SLOTS = ['a', 'b', 'c'] as const;
const KINDS = ['kill', 'term', 'stop', 'stop', 'stop-all', 'slow', 'down', 'throttled', 'deaf', 'clock'] as const;
type Kind = (typeof KINDS)[number];

/** From a blink to a lease and a half: shorter than the lease, just about it, and longer. */
const TROUBLE_MS = [100, 1_500] as const;
const PAUSE_MS = [0, 1_000] as const;
/** In which a clock may be set, forward or back. */
const STEP_MS = [-3_600_000, 3_600_000] as const;
/** Passes come by the second; somebody who moves the target that often gives each something to write. */
const NUDGE_MS = 100;
const UNITS = 4;

export class LeaseRounds {
  readonly said: string[] = [];
  readonly #stage: ControllerStage;
  readonly #config: string;
  readonly #rng: Rng;
  readonly #wall: WallClock;
  readonly #running = new Map<string, RunningScript>();
  #started = 0;

  private constructor(stage: ControllerStage, config: string, folder: string, rng: Rng) {
    this.#stage = stage;
    this.#config = config;
    this.#rng = rng;
    this.#wall = new WallClock(join(folder, 'off-by-ms'));
  }

  static async start(stage: ControllerStage, folder: string, rng: Rng): Promise<LeaseRounds> {
    const config = await stage.configure({ lease: SHORT_LEASE }, { targetCapacity: { min: UNITS, max: UNITS } });
    const rounds = new LeaseRounds(stage, config, folder, rng);
    // Long passes, so that trouble often comes in the middle of one.
    stage.sandbox.faults.add({ service: 'ecs', action: 'ListTasks', effect: { kind: 'latency', latencyMs: 400 } });
    await Promise.all(SLOTS.map((slot) => rounds.#start(slot)));
    return rounds;
  }

  /** Moves the target away until the signal aborts; whoever leads moves it back. */
  async nudge(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#nudgeOnce();
      await systemClock.sleep(NUDGE_MS, signal);
    }
  }

  async play(): Promise<void> {
    const kind = pick(this.#rng, KINDS);
    const forMs = Math.round(between(this.#rng, TROUBLE_MS));
    const leader = this.#leader();
    this.said.push(`${this.#stage.sandbox.driver.now} ${kind} ${leader} for ${forMs} ms`);
    await this.#trouble(kind, leader, forMs);
    await systemClock.sleep(between(this.#rng, PAUSE_MS));
  }

  /** Resolves when a write comes that was not there before. */
  async untilLed(): Promise<void> {
    const before = this.#stage.requests('ModifySpotFleetRequest').length;
    await until(
      'somebody to lead and write',
      () => this.#stage.requests('ModifySpotFleetRequest').length > before,
      60_000,
    );
  }

  async #trouble(kind: Kind, leader: string, forMs: number): Promise<void> {
    switch (kind) {
      case 'kill':
      case 'term': {
        const [slot] = leader;
        this.#signal(leader, kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
        return this.#start(slot ?? '');
      }
      case 'stop':
        return this.#stopped([leader], forMs);
      case 'stop-all':
        return this.#stopped([...this.#running.keys()], forMs);
      case 'clock':
        return this.#wall.set(Math.round(between(this.#rng, STEP_MS)));
      default:
        return this.#faulty(leader, EFFECTS[kind](forMs), forMs);
    }
  }

  async #stopped(names: readonly string[], forMs: number): Promise<void> {
    for (const name of names) this.#signal(name, 'SIGSTOP');
    await systemClock.sleep(forMs);
    for (const name of names) this.#signal(name, 'SIGCONT');
  }

  /** For the leader alone, or for everybody. */
  async #faulty(leader: string, effect: FaultEffect, forMs: number): Promise<void> {
    const { faults } = this.#stage.sandbox;
    const caller = this.#rng.next() < 0.5 ? { caller: leader } : {};
    const id = faults.add({ service: 'dynamodb', action: '*', ...caller, effect });
    await systemClock.sleep(forMs);
    faults.remove(id);
  }

  /** Each process is a caller of its own, so that the log tells one from its successor. */
  async #start(slot: string): Promise<void> {
    this.#started += 1;
    const name = `${slot}${this.#started}`;
    const running = await this.#stage.start(name, this.#config, this.#wall.environment);
    for (const known of this.#running.keys()) if (known.startsWith(slot)) this.#running.delete(known);
    this.#running.set(name, running);
  }

  #signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.child.kill(signal);
  }

  /** Of those that run; whoever comes first where nobody leads. */
  #leader(): string {
    const takes = this.#stage.requests('PutItem').map(({ caller }) => caller?.name ?? '');
    return takes.findLast((name) => this.#running.has(name)) ?? [...this.#running.keys()][0] ?? '';
  }

  #nudgeOnce(): void {
    const { driver, world } = this.#stage.sandbox;
    driver.inPresent(() => {
      const { state, targetUnits } = this.#stage.fleet;
      if (state === 'active' && targetUnits === UNITS)
        world.ec2.modifyFleet(this.#stage.fleetId, { targetUnits: UNITS - 1 });
    });
  }
}

const EFFECTS: Readonly<Record<'slow' | 'down' | 'throttled' | 'deaf', (forMs: number) => FaultEffect>> = {
  // Half as long as the trouble: some answers come in time, some too late.
  slow: (forMs) => ({ kind: 'latency', latencyMs: Math.round(forMs / 2) }),
  down: () => ({ kind: 'error', code: 'InternalServerError', status: 500, message: 'down' }),
  throttled: () => ({ kind: 'throttle' }),
  deaf: () => ({ kind: 'truncate' }),
};
