// What is known of running tasks. What a decision needs of one (its service, its definition, its instance) never changes
// once it is placed, so each is described once: in a large cluster, describing all of them at every pass would take the
// account's whole budget of ECS reads.
import type { Task } from '../model/service.ts';

export class TaskMemory {
  #known = new Map<string, Task>();

  /** The running tasks behind these ARNs. `describe` is asked only for the new ones; what is not listed is forgotten. */
  async recall(arns: readonly string[], describe: (unknown: readonly string[]) => Promise<Task[]>): Promise<Task[]> {
    const described = await describe(arns.filter((arn) => !this.#known.has(arn)));
    const all = new Map([...this.#known, ...described.map((task) => [task.arn, task] as const)]);
    const running = arns.flatMap((arn) => all.get(arn) ?? []);
    this.#known = new Map(running.flatMap((task) => (task.containerInstanceArn === null ? [] : [[task.arn, task]])));
    return running;
  }
}
