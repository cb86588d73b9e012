// What is known of task definitions. A revision never changes, so it is described once in the life of the process; which
// revision of a family is the latest does change, and what cannot be described today may be mended, so both are asked
// for again after a while.
import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { shortName } from '../model/ids.ts';
import type { TaskDefinition } from '../model/service.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import { awsErrorName, calling } from './aws-error.ts';
import { sendOptions } from './clients.ts';
import { readTaskDefinition } from './ecs-definitions.ts';

// A new revision counts soon enough after this long, and a cluster of a thousand broken definitions still costs fewer
// than ten calls a second of the account's budget of reads.
const ASK_AGAIN_MS = 120_000;

// How ECS says that it knows no such definition: neither passes by asking at once again.
const NO_SUCH_DEFINITION = ['ClientException', 'InvalidParameterException'];

interface Known {
  readonly outcome: TaskDefinition | Failure;
  /** By the monotonic clock. */
  readonly askedAtMs: number;
}

export class DefinitionMemory {
  readonly #client: ECSClient;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(options: { client: ECSClient; clock: Clock }) {
    this.#client = options.client;
    this.#clock = options.clock;
  }

  /**
   * The definition of this ARN, of `FAMILY:REVISION`, or the latest active one of `FAMILY`.
   * @throws Failure `unreadable` when ECS cannot describe it or it holds sizes that cannot be read
   */
  async find(reference: string, signal?: AbortSignal): Promise<TaskDefinition> {
    const known = this.#known.get(reference);
    const outcome =
      known !== undefined && this.#holds(reference, known) ? known.outcome : await this.#ask(reference, signal);
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  #holds(reference: string, { outcome, askedAtMs }: Known): boolean {
    const isFinal = !(outcome instanceof Failure) && /:\d+$/.test(reference);
    return isFinal || this.#clock.monotonicMs() - askedAtMs < ASK_AGAIN_MS;
  }

  async #ask(reference: string, signal?: AbortSignal): Promise<TaskDefinition | Failure> {
    const outcome = await this.#describe(reference, signal);
    const known = { outcome, askedAtMs: this.#clock.monotonicMs() };
    this.#known.set(reference, known);
    if (!(outcome instanceof Failure)) this.#known.set(outcome.arn, known);
    return outcome;
  }

  /** What lasts is returned, so that it is remembered; what passes by itself is thrown. */
  async #describe(reference: string, signal?: AbortSignal): Promise<TaskDefinition | Failure> {
    const doing = `describing task definition ${shortName(reference)}`;
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference });
    try {
      const answer = await calling(doing, () => this.#client.send(command, sendOptions(signal)));
      return readTaskDefinition(answer.taskDefinition ?? {});
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (NO_SUCH_DEFINITION.includes(awsErrorName(error.cause))) {
        return new Failure('unreadable', doing, { cause: error.cause });
      }
      if (error.code === 'unreadable') return error;
      throw error;
    }
  }
}
