// The real programs that run against the sandbox, by name. It keeps them alive and ends them; what they do is theirs.
import type { Clock } from '../../ports/clock.ts';
import { type ProcessEvent, type ProcessSpec, SupervisedProcess } from './supervised-process.ts';

/** Enough to see why a process failed, whatever it wrote before. */
const KEPT_LINES = 200;

export interface ProcessesOptions {
  readonly clock: Clock;
  /** The bundled command every process is started from. */
  readonly program: string;
}

export class Processes {
  readonly #options: ProcessesOptions;
  readonly #running = new Map<string, SupervisedProcess>();
  readonly #lines = new Map<string, string[]>();
  readonly #listeners = new Set<(event: ProcessEvent) => void>();

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  /** Starts a process and keeps it running. A name can be used once at a time. */
  start(spec: ProcessSpec): void {
    if (this.#running.has(spec.name)) throw new Error(`the process ${spec.name} is running already`);
    const supervised = new SupervisedProcess(spec, { ...this.#options, tell: (event) => this.#tell(event) });
    this.#running.set(spec.name, supervised);
    supervised.start();
  }

  /** Sends a signal; a process that dies of it is restarted. @returns false when no such process runs just now */
  kill(name: string, signal: NodeJS.Signals): boolean {
    return this.#running.get(name)?.signal(signal) ?? false;
  }

  /** Ends a process for good. Ending one that does not run is success. */
  async stop(name: string): Promise<void> {
    await this.#take(name)?.stop();
  }

  /** Ends a process without a word to it, as when the power goes. One that does not run is success. */
  async cut(name: string): Promise<void> {
    await this.#take(name)?.cut();
  }

  /** Name and process id of everything that is kept running; the id is null while it waits to be restarted. */
  list(): readonly { readonly name: string; readonly pid: number | null }[] {
    return [...this.#running].map(([name, supervised]) => ({ name, pid: supervised.pid }));
  }

  /** The last lines a process wrote, through all its lives. */
  linesOf(name: string): readonly string[] {
    return this.#lines.get(name) ?? [];
  }

  /** Called with whatever happens to any process. Returns the function that ends it. */
  subscribe(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every process and waits until all are gone. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }

  #take(name: string): SupervisedProcess | undefined {
    const supervised = this.#running.get(name);
    this.#running.delete(name);
    return supervised;
  }

  #tell(event: ProcessEvent): void {
    if (event.kind === 'line') {
      const lines = this.#lines.get(event.name) ?? [];
      this.#lines.set(event.name, [...lines.slice(-KEPT_LINES + 1), event.line]);
    }
    for (const listener of this.#listeners) listener(event);
  }
}
