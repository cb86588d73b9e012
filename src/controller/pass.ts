// One pass: observe, plan, check, act. Only the leader runs it; what it learnt is carried to the next in `memory`.
import { BrokenInvariant, type Checked, check } from '../plan/check.ts';
import { type Planned, plan } from '../plan/decide.ts';
import { type Memory, NO_MEMORY } from '../plan/memory.ts';
import type { Policy } from '../plan/policy.ts';
import type { PlanReport } from '../plan/report.ts';
import { Failure } from '../ports/failure.ts';
import { act, type Hands } from './act.ts';
import { Observer, type Sources } from './observe.ts';

export interface PassResult {
  readonly report: PlanReport;
  readonly placementFailures: number;
  /** The action that could not be done, or null when all were. */
  readonly failure: Failure | null;
}

export class Passes {
  readonly #sources: Sources;
  readonly #hands: Hands;
  readonly #policy: Policy;
  #observer: Observer;
  #memory: Memory = NO_MEMORY;
  #said = '';

  constructor(sources: Sources, hands: Hands, policy: Policy) {
    this.#sources = sources;
    this.#observer = new Observer(sources);
    this.#hands = hands;
    this.#policy = policy;
  }

  /** Memory of an earlier time as leader is of another world. */
  forget(): void {
    this.#memory = NO_MEMORY;
    this.#observer = new Observer(this.#sources);
  }

  /**
   * null when the signal aborted it.
   * @throws Failure `invariant-broken` when the plan would hurt: a bug, on which the process must stop
   */
  async run(signal: AbortSignal): Promise<PassResult | null> {
    const snapshot = await this.#observer.observe({ lookAt: this.#memory.lookAt }, signal);
    if (signal.aborted) return null;
    const now = this.#sources.clock.now();
    const planned = plan({ snapshot, policy: this.#policy, memory: this.#memory, now });
    this.#memory = planned.memory;
    prove({ plan: planned.plan, snapshot, policy: this.#policy, now });
    this.#say(planned);
    const placementFailures = snapshot.services.filter(({ placementFailure }) => placementFailure !== null).length;
    return { report: planned.report, placementFailures, failure: await this.#act(planned, signal) };
  }

  async #act(planned: Planned, signal: AbortSignal): Promise<Failure | null> {
    try {
      await act(planned.plan, this.#hands, signal);
      return null;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!signal.aborted)
        this.#hands.logger.warn({ err: error }, 'a planned action could not be done; the next pass plans anew');
      return error;
    }
  }

  /** A lasting condition is said when it starts and when it changes, not at every pass. */
  #say({ report }: Planned): void {
    const { target, scaleIn, gaps, unschedulable } = report;
    const condition = {
      target: target.reason,
      scaleIn: scaleIn.reason,
      gaps: gaps.map(({ part, why }) => `${part}: ${why}`),
      unschedulable: unschedulable.map(({ shape }) => shape),
    };
    const text = JSON.stringify(condition);
    if (text === this.#said) return;
    this.#said = text;
    const { logger } = this.#hands;
    const { reason: _, ...units } = target;
    const fields = { ...condition, ...units };
    if (gaps.length > 0) logger.warn(fields, 'partial view: nothing shrinks');
    else logger.info(fields, 'where we stand');
  }
}

function prove(checked: Checked): void {
  try {
    check(checked);
  } catch (error) {
    if (!(error instanceof BrokenInvariant)) throw error;
    throw new Failure('invariant-broken', 'checking the plan of this pass', { cause: error });
  }
}
