// One controller of the play: the real one with all its loops, on the ports over the world, and whoever starts it again
// when it has ended, as systemd does.
import { Leadership, type LeadershipOptions } from '../../controller/leadership.ts';
import type { Sources } from '../../controller/observe.ts';
import { Passes, type PassResult } from '../../controller/pass.ts';
import { Controller, type ControllerSettings } from '../../controller/service.ts';
import { type PoolCheck, poolsAtRisk } from '../../plan/capacity/pool-check.ts';
import type { Policy } from '../../plan/policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FullCheck } from '../../ports/full-check.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import type { World } from '../../world/world.ts';
import type { Caller, Wire } from '../calls/wire.ts';
import { clusterOver } from '../ports/cluster.ts';
import { instancesOver, spotFleetOver } from '../ports/ec2.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { ControllerScript } from '../scenario/scenario.ts';
import { Process } from '../time/process.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

export interface ControllerOptions {
  readonly name: string;
  readonly world: World;
  readonly cluster: EcsCluster;
  readonly fleetId: string;
  readonly wire: Wire;
  readonly leaseTable: LeaseTable;
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly policy: Policy;
  readonly schedule: string;
  readonly script: ControllerScript;
  readonly logger: Logger;
  readonly onPass: (result: PassResult) => void;
  /** It has ended by an error of its own. */
  readonly onError: (error: unknown) => void;
}

/** As `RestartSec=` in our unit. */
const RESTART_MS = 5_000;
/** What the thread takes in a large cluster. */
const FULL_CHECK_MS = 500;

const METRICS = { periodMs: 60_000, isByInstance: false };
const FAST_LANE = { periodMs: 5_000 };
const nothing = async (): Promise<void> => {};
const NO_SYSTEMD = { ready: nothing, stopping: nothing, status: nothing, watchdog: nothing };

interface Life {
  readonly caller: Caller;
  readonly leadership: Leadership;
  /** SIGTERM. */
  readonly stop: AbortController;
}

export class SimulatedController {
  readonly #options: ControllerOptions;
  #lives = 0;
  #versions = 0;
  #aheadMs = 0;
  #life: Life;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#life = this.#start();
  }

  /** Who it says it is in the lease: another after every start. */
  get holder(): string {
    return this.#life.caller.process.name;
  }

  get isRunning(): boolean {
    const { process } = this.#life.caller;
    return !process.isEnded && !process.isPaused;
  }

  get leads(): boolean {
    return this.isRunning && this.#life.leadership.role === 'leader';
  }

  /** SIGKILL. */
  crash(): void {
    this.#life.caller.process.kill();
    this.#startAgainSoon(this.#life);
  }

  /** SIGTERM: it gives the lease up, and is started again. */
  restart(): void {
    const { caller, stop } = this.#life;
    caller.process.wake(() => stop.abort());
  }

  /** SIGSTOP, and SIGCONT after so long. */
  pause(forMs: number): void {
    const { process } = this.#life.caller;
    process.pause();
    this.#options.time.after(forMs, () => process.resume());
  }

  stepClock(byMs: number): void {
    this.#aheadMs += byMs;
    this.#life.caller.process.stepClock(byMs);
  }

  #start(): Life {
    const { name, time } = this.#options;
    this.#lives += 1;
    const process = new Process({ time, name: `${name}/${this.#lives}`, aheadMs: this.#aheadMs });
    const caller: Caller = { process, beforeWrite: () => leadership.assertMayWrite() };
    let controller: Controller | null = null;
    const leadership = this.#leadership(caller, {
      onElected: () => controller?.elected(),
      onStep: () => controller?.stepped(),
    });
    const life: Life = { caller, leadership, stop: new AbortController() };
    // Not before whoever starts it knows of this life.
    process.wake(() => {
      void Promise.resolve()
        .then(() =>
          this.#run(life, (made) => {
            controller = made;
          }),
        )
        .catch((error: unknown) => this.#options.onError(error))
        .then(() => {
          process.kill();
          this.#startAgainSoon(life);
        });
    });
    return life;
  }

  #startAgainSoon(ended: Life): void {
    this.#options.time.after(RESTART_MS, () => {
      if (this.#life === ended) this.#life = this.#start();
    });
  }

  #leadership(caller: Caller, hooks: Pick<LeadershipOptions, 'onElected' | 'onStep'>): Leadership {
    const { wire, leaseTable, logger, script } = this.#options;
    return new Leadership({
      store: leaseTable.storeOf(caller, wire),
      clock: caller.process.clock,
      logger,
      holder: caller.process.name,
      newVersion: () => {
        this.#versions += 1;
        return `${caller.process.name}-${this.#versions}`;
      },
      leaseDurationMs: script.leaseSeconds * 1_000,
      renewDeadlineMs: script.renewDeadlineSeconds * 1_000,
      retryPeriodMs: script.retryPeriodSeconds * 1_000,
      ...hooks,
    });
  }

  /** The parts as the process puts them together, without what listens. */
  async #run({ caller, leadership, stop }: Life, heed: (controller: Controller) => void): Promise<void> {
    const { world, cluster, fleetId, wire, policy, schedule, logger, rng, onPass } = this.#options;
    const access = { world, wire, caller };
    const { clock } = caller.process;
    const sources: Sources = {
      clusterName: cluster.name,
      cluster: clusterOver(access, cluster),
      fleet: spotFleetOver(access, fleetId),
      instances: instancesOver(access),
      clock,
    };
    const hands = { ...sources, leadership, logger };
    const passes = new WatchedPasses(onPass, sources, hands, () => policy, fullCheckOn(clock));
    const settings: ControllerSettings = { policy, schedule, metrics: METRICS, fastLane: FAST_LANE };
    const controller = new Controller({
      ...{ sources, leadership, passes, rng, logger, sdNotify: NO_SYSTEMD },
      ...{ settings: () => settings, reload: null, ensureLeaseTable: null, status: null, poke: null },
      metrics: { publish: async () => {} },
    });
    heed(controller);
    try {
      await controller.run(stop.signal);
    } finally {
      await passes.close();
    }
  }
}

/** The passes, and somebody who looks on. */
class WatchedPasses extends Passes {
  readonly #onPass: (result: PassResult) => void;

  constructor(onPass: (result: PassResult) => void, ...parts: ConstructorParameters<typeof Passes>) {
    super(...parts);
    this.#onPass = onPass;
  }

  override async run(signal: AbortSignal): Promise<PassResult | null> {
    const result = await super.run(signal);
    if (result !== null) this.#onPass(result);
    return result;
  }
}

function fullCheckOn(clock: Clock): FullCheck<PoolCheck, string[]> {
  return {
    async run(work) {
      await clock.sleep(FULL_CHECK_MS);
      return poolsAtRisk(work);
    },
    close: async () => {},
  };
}
