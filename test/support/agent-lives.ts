// The lives of one agent on a stage: started, killed at an exact moment, and started again at once, as systemd would.
import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { WorldEvent } from '../../src/world/history.ts';
import type { AgentStage } from './agent-stage.ts';
import type { RunningScript } from './script.ts';
import { until } from './until.ts';

/** What happens, in the world or at the sandbox's doors, in which a life ends. */
export type Moment =
  | { readonly event: (event: WorldEvent) => boolean }
  | { readonly record: (record: RequestRecord) => boolean };

export class AgentLives {
  readonly stage: AgentStage;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #all: RunningScript[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #slowestStartMs = 0;

  constructor(stage: AgentStage, environment: Readonly<Record<string, string>> = {}) {
    this.stage = stage;
    this.#environment = environment;
  }

  /** Oldest first. */
  get all(): readonly RunningScript[] {
    return this.#all;
  }

  /** How long a life took to say its first word: tells how busy the machine is, before any code of ours counts. */
  get slowestStartMs(): number {
    return this.#slowestStartMs;
  }

  /** What the agent that runs now has said. */
  said(words: string): boolean {
    return this.#all.at(-1)?.stderr().includes(words) ?? false;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Starts it, and waits until it has marked the instance as ready: until then, it has not used ECS yet. */
  async startReady(): Promise<void> {
    await this.start();
    await until('its word of readiness', () => this.said('is marked as ready'));
  }

  /** Resolves when it is dead. */
  kill(): Promise<void> {
    this.signal('SIGKILL');
    return this.#inTurn(async () => {
      this.signal('SIGKILL');
      await this.#all.at(-1)?.over;
    });
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Kills it in the very moment, before anybody gets an answer, and starts it again. @returns whether that has come */
  restartAt(moment: Moment): () => boolean {
    const { log, world } = this.stage.sandbox;
    let hasCome = false;
    let isOver = false;
    const onHit = () => {
      if (hasCome) return;
      hasCome = true;
      stop();
      void this.restart().then(() => {
        isOver = true;
      });
    };
    const stop =
      'event' in moment
        ? world.history.subscribe((event) => void (moment.event(event) && onHit()))
        : log.subscribe((record) => void (moment.record(record) && onHit()));
    return () => isOver;
  }

  signal(name: NodeJS.Signals): void {
    this.#all.at(-1)?.child.kill(name);
  }

  /** The power goes and comes back, and the agent with it. */
  reboot(): Promise<void> {
    return this.#inTurn(async () => {
      await this.stage.reboot();
      await this.#start();
    });
  }

  async #start(): Promise<void> {
    const { driver } = this.stage.sandbox;
    const startedAt = driver.now;
    const life = await this.stage.startAgent(this.#environment);
    this.#all.push(life);
    await until('its first word', () => life.stderr() !== '' || life.child.exitCode !== null || life.child.killed);
    this.#slowestStartMs = Math.max(this.#slowestStartMs, driver.now - startedAt);
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const acted = this.#work.then(act);
    this.#work = acted.catch(() => {}); // whoever asked for it hears of it
    return acted;
  }
}
