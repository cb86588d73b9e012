// The smallest world in which steps have effects: one instance, and an agent on it that does what is due, fails and crashes.
import { type Memory, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { type Response, respond } from '../../../src/agent/respond/respond.ts';
import type { Situation } from '../../../src/agent/respond/situation.ts';
import { afterStep, beforeStep, rememberDrain, withdrawDrain } from '../../../src/agent/respond/step-memory.ts';
import type { Step } from '../../../src/agent/respond/steps.ts';
import type { TaskArn } from '../../../src/model/ids.ts';
import { words } from './situations.ts';

/**
 * How a step goes. `fails`: ECS never took it, and it is given up for now. `crash before`: between what is remembered ahead
 * of it and the step. `crash after`: between the step and remembering that it was taken.
 */
export const FATES = ['done', 'fails', 'crash before', 'crash after'] as const;
export type Fate = (typeof FATES)[number];

/** An instance on which steps have effects. Like the real one it says of DRAINING only that it is there, not whose. */
export class Instance {
  draining: 'us' | 'operator' | null = null;
  cordon: string | null = null;
  notice: string | null = null;
  memory: Memory = NO_MEMORY;
  readonly stopped = new Set<TaskArn>();
  /** What was done, in the order of time. */
  readonly done: string[] = [];

  /**
   * Derives again and again, and does what is due, until nothing is but what has failed. `onStep` may crash us by changing
   * the memory.
   */
  settle(
    situation: Omit<Situation, 'memory'>,
    onStep: () => void = () => {},
    fateOf: (step: Step) => Fate = () => 'done',
  ): Response {
    const failed = new Set<string>();
    for (let round = 0; round < 500; round++) {
      const response = respond({ ...situation, here: this.#asSeen(situation), memory: this.memory });
      this.memory = response.memory;
      const due = response.steps.find(({ id, at }) => at <= situation.now && !failed.has(id));
      if (due === undefined) return response;
      const fate = fateOf(due);
      if (fate === 'fails') failed.add(due.id);
      this.perform(due, situation.now, fate);
      onStep();
    }
    throw new Error(`never at rest: ${this.done.slice(-5).join(', ')}`);
  }

  /** As the agent does. */
  perform(step: Step, now: number, fate: Fate = 'done'): void {
    this.memory = beforeStep(this.memory, step, now);
    const { drained } = this.memory;
    if (step.kind === 'drain' && this.draining === null) this.memory = rememberDrain(this.memory, step.cause, now);
    if (fate === 'crash before') return;
    if (fate === 'fails') {
      this.memory = withdrawDrain(this.memory, drained === null ? this.memory.drained : null);
      return;
    }
    this.#take(step);
    if (fate === 'done') this.memory = afterStep(this.memory, step);
  }

  /** What the outside can see in the end, whatever the way there. */
  effects() {
    const { draining, cordon, notice } = this;
    const told = [...new Set(this.done.filter((one) => /^(run|send)-/.test(one)))].sort();
    return { isDraining: draining !== null, cordon, notice, stopped: [...this.stopped].sort(), told };
  }

  #take(step: Step): void {
    this.done.push(words(step));
    if (step.kind === 'drain') this.draining ??= 'us';
    if (step.kind === 'undrain') this.draining = null;
    if (step.kind === 'cordon') this.cordon = step.value;
    if (step.kind === 'uncordon') this.cordon = null;
    if (step.kind === 'write-notice') this.notice = step.value;
    if (step.kind === 'clear-notice') this.notice = null;
    if (step.kind === 'stop-task') this.stopped.add(step.taskArn);
  }

  #asSeen({ here }: Omit<Situation, 'memory'>): Situation['here'] {
    if (here === null) return null;
    const tasks = here.tasks.map((task) => ({ ...task, isStopping: task.isStopping || this.stopped.has(task.arn) }));
    return { ...here, tasks };
  }
}
