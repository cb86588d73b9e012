// Plays one case of the fault matrix: an instance with three tasks gets a notice while IMDS and ECS fail for a while, its
// agent is killed at one moment or two and started again at once, and its wall clock may be wrong.
import { dirname, join } from 'node:path';
import { ATTRIBUTE } from '../../src/model/attributes.ts';
import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { WorldEvent } from '../../src/world/history.ts';
import { breakEcs, breakImds } from './agent-faults.ts';
import { AgentLives } from './agent-lives.ts';
import { type AgentStage, setAgentStage } from './agent-stage.ts';
import type { FaultCase } from './fault-case.ts';
import type { RunningScript } from './script.ts';
import { until } from './until.ts';
import { WallClock } from './wall-clock.ts';

/** What is left of a case when it is over. */
export interface Evidence {
  readonly faultCase: FaultCase;
  /** World time, as are all instants: of the notice, and when the power goes. */
  readonly noticedAt: number;
  readonly deadlineAt: number;
  /** Before it, nothing needs to be stopped. */
  readonly stopsBeginAt: number;
  readonly lives: readonly RunningScript[];
  readonly events: readonly WorldEvent[];
  readonly records: readonly RequestRecord[];
  readonly slowestStartMs: number;
  /** What was waited for in vain. */
  readonly missed: readonly string[];
}

/**
 * The daemon is stopped 6 to 7 s after the notice and the others 4 to 5 s after it: later than the faults at the notice, and
 * within those at the stops. The margin is wider than its least, as these processes share a small machine with each other.
 */
const NOTICE_MS = 16_000;
const MARGIN_SECONDS = 8;
const STOP_TIMEOUT_SECONDS = { service: 2, standalone: 2, daemon: 1 };
const TASKS = 3;
const { service, standalone, daemon } = STOP_TIMEOUT_SECONDS;
/** Before the deadline. IMDS gives whole seconds, which may make it one more. */
const STOPS_BEGIN_SECONDS = Math.max(service, standalone) + daemon + MARGIN_SECONDS + 1;

/** From the notice on. */
const IMDS_FAILS_MS = [0, 2_500] as const;
const ECS_FAILS_MS: Readonly<Record<FaultCase['ecsFails'], readonly [number, number]>> = {
  'at the notice': [0, 3_500],
  'at the stops': [3_800, 6_500],
};
const FROZEN_MS = 2_500;

/** Longer than any deadline is away, and than a notice that has disappeared is answered. */
const STEP_MS = 3_600_000;

export async function playFaultCase(faultCase: FaultCase, seed: number): Promise<Evidence> {
  const stage = await setAgentStage({ noticeMs: NOTICE_MS }, seed);
  try {
    return await new Play(stage, faultCase).run();
  } finally {
    await stage.close();
  }
}

class Play {
  readonly #stage: AgentStage;
  readonly #case: FaultCase;
  readonly #lives: AgentLives;
  readonly #clock: WallClock;
  readonly #missed: string[] = [];
  #noticedAt = 0;
  #isPowerOff = false;

  constructor(stage: AgentStage, faultCase: FaultCase) {
    this.#stage = stage;
    this.#case = faultCase;
    this.#clock = new WallClock(join(dirname(stage.stateDirectory), 'wall-clock'));
    this.#lives = new AgentLives(stage, {
      SPOTKEEPER_STOP_MARGIN_SECONDS: String(MARGIN_SECONDS),
      ...(faultCase.clock === 'right' ? {} : this.#clock.environment),
    });
    stage.sandbox.world.history.subscribe(({ kind }) => {
      if (kind === 'instance-ending') this.#isPowerOff = true;
    });
  }

  async run(): Promise<Evidence> {
    const { killed, isForGood } = this.#case;
    await this.#setUp();
    if (killed === 'before the notice') await this.#lives.kill();
    const strikes = this.#arm();
    const deadlineAt = this.#giveNotice();
    if (killed === 'before the notice') await this.#lives.start();
    if (killed === 'at the notice') {
      await this.#reach('the notice to be seen', () => this.#lives.said('answering a signal'));
      await this.#lives.restart();
    }
    for (const { what, isOver } of strikes) await this.#reach(what, isOver);
    await this.#later();
    if (isForGood) await until('the power-off', () => this.#isPowerOff);
    else await this.#reach('the end of the response', () => this.#isDone());
    const { world, log } = this.#stage.sandbox;
    return {
      faultCase: this.#case,
      noticedAt: this.#noticedAt,
      deadlineAt,
      stopsBeginAt: deadlineAt - STOPS_BEGIN_SECONDS * 1_000,
      lives: [...this.#lives.all],
      events: [...world.history.events],
      records: [...log.records],
      slowestStartMs: this.#lives.slowestStartMs,
      missed: this.#missed,
    };
  }

  async #setUp(): Promise<void> {
    const { clock } = this.#case;
    if (clock === 'ahead from the start') this.#clock.set(STEP_MS);
    if (clock === 'steps forward') this.#asNoticeIsTaken(() => this.#clock.set(STEP_MS));
    if (clock === 'steps back') this.#asNoticeIsTaken(() => this.#clock.set(-STEP_MS));
    await this.#stage.serve('web', { schedulingStrategy: 'REPLICA', desiredCount: 1 }, service);
    await this.#stage.serve('logs', { schedulingStrategy: 'DAEMON' }, daemon);
    await this.#stage.runStandalone('batch', standalone);
    await this.#lives.startReady();
  }

  /** The faults begin no later than the notice: before it, nothing would be learned of them. */
  #giveNotice(): number {
    const { imds, ecs, ecsFails } = this.#case;
    this.#noticedAt = this.#stage.sandbox.driver.now;
    if (imds !== 'loses the notice') this.#failWithin(IMDS_FAILS_MS, () => breakImds(this.#stage, imds));
    else this.#loseNotice();
    this.#failWithin(ECS_FAILS_MS[ecsFails], () => breakEcs(this.#stage, ecs));
    return this.#stage.notice();
  }

  /** Once it must be in the state file; until another boot, for which a notice that is gone is over. */
  #loseNotice(): void {
    this.#asNoticeIsTaken(() => {
      const end = breakImds(this.#stage, 'loses the notice');
      this.#stage.sandbox.world.history.subscribe(({ kind }) => void (kind === 'instance-rebooting' && end()));
    });
  }

  /** The first time, before anybody gets an answer. */
  #asNoticeIsTaken(act: () => void): void {
    const stop = this.#stage.sandbox.log.subscribe((record) => {
      if (!isNoticeTaken(record)) return;
      stop();
      act();
    });
  }

  #failWithin([fromMs, toMs]: readonly [number, number], begin: () => () => void): void {
    const { driver, world } = this.#stage.sandbox;
    const { isForGood } = this.#case;
    const beginAndEnd = () => {
      const end = begin();
      if (!isForGood) world.agenda.at(this.#noticedAt + toMs, end);
    };
    driver.inPresent(() => (fromMs === 0 ? beginAndEnd() : world.agenda.at(this.#noticedAt + fromMs, beginAndEnd)));
  }

  /** What kills it in a moment that no look from outside would hit. */
  #arm(): { what: string; isOver: () => boolean }[] {
    const { killed, later } = this.#case;
    const sigterms = () => this.#stage.sandbox.world.history.of('task-sigterm').length;
    const nthStop = (count: number) => ({
      event: ({ kind }: WorldEvent) => kind === 'task-sigterm' && sigterms() >= count,
    });
    const moments: Partial<Record<string, Parameters<AgentLives['restartAt']>[0]>> = {
      'as DRAINING is sent': { record: ({ action }) => action === 'UpdateContainerInstancesState' },
      'as DRAINING is taken': { event: ({ kind }) => kind === 'container-instance-draining' },
      'as the attribute is taken': { record: isNoticeTaken },
      'at the first stop': nthStop(1),
      'at the last stop': nthStop(TASKS),
    };
    // It is lost on its way, whatever else fails: rules are asked in the order in which they came.
    if (killed === 'as DRAINING is sent') {
      this.#stage.fault('ecs', { kind: 'reset' }, { action: 'UpdateContainerInstancesState', count: 1 });
    }
    return [killed, later].flatMap((what) => {
      const moment = moments[what];
      return moment === undefined ? [] : [{ what, isOver: this.#lives.restartAt(moment) }];
    });
  }

  async #later(): Promise<void> {
    const { driver } = this.#stage.sandbox;
    if (this.#case.later === 'rebooted') {
      await this.#reach('DRAINING', () => this.#happened('container-instance-draining') > 0);
      if (!this.#isPowerOff) await this.#lives.reboot();
    }
    if (this.#case.later === 'frozen') {
      await this.#reach('DRAINING', () => this.#happened('container-instance-draining') > 0);
      this.#lives.signal('SIGSTOP');
      const goesOnAt = driver.now + FROZEN_MS;
      await until('the end of the pause', () => driver.now >= goesOnAt);
      this.#lives.signal('SIGCONT');
    }
  }

  #isDone(): boolean {
    return (
      this.#happened('container-instance-draining') > 0 &&
      this.#stage.sandbox.log.records.some(isNoticeTaken) &&
      // While ECS does not take DRAINING, it may start a task here in the place of one that was stopped.
      this.#happened('task-stopped') === this.#happened('task-placed') &&
      // Also the last one has looked at what there is to do.
      this.#lives.said('answering a signal')
    );
  }

  #happened(kind: WorldEvent['kind']): number {
    return this.#stage.sandbox.world.history.of(kind).length;
  }

  async #reach(what: string, holds: () => boolean): Promise<void> {
    if (this.#case.isForGood) return until(what, () => holds() || this.#isPowerOff, NOTICE_MS * 2);
    await until(what, () => holds() || this.#isPowerOff, NOTICE_MS * 2);
    if (!holds()) this.#missed.push(what);
  }
}

/** Whether ECS has taken the notice attribute, heard or not. */
export function isNoticeTaken({ action, status, input }: RequestRecord): boolean {
  return action === 'PutAttributes' && status === 200 && JSON.stringify(input).includes(ATTRIBUTE.notice);
}
