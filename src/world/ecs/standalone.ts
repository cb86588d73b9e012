// Tasks that belong to no service. Nobody replaces them; what cannot be placed at once is a failure in the answer and
// never a task.
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { activeContainerInstances, type EcsCluster, findContainerInstance } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { PlacementFinder } from './placement.ts';
import type { PlacementConstraint } from './placement-constraint.ts';
import { type PlacementStrategy, RUN_TASK_DEFAULT } from './placement-strategy.ts';
import { FAILURE_REASON, resourceShortfalls } from './shortfall.ts';
import type { EcsTask } from './task.ts';
import type { EcsTaskDefinition } from './task-definition.ts';
import type { TaskLife } from './task-life.ts';

export interface ApiFailure {
  readonly arn: string;
  readonly reason: string;
}

export interface StandaloneResult {
  readonly tasks: readonly EcsTask[];
  readonly failures: readonly ApiFailure[];
}

interface StandaloneOrder {
  readonly definition: EcsTaskDefinition;
  /** `family:NAME` when absent. */
  readonly group?: string;
  readonly startedBy?: string;
}

export interface RunTaskOrder extends StandaloneOrder {
  readonly count?: number;
  /** A repeated request with the same token is answered with what the first one did. */
  readonly clientToken?: string;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
}

export interface StartTaskOrder extends StandaloneOrder {
  /** ARNs or ids. */
  readonly containerInstances: readonly string[];
}

export class Standalone {
  readonly #ground: Ground;
  readonly #life: TaskLife;
  readonly #answered = new Map<string, StandaloneResult>();

  constructor(ground: Ground, life: TaskLife) {
    this.#ground = ground;
    this.#life = life;
  }

  /** @throws Refusal InvalidParameterException in a cluster without ACTIVE container instances */
  run(cluster: EcsCluster, order: RunTaskOrder): StandaloneResult {
    const { clientToken } = order;
    if (clientToken === undefined) return this.#run(cluster, order);
    const key = `${cluster.name}/${clientToken}`;
    const result = this.#answered.get(key) ?? this.#run(cluster, order);
    this.#answered.set(key, result);
    return result;
  }

  start(cluster: EcsCluster, order: StartTaskOrder): StandaloneResult {
    const tasks: EcsTask[] = [];
    const failures: ApiFailure[] = [];
    for (const arnOrId of order.containerInstances) {
      const instance = findContainerInstance(cluster, arnOrId);
      const reason = instance === undefined ? 'MISSING' : this.#startRefusal(instance, order.definition);
      if (instance !== undefined && reason === null) tasks.push(this.#place(instance, order));
      else failures.push({ arn: instance?.arn ?? arnOrId, reason: reason ?? 'MISSING' });
    }
    return { tasks, failures };
  }

  #run(cluster: EcsCluster, order: RunTaskOrder): StandaloneResult {
    if (activeContainerInstances(cluster).length === 0) {
      throw new Refusal('InvalidParameterException', 'No Container Instances were found in your cluster.');
    }
    const question = {
      definition: order.definition,
      group: groupOf(order),
      constraints: order.placementConstraints ?? [],
      strategies: order.placementStrategy ?? RUN_TASK_DEFAULT,
    };
    const finder = new PlacementFinder(cluster, question, this.#ground.rng);
    const tasks: EcsTask[] = [];
    for (let left = order.count ?? 1; left > 0; left -= 1) {
      const task = finder.placeNext((instance) => this.#place(instance, order));
      if (task === null) return { tasks, failures: failuresOf(finder) };
      tasks.push(task);
    }
    return { tasks, failures: [] };
  }

  /** StartTask names the instance, so only its state and its room are asked. */
  #startRefusal(instance: EcsContainerInstance, definition: EcsTaskDefinition): string | null {
    const isDrainingFine = instance.status === 'DRAINING' && this.#ground.settings.startTaskOnDraining === 'accepted';
    if (instance.status !== 'ACTIVE' && !isDrainingFine) return 'INACTIVE';
    if (!instance.agentConnected) return 'AGENT';
    const [shortfall] = resourceShortfalls(instance, definition);
    return shortfall === undefined ? null : FAILURE_REASON[shortfall];
  }

  #place(containerInstance: EcsContainerInstance, order: StandaloneOrder): EcsTask {
    return this.#life.place({
      definition: order.definition,
      containerInstance,
      group: groupOf(order),
      service: null,
      startedBy: order.startedBy ?? null,
      wantedAt: this.#ground.agenda.now,
    });
  }
}

function failuresOf(finder: PlacementFinder): ApiFailure[] {
  return finder.refused().map(({ instance, shortfalls: [shortfall = 'AGENT'] }) => ({
    arn: instance.arn,
    reason: FAILURE_REASON[shortfall],
  }));
}

function groupOf(order: StandaloneOrder): string {
  return order.group ?? `family:${order.definition.family}`;
}
