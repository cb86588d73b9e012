// One controller of the play: the real leadership, passes and ticker, put together as the process puts them together, and
// whoever starts it again when it has ended, as systemd does.
import { Leadership } from '../../controller/leadership.ts';
import type { Sources } from '../../controller/observe.ts';
import { Passes, type PassResult } from '../../controller/pass.ts';
import { verify } from '../../controller/verify.ts';
import { type PoolCheck, poolsAtRisk } from '../../plan/capacity/pool-check.ts';
import type { Policy } from '../../plan/policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FullCheck } from '../../ports/full-check.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { startTicker } from '../../runtime/ticker.ts';
import { together } from '../../runtime/together.ts';
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
    let elected = () => {};
    const leadership = this.#leadership(caller, () => elected());
    const life: Life = { caller, leadership, stop: new AbortController() };
    // Not before whoever starts it knows of this life.
    process.wake(() => {
      void Promise.resolve()
        .then(() =>
          this.#run(life, (onElected) => {
            elected = onElected;
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

  #leadership(caller: Caller, onElected: () => void): Leadership {
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
      onElected,
      onStep: () => {},
    });
  }

  /** As the controller's own service, without what listens and what publishes. */
  async #run({ caller, leadership, stop }: Life, whenElected: (action: () => void) => void): Promise<void> {
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
    const passes = new Passes(sources, { ...sources, leadership, logger }, () => policy, fullCheckOn(clock));
    try {
      await verify({ ...sources, rng, logger, onAttempt: () => {}, ensureLeaseTable: null }, stop.signal);
      await together(stop.signal, [
        async (life) => {
          const run = async () => {
            if (leadership.role !== 'leader') return;
            const result = await passes.run(life);
            if (result !== null) onPass(result);
          };
          const ticker = startTicker({ schedule: () => schedule, run, clock });
          whenElected(() => {
            passes.forget();
            ticker.poke();
          });
          life.addEventListener('abort', () => void ticker.stop(), { once: true });
          await ticker.ended;
        },
        (life) => leadership.run(life),
      ]);
    } finally {
      await leadership.release();
      await passes.close();
    }
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
