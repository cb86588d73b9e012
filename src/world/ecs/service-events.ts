// A service's event log as people read it: newest first, the last hundred, repeats of a placement failure held back while
// the trouble lasts. Texts are AWS's own.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
import type { Rng } from '../../ports/rng.ts';
import { newId } from './identity.ts';
import type { EcsTask } from './task.ts';

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

const KEPT = 100;
/** AWS says an unsolved problem again after this long. */
const REPEAT_AFTER_MS = 6 * 3_600_000;

export class ServiceEvents {
  readonly #rng: Rng;
  #events: ServiceEvent[] = [];
  #trouble: { readonly key: string; readonly saidAt: number } | null = null;
  #isSteady = false;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  get newestFirst(): readonly ServiceEvent[] {
    return this.#events;
  }

  say(now: number, message: string): void {
    this.#events.unshift({ id: newId(this.#rng), createdAt: now, message });
    this.#events.length = Math.min(this.#events.length, KEPT);
  }

  /** Says why nothing can be placed, unless it said the same already. Returns whether it spoke. */
  sayTrouble(now: number, key: string, message: string): boolean {
    this.#isSteady = false;
    const held = this.#trouble !== null && this.#trouble.key === key && now - this.#trouble.saidAt < REPEAT_AFTER_MS;
    if (held) return false;
    this.#trouble = { key, saidAt: now };
    this.say(now, message);
    return true;
  }

  /** Everything wanted is placed: the next failure is a new one. */
  troubleIsOver(): void {
    this.#trouble = null;
  }

  saySteadyState(now: number, serviceName: string): void {
    if (this.#isSteady) return;
    this.#isSteady = true;
    this.say(now, `(service ${serviceName}) has reached a steady state.`);
  }

  sayStarted(now: number, serviceName: string, tasks: readonly EcsTask[]): void {
    if (tasks.length === 0) return;
    this.say(now, `(service ${serviceName}) has started ${tasks.length} tasks: ${named(tasks)}.`);
  }

  sayStopped(now: number, serviceName: string, tasks: readonly EcsTask[]): void {
    if (tasks.length === 0) return;
    this.#isSteady = false;
    this.say(now, `(service ${serviceName}) has stopped ${tasks.length} running tasks: ${named(tasks)}.`);
  }

  /** Something is being changed: the next steady state is worth saying. */
  unsteady(): void {
    this.#isSteady = false;
  }
}

function named(tasks: readonly EcsTask[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(' ');
}
