// The agent of one instance, from boot to power-off. All that answers a signal is the real one: the responder, what it
// knows of the tasks here, its marks in ECS, the readiness gate. What is not, is whatever looks again and again while
// nothing happens: a week of two hundred agents would be spent with that. So a signal is read when it has changed, at the
// instant at which a poll would have met it; what runs here is learned when it is needed; and the gate, with no daemons to
// wait for, is kept until it is open.
import { MemoryKeeper } from '../../agent/act/keeper.ts';
import { Marks } from '../../agent/act/marks.ts';
import { answerSignals } from '../../agent/act/responder.ts';
import { ResponseClock } from '../../agent/act/response-clock.ts';
import { type Acting, ourselves } from '../../agent/act/self.ts';
import { ReadinessGate } from '../../agent/ready/gate.ts';
import type { ResponseSettings } from '../../agent/respond/situation.ts';
import { SignalBoard } from '../../agent/signals/board.ts';
import { interruptionSource } from '../../agent/signals/interruption.ts';
import { maintenanceSource } from '../../agent/signals/maintenance.ts';
import { rebalanceSource } from '../../agent/signals/rebalance.ts';
import type { AnySource, SignalKind } from '../../agent/signals/signal.ts';
import { targetStateSource } from '../../agent/signals/target-state.ts';
import { TasksBook } from '../../agent/tasks/book.ts';
import { WhoAmI } from '../../agent/who-am-i.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { EcsAgentIntrospection } from '../../ports/metadata.ts';
import type { Rng } from '../../ports/rng.ts';
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import type { World } from '../../world/world.ts';
import type { Wire } from '../calls/wire.ts';
import type { AwsAccess } from '../ports/access.ts';
import { clusterOver } from '../ports/cluster.ts';
import { introspectionOver, metadataOver } from '../ports/host.ts';
import { Process } from '../time/process.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

export interface AgentOptions {
  readonly name: string;
  readonly instance: Ec2Instance;
  readonly world: World;
  readonly cluster: EcsCluster;
  readonly wire: Wire;
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly logger: Logger;
  /** A bug: nothing of ours ends by itself. */
  readonly onError: (error: unknown) => void;
}

/** The defaults of the agent's file. */
const POLL_MS = { interruption: 1_000, rebalance: 5_000, maintenance: 60_000, targetState: 10_000 };
const SETTINGS: ResponseSettings = {
  marginMs: 5_000,
  standalone: 'stop-in-time',
  rebalance: { response: 'cordon', liftAfterMs: 1_800_000 },
  maintenance: { response: 'drain', aheadMs: 900_000, ignoredCodes: [] },
  targetState: { response: 'drain', deadlineMs: 120_000 },
  hostShutdown: { response: 'drain' },
  hooksLimitMs: 0,
  hasWebhooks: false,
};

const NOBODY_IS_TOLD = async (): Promise<void> => {};

export class SimulatedAgent {
  readonly #options: AgentOptions;
  readonly #process: Process;
  readonly #access: AwsAccess;
  readonly #board = new SignalBoard();
  readonly #sources: ReadonlyMap<SignalKind, AnySource>;
  readonly #awaited = new Set<SignalKind>();
  readonly #life = new AbortController();
  readonly #startedAtMs: number;

  /** It runs from now on. */
  constructor(options: AgentOptions) {
    const { name, time, world, wire, instance } = options;
    this.#options = options;
    this.#startedAtMs = time.elapsedMs;
    this.#process = new Process({ time, name });
    this.#access = { world, wire, caller: { process: this.#process, beforeWrite: () => {} } };
    const metadata = metadataOver(this.#access, instance);
    const sources: AnySource[] = [
      interruptionSource(metadata, POLL_MS.interruption),
      targetStateSource(metadata, POLL_MS.targetState),
      rebalanceSource(metadata, POLL_MS.rebalance),
      maintenanceSource(metadata, POLL_MS.maintenance),
    ];
    this.#sources = new Map(sources.map((source) => [source.kind, source]));
    // Nobody stops these hosts.
    this.#board.put('host-shutdown', null);
    this.#process.wake(() => {
      // What stood before the boot stands now.
      for (const source of sources) void this.#read(source);
      this.#run();
    });
  }

  /** What a source says has changed, and the next poll will meet it. */
  hear(kind: SignalKind): void {
    const source = this.#sources.get(kind);
    if (source === undefined || this.#awaited.has(kind)) return;
    this.#awaited.add(kind);
    const sinceMs = (this.#options.time.elapsedMs - this.#startedAtMs) % source.periodMs;
    this.#options.time.after(source.periodMs - sinceMs, () => this.#process.wake(() => void this.#read(source)));
  }

  /** The power goes. */
  kill(): void {
    this.#process.kill();
  }

  stepClock(byMs: number): void {
    this.#process.stepClock(byMs);
  }

  async #read(source: AnySource): Promise<void> {
    this.#awaited.delete(source.kind);
    try {
      this.#board.put(source.kind, await source.read(this.#life.signal));
    } catch (error) {
      // It is asked again, as ever.
      if (error instanceof Failure && error.kind !== 'bug') this.hear(source.kind);
      else this.#options.onError(error);
    }
  }

  #run(): void {
    const { instance, rng, logger, onError, cluster } = this.#options;
    const { signal } = this.#life;
    const clock = new ResponseClock(this.#process.clock, logger);
    const introspection = introspectionOver(this.#access, instance);
    const whoAmI = new WhoAmI({ introspection, clock, logger });
    const own = clusterOver(this.#access, cluster);
    const acting: Acting = { clock, rng, logger, whoAmI, openCluster: async () => own };
    const boot = { id: `${instance.id}/${instance.bootCount}`, upSince: clock.now() };
    // No file: an instance that comes up again begins anew.
    const keeper = MemoryKeeper.open({ path: null, boot, clock, logger });
    keeper.knowInstance(instance.id);
    const tasks = this.#tasksBook(acting, introspection);
    let isBeingEmptied = false;
    const answering = answerSignals(
      {
        ...{ ...acting, clock, board: this.#board, tasks, keeper, settings: SETTINGS, marks: new Marks(acting) },
        onResponse: ({ posture }) => {
          isBeingEmptied = posture === 'drained';
        },
        ...{ runHooks: NOBODY_IS_TOLD, sendWebhooks: NOBODY_IS_TOLD, tellControllers: NOBODY_IS_TOLD },
      },
      signal,
    );
    answering.catch(onError);
    const gating = whoAmI
      .untilKnown(signal)
      .then(() => keepUntilReady({ acting, introspection, tasks, isHeld: () => isBeingEmptied }));
    gating.catch(onError);
  }

  #tasksBook(acting: Acting, introspection: EcsAgentIntrospection): TasksBook {
    const { world, rng, logger } = this.#options;
    return new TasksBook({
      ...{ clock: acting.clock, rng, logger, introspection },
      openLoadBalancers: async () => ({
        deregistrationDelayMs: async (arn) => world.targetGroups.find(arn)?.deregistrationDelayMs ?? 0,
      }),
      ourselves: (within) => ourselves(acting, within),
      ownFamilies: [],
      marginMs: SETTINGS.marginMs,
    });
  }
}

interface Gating {
  readonly acting: Acting;
  readonly introspection: EcsAgentIntrospection;
  readonly tasks: TasksBook;
  readonly isHeld: () => boolean;
}

/** Once it is open nothing here closes it again before the next boot. */
async function keepUntilReady({ acting, introspection, tasks, isHeld }: Gating): Promise<void> {
  const open = new AbortController();
  const clock: Clock = {
    now: () => acting.clock.now(),
    monotonicMs: () => acting.clock.monotonicMs(),
    sleep: (durationMs, signal) => {
      if (gate.readiness.isReady === true) open.abort();
      return acting.clock.sleep(durationMs, signal);
    },
  };
  const gate = new ReadinessGate({
    ...{ clock, rng: acting.rng, logger: acting.logger, introspection, isHeld },
    required: { services: [], families: [] },
    ourselves: (within) => ourselves(acting, within),
    serviceOf: (arn) => tasks.serviceOf(arn),
  });
  await gate.keep(open.signal);
}
