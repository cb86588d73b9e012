// The agent's life: it watches for signals, answers them, learns ahead what runs here, and says when this instance is ready
// for tasks. Its pieces know each other only by what is handed to them here.
import { join } from 'node:path';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { LoadBalancers } from '../ports/load-balancers.ts';
import type { Logger } from '../ports/logger.ts';
import type { EcsAgentIntrospection, InstanceMetadata } from '../ports/metadata.ts';
import { onAbort } from '../ports/on-abort.ts';
import type { Rng } from '../ports/rng.ts';
import { type Boot, uptimeMs } from '../runtime/boot.ts';
import { together } from '../runtime/together.ts';
import { MemoryKeeper } from './act/keeper.ts';
import { Marks } from './act/marks.ts';
import { nameNeighbour } from './act/name-neighbour.ts';
import { answerSignals } from './act/responder.ts';
import type { ResponseClock } from './act/response-clock.ts';
import { type Acting, ourselves } from './act/self.ts';
import { defaultStopTimeoutMs } from './ecs-agent-config.ts';
import { type NeighbourFacts, neighboursOf, readNeighbourFacts, tellNeighbours } from './neighbours.ts';
import { ReadinessGate, type RequiredDaemons } from './ready/gate.ts';
import type { Response } from './respond/respond.ts';
import type { ResponseSettings } from './respond/situation.ts';
import { SignalBoard } from './signals/board.ts';
import { hostShutdownSource } from './signals/host-shutdown.ts';
import { interruptionSource } from './signals/interruption.ts';
import { maintenanceSource } from './signals/maintenance.ts';
import { Outage } from './signals/outage.ts';
import { rebalanceSource } from './signals/rebalance.ts';
import type { AnySource } from './signals/signal.ts';
import { targetStateSource } from './signals/target-state.ts';
import { watchSignals } from './signals/watch.ts';
import { TasksBook } from './tasks/book.ts';
import type { Announcer } from './tell/announcer.ts';
import { WhoAmI } from './who-am-i.ts';

export interface AgentOptions {
  readonly metadata: InstanceMetadata;
  readonly introspection: EcsAgentIntrospection;
  /** The named cluster's API. Called for every use, so it should remember; throws Failure. */
  readonly openCluster: (name: string) => Promise<Cluster>;
  /** Called only when a service here has target groups. */
  readonly openLoadBalancers: () => Promise<LoadBalancers>;
  readonly clock: ResponseClock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** Time between two readings of each signal. */
  readonly pollMs: {
    readonly interruption: number;
    readonly rebalance: number;
    readonly maintenance: number;
    readonly targetState: number;
  };
  /** What the announcer knows better is added to it. */
  readonly settings: Omit<ResponseSettings, 'hooksLimitMs' | 'hasWebhooks'>;
  readonly requiredDaemons: RequiredDaemons;
  /** For how long notices may go unseen before that is an error. */
  readonly blindAfterMs: number;
  readonly boot: Boot;
  /** Where what was done is kept; null: a restart begins anew. */
  readonly stateDirectory: string | null;
  /** Where others leave files for us; null: nobody does. */
  readonly runtimeDirectory: string | null;
  readonly announcer: Pick<Announcer, keyof Announcer>;
  readonly startGraceMs?: number;
  /** Once, when the watch runs. */
  readonly onWatching: () => void;
  /** After every poll. */
  readonly onPoll: () => void;
  /** Whenever it turns, and turns back: notices have gone unseen for `blindAfterMs`. */
  readonly onBlind: (isBlind: boolean) => void;
}

const STATE_FILE = 'state.json';
/** A file is looked at as often as a notice: it says how long is left, too. */
const HOST_SHUTDOWN_POLL_MS = 1_000;
const ASK_AGAIN_MS = 1_000;

/**
 * Runs until the signal aborts, then ends at once: what is in flight is given up, as the next start takes it up again.
 * @throws Failure `not-on-ec2` when nothing answers like an instance's metadata service from the start
 */
export async function runAgentService(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const board = new SignalBoard();
  const onBlind = (isBlind: boolean) => {
    options.announcer.knowBlind(isBlind);
    options.onBlind(isBlind);
  };
  const outage = new Outage({ ...options, onBlind });
  const keepsConnections = () => options.metadata.keepsConnections();
  const whoAmI = new WhoAmI(options);
  const keeper = openKeeper(options);
  if (keeper.identity !== null) whoAmI.recall(keeper.identity);
  // A host with an ECS agent that has registered, or where an agent ran before, is where an agent belongs.
  const isKnownHost = () => whoAmI.known !== null || keeper.isOfThisBoot;
  const watching = new AbortController();
  const onWatching = () => {
    watching.abort();
    options.onWatching();
  };
  // Where nobody leaves files for us, nobody ever says that the host stops.
  if (options.runtimeDirectory === null) board.put('host-shutdown', null);
  await together(signal, [
    // First of all: whatever else is being prepared, a notice is being looked for.
    (life) =>
      watchSignals(
        { ...options, sources: sourcesOf(options), keepsConnections, isKnownHost, board, outage, onWatching },
        life,
      ),
    (life) => answer(options, { board, whoAmI, keeper, watching: watching.signal }, life),
    (life) => options.announcer.serve(life),
  ]);
}

interface Known {
  readonly board: SignalBoard;
  readonly whoAmI: WhoAmI;
  readonly keeper: MemoryKeeper;
  /** Aborts when the watch runs. */
  readonly watching: AbortSignal;
}

async function answer(options: AgentOptions, { board, whoAmI, keeper, watching }: Known, signal: AbortSignal) {
  const { clock, rng, logger, announcer } = options;
  const { hooksLimitMs, hasWebhooks } = announcer;
  const settings: ResponseSettings = { ...options.settings, hooksLimitMs, hasWebhooks };
  const around = await readNeighbourFacts([]);
  const acting: Acting = { clock, rng, logger, whoAmI, openCluster: options.openCluster };
  const tasks = new TasksBook({
    ...{ clock, rng, logger, introspection: options.introspection, openLoadBalancers: options.openLoadBalancers },
    ourselves: (within) => ourselves(acting, within),
    ownFamilies: options.requiredDaemons.families,
    marginMs: settings.marginMs,
    defaultStopTimeoutMs: defaultStopTimeoutMs(around.ecsConfig),
  });
  let isBeingEmptied = false;
  const onResponse = (response: Response) => {
    isBeingEmptied = response.posture === 'drained';
    announcer.show(response);
  };
  const { runHooks, sendWebhooks, tellControllers } = announcer;
  await together(signal, [
    (life) =>
      answerSignals(
        {
          ...{ ...acting, clock, board, tasks, keeper, settings, marks: new Marks(acting), onResponse },
          runHooks: runHooks.bind(announcer),
          sendWebhooks: sendWebhooks.bind(announcer),
          tellControllers: tellControllers.bind(announcer),
        },
        life,
      ),
    (life) => tasks.learn(life),
    async (life) => {
      const instanceId = await untilInstanceKnown(options, life);
      if (instanceId === null) return;
      keeper.knowInstance(instanceId);
      announcer.knowInstance(instanceId);
    },
    async (life) => {
      const identity = await whoAmI.untilKnown(life);
      if (identity === null) return;
      announcer.knowPlace(identity);
      const gate = gateOf(options, acting, tasks, () => isBeingEmptied);
      await together(life, [
        async (within) => {
          // Ready is who would see a notice.
          await aborted(watching, within);
          await gate.keep(within);
        },
        (within) => tellWhoElseActs(options, acting, around, within),
      ]);
    },
  ]);
}

function gateOf(options: AgentOptions, acting: Acting, tasks: TasksBook, isHeld: () => boolean): ReadinessGate {
  const { clock, rng, logger, introspection, requiredDaemons: required } = options;
  return new ReadinessGate({
    ...{ clock, rng, logger, introspection, required, isHeld },
    ourselves: (within) => ourselves(acting, within),
    serviceOf: (arn) => tasks.serviceOf(arn),
  });
}

/** In the order in which they are first asked: the shortest time comes first. */
function sourcesOf({ metadata, pollMs, runtimeDirectory, clock }: AgentOptions): AnySource[] {
  const fromHere =
    runtimeDirectory === null
      ? []
      : [hostShutdownSource({ runtimeDirectory, periodMs: HOST_SHUTDOWN_POLL_MS, uptimeMs, clock })];
  return [
    interruptionSource(metadata, pollMs.interruption),
    ...fromHere,
    targetStateSource(metadata, pollMs.targetState),
    rebalanceSource(metadata, pollMs.rebalance),
    maintenanceSource(metadata, pollMs.maintenance),
  ];
}

function openKeeper({ stateDirectory, boot, clock, logger }: AgentOptions): MemoryKeeper {
  const path = stateDirectory === null ? null : join(stateDirectory, STATE_FILE);
  return MemoryKeeper.open({ path, boot, clock, logger });
}

/** null when the signal aborts first. Why it cannot be known is the watch's to say. */
async function untilInstanceKnown(
  { metadata, clock, logger }: AgentOptions,
  signal: AbortSignal,
): Promise<string | null> {
  while (!signal.aborted) {
    try {
      return await metadata.instanceId(signal);
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      logger.debug({ err }, 'the id of this instance is not known yet');
      await clock.sleep(ASK_AGAIN_MS, signal);
    }
  }
  return null;
}

/** Once. */
async function tellWhoElseActs(
  { introspection, logger }: AgentOptions,
  acting: Acting,
  around: NeighbourFacts,
  signal: AbortSignal,
): Promise<void> {
  let images: readonly string[] = [];
  try {
    images = (await introspection.tasks(signal)).flatMap((task) => task.images);
  } catch (err) {
    if (!(err instanceof Failure) || err.kind === 'bug') throw err;
    logger.debug({ err }, 'the tasks here are not known: whether one of them drains is not, either');
  }
  if (signal.aborted) return;
  const neighbours = neighboursOf({ ...around, images });
  tellNeighbours(neighbours, logger);
  await nameNeighbour(acting, neighbours, signal);
}

function aborted(what: AbortSignal, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (what.aborted || signal.aborted) resolve();
    onAbort(what, resolve);
    onAbort(signal, resolve);
  });
}
