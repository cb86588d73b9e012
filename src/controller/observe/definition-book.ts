// Task definitions, each described once: a revision never changes. One that cannot be read is set aside by name with the
// services that use it, and asked for again with growing pauses.
//
// What an unreadable definition forbids. How much room a task of it needs is unknown; but while all tasks of its service
// have a place, that place is taken on its instance, whatever its size, and an instance where such a task stands is no
// victim, because nobody can tell where the task would go. So nothing else has to wait for it. When its service lacks a
// task or deploys, the room that the task needs must not be given away, and what it needs is anybody's guess: then it is
// a gap, and nothing shrinks until the tasks have found a place or the definition can be read.
import type { TaskDefinitionArn } from '../../model/ids.ts';
import type { Service, TaskDefinition } from '../../model/service.ts';
import type { SetAside } from '../../model/snapshot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { explain, Failure } from '../../ports/failure.ts';
import type { CallBudget } from './call-budget.ts';

// Somebody may be mending it; half an hour later nobody is waiting for it.
const FIRST_PAUSE_MS = 120_000;
const LONGEST_PAUSE_MS = 1_800_000;

export interface DefinitionReading {
  readonly cluster: Pick<Cluster, 'taskDefinition'>;
  readonly budget: CallBudget;
  /** Most needed first. */
  readonly wanted: ReadonlySet<TaskDefinitionArn>;
  readonly signal: AbortSignal | undefined;
}

interface Unreadable {
  readonly why: string;
  readonly pauseMs: number;
  readonly againAtMs: number;
}

export class DefinitionBook {
  readonly #clock: Clock;
  readonly #known = new Map<TaskDefinitionArn, TaskDefinition>();
  readonly #unreadable = new Map<TaskDefinitionArn, Unreadable>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The readable ones among these. */
  among(arns: ReadonlySet<TaskDefinitionArn>): TaskDefinition[] {
    return [...arns].flatMap((arn) => this.#known.get(arn) ?? []);
  }

  /** How many of these have not been asked for yet. */
  unreadAmong(arns: ReadonlySet<TaskDefinitionArn>): number {
    return [...arns].filter((arn) => !this.#known.has(arn) && !this.#unreadable.has(arn)).length;
  }

  /** Reads what is not known yet, within the budget. @throws Failure other than `unreadable` */
  async read({ cluster, budget, wanted, signal }: DefinitionReading): Promise<void> {
    for (const arn of this.#unreadable.keys()) if (!wanted.has(arn)) this.#unreadable.delete(arn);
    for (const arn of wanted) {
      if (this.#known.has(arn) || !this.#isDue(arn)) continue;
      if (budget.available() === 0) return;
      await budget.call(async () => {
        await this.#ask(arn, () => cluster.taskDefinition(arn, signal));
        return { tries: 1 };
      });
    }
  }

  /** Each unreadable definition among these, and each service that uses one. */
  setAside(arns: ReadonlySet<TaskDefinitionArn>, services: readonly Service[]): SetAside[] {
    const definitions = [...arns].flatMap((arn): SetAside[] => {
      const unreadable = this.#unreadable.get(arn);
      if (unreadable === undefined) return [];
      return [{ kind: 'definition', subject: arn, reason: 'definition-unreadable', detail: unreadable.why }];
    });
    const users = services.flatMap((service): SetAside[] => {
      const arn = definitionsOf(service).find((each) => this.#unreadable.has(each));
      if (arn === undefined) return [];
      const detail = `what its tasks need is not known: ${arn} cannot be read`;
      return [{ kind: 'service', subject: service.name, reason: 'definition-unreadable', detail }];
    });
    return [...definitions, ...users];
  }

  /** The services of which a task lacks a place, or may come to lack one, while nobody knows what it needs. */
  inTheDark(services: readonly Service[]): Service[] {
    return services.filter(
      (service) =>
        (service.isDeploying || isShort(service)) && definitionsOf(service).some((arn) => this.#unreadable.has(arn)),
    );
  }

  #isDue(arn: TaskDefinitionArn): boolean {
    const unreadable = this.#unreadable.get(arn);
    return unreadable === undefined || this.#clock.monotonicMs() >= unreadable.againAtMs;
  }

  async #ask(arn: TaskDefinitionArn, describe: () => Promise<TaskDefinition>): Promise<void> {
    try {
      this.#known.set(arn, await describe());
      this.#unreadable.delete(arn);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'unreadable') throw error;
      const before = this.#unreadable.get(arn)?.pauseMs ?? FIRST_PAUSE_MS / 2;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, before * 2);
      this.#unreadable.set(arn, { why: explain(error), pauseMs, againAtMs: this.#clock.monotonicMs() + pauseMs });
    }
  }
}

/** Of a service with work, and of daemons: a merely registered definition never counts. The service's newest first. */
export function definitionsOf(service: Service): TaskDefinitionArn[] {
  const { taskDefinition, deployments, desiredCount, runningCount, pendingCount, schedulingStrategy } = service;
  if (schedulingStrategy !== 'DAEMON' && desiredCount + runningCount + pendingCount === 0) return [];
  const deployed = deployments.flatMap((deployment) =>
    deployment.desiredCount + deployment.runningCount + deployment.pendingCount > 0 ? [deployment.taskDefinition] : [],
  );
  // A service whose deployments are somebody else's (deployment controller EXTERNAL) names none itself.
  return [...new Set([taskDefinition, ...deployed])].filter((arn) => arn !== '');
}

/** It lacks tasks that ECS wants running. */
export function isShort({ desiredCount, runningCount, pendingCount }: Service): boolean {
  return desiredCount > runningCount + pendingCount;
}
