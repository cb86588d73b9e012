// One child process kept alive the way systemd keeps a service: restarted a second after it dies, unless it was stopped
// or ended with the exit code that says a restart cannot help.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../../ports/clock.ts';
import { EXIT } from '../../runtime/exit-codes.ts';
import { LEASH_ARGS, LEASH_FD } from './leash.ts';

/** RestartSec of our systemd units. */
const RESTART_MS = 1_000;

/** TimeoutStopSec, shortened: everything the children must finish takes well under this on a loopback AWS. */
const STOP_GRACE_MS = 3_000;

export interface ProcessSpec {
  /** As the request log names it: `controller-a`, `agent i-0123`. */
  readonly name: string;
  readonly args: readonly string[];
  /** All of it: a child inherits nothing, so that no profile or endpoint of the user reaches it. */
  readonly environment: Readonly<Record<string, string>>;
}

export type ProcessEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  /** One line the child wrote, to stdout or stderr. */
  | { readonly kind: 'line'; readonly name: string; readonly line: string }
  | {
      readonly kind: 'ended';
      readonly name: string;
      readonly code: number | null;
      readonly signal: string | null;
      /** It ended because it was stopped, and not by itself or by a signal from elsewhere. */
      readonly wasStopped: boolean;
      readonly isRestarting: boolean;
    };

export interface Surroundings {
  readonly clock: Clock;
  /** The bundled command. */
  readonly program: string;
  readonly tell: (event: ProcessEvent) => void;
}

export class SupervisedProcess {
  readonly #spec: ProcessSpec;
  readonly #around: Surroundings;
  readonly #stopping = new AbortController();
  #child: ChildProcess | null = null;
  #life: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec, around: Surroundings) {
    this.#spec = spec;
    this.#around = around;
  }

  /** Process id while it runs; null between two lives and after the last. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    this.#life = this.#supervise();
  }

  /** @returns false when it is not running just now */
  signal(signal: NodeJS.Signals): boolean {
    return this.#child?.kill(signal) ?? false;
  }

  /** SIGTERM, then SIGKILL when it takes too long. Resolves when the process is gone and will not be restarted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.signal('SIGTERM');
    const gone = new AbortController();
    const life = this.#life.finally(() => gone.abort());
    await this.#around.clock.sleep(STOP_GRACE_MS, gone.signal);
    if (!gone.signal.aborted) this.signal('SIGKILL');
    await life;
  }

  /** SIGKILL at once, as when the power goes. Resolves when the process is gone and will not be restarted. */
  async cut(): Promise<void> {
    this.#stopping.abort();
    this.signal('SIGKILL');
    await this.#life;
  }

  async #supervise(): Promise<void> {
    const stopping = this.#stopping.signal;
    while (!stopping.aborted) {
      const { code, signal } = await this.#runOnce();
      const isRestarting = !stopping.aborted && code !== EXIT.badConfiguration;
      const wasStopped = stopping.aborted;
      this.#around.tell({ kind: 'ended', name: this.#spec.name, code, signal, wasStopped, isRestarting });
      if (!isRestarting) return;
      await this.#around.clock.sleep(RESTART_MS, stopping);
    }
  }

  #runOnce(): Promise<{ code: number | null; signal: string | null }> {
    const { name, args, environment } = this.#spec;
    const child = spawn(process.execPath, [...LEASH_ARGS, this.#around.program, ...args], {
      env: { ...environment },
      // A process group of its own: Ctrl-C in a terminal is for us, who then end the children in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    // Held open and never written: its closing is the message.
    child.stdio[LEASH_FD]?.on('error', () => {});
    this.#listen(child.stdout);
    this.#listen(child.stderr);
    if (child.pid !== undefined) this.#around.tell({ kind: 'started', name, pid: child.pid });
    return new Promise((resolve) => {
      const end = (code: number | null, signal: string | null) => {
        this.#child = null;
        resolve({ code, signal });
      };
      child.once('error', (error) => {
        this.#around.tell({ kind: 'line', name, line: `could not be started: ${error.message}` });
        end(null, null);
      });
      child.once('close', end);
    });
  }

  #listen(stream: Readable | null): void {
    if (stream === null) return;
    const { name } = this.#spec;
    createInterface({ input: stream }).on('line', (line) => this.#around.tell({ kind: 'line', name, line }));
  }
}
