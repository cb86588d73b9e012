// One pass: observe, plan, check, act. Only the leader runs it; what it learnt is carried to the next in `memory`.
import type { Gap } from '../model/snapshot.ts';
import { afterActing } from '../plan/act-failures.ts';
import type { PoolCheck } from '../plan/capacity/pool-check.ts';
import { BrokenInvariant, type Checked, check } from '../plan/check.ts';
import { checkRestraint, type Restrained } from '../plan/check-restraint.ts';
import { type Planned, plan } from '../plan/decide.ts';
import { clockSet } from '../plan/learn/cloud-time.ts';
import { type Memory, NO_MEMORY } from '../plan/memory.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import type { Policy } from '../plan/policy.ts';
import type { PlanReport } from '../plan/report.ts';
import { explain, Failure, type FailureCode } from '../ports/failure.ts';
import type { FullCheck } from '../ports/full-check.ts';
import { act, type Hands } from './act.ts';
import { AlarmLog } from './alarm-log.ts';
import { ConflictLog } from './conflict-log.ts';
import type { NoticeWatch } from './observe/notice-watch.ts';
import { Observer, type Sources } from './observe.ts';
import type { RecordedPass } from './recording/frame.ts';
import { RestraintLog } from './restraint-log.ts';
import type { PlannedOn } from './still-so.ts';

export interface PassResult {
  readonly report: PlanReport;
  readonly placementFailures: number;
  /** The action that could not be done, or null when all were. */
  readonly failure: Failure | null;
}

/** A lease that is lost and a world that has moved on do not say that acting fails. */
const SAYS_NOTHING: ReadonlySet<FailureCode> = new Set<FailureCode>(['lease-lost', 'changed-meanwhile']);

export class Passes {
  readonly #sources: Sources;
  readonly #hands: Hands;
  readonly #policyNow: () => Policy;
  readonly #observer: Observer;
  /** Counts the elections of this process. */
  #reign = 0;
  #isBlind = false;
  #memory: Memory = NO_MEMORY;
  /** By how much the wall clock was ahead of the monotonic one at the last pass, milliseconds. */
  #aheadMs = 0;
  #said = '';
  readonly #restraintLog: RestraintLog;
  readonly #conflictLog: ConflictLog;
  readonly #alarmLog: AlarmLog;
  readonly #fullCheck: FullCheck<PoolCheck, string[]>;
  readonly #onPass: (pass: RecordedPass) => void;
  /** Resolves when the check under way has ended, whatever came of it; null while there is none. */
  #checking: Promise<void> | null = null;
  /** What the last check answered: while nothing changes, a pass asks for the same again. */
  #checked: Planned['fullCheck'] = null;
  #isCheckFailing = false;
  #isClosed = false;

  /**
   * @param policy asked at the beginning of each pass, which follows it to its end
   * @param onPass told of every pass at its end, also of one whose plan was found to hurt and was not carried out
   */
  constructor(
    sources: Sources,
    hands: Hands,
    policy: () => Policy,
    fullCheck: FullCheck<PoolCheck, string[]>,
    onPass: (pass: RecordedPass) => void = () => {},
  ) {
    this.#sources = sources;
    this.#fullCheck = fullCheck;
    this.#observer = new Observer(sources);
    this.#hands = hands;
    this.#restraintLog = new RestraintLog(hands.logger);
    this.#conflictLog = new ConflictLog(hands.logger);
    this.#alarmLog = new AlarmLog(hands.logger);
    this.#policyNow = policy;
    this.#onPass = onPass;
  }

  /**
   * To be called when this process begins to lead. Memory of an earlier time as leader is of another world; what was seen
   * while standing by is kept.
   */
  elected(): void {
    this.#memory = NO_MEMORY;
    this.#checked = null;
    this.#reign += 1;
    this.#observer.quicken();
  }

  /** How a standby keeps in view what it may come to lead: it reads, and decides nothing. false while there is more to read. */
  async watch(signal: AbortSignal): Promise<boolean> {
    await this.#observer.observe({ lookAt: [] }, signal);
    if (!signal.aborted) this.#noteBlindness(this.#observer.failures);
    return !this.#observer.isStillReading;
  }

  /** For a look between two passes. */
  get notices(): NoticeWatch {
    return this.#observer.notices;
  }

  /**
   * null when the signal aborted it, or when this process was elected anew meanwhile: it saw the world of before.
   * @throws Failure `invariant-broken` when the plan would hurt: a bug, on which the process must stop
   */
  async run(signal: AbortSignal): Promise<PassResult | null> {
    const reign = this.#reign;
    const policy = this.#policyNow();
    const snapshot = await this.#observer.observe(this.#memory, signal);
    if (signal.aborted || reign !== this.#reign) return null;
    const now = this.#sources.clock.now();
    const input = { snapshot, policy, memory: this.#recalled(now), now };
    const planned = plan(input);
    this.#memory = planned.memory;
    const { fullCheck } = planned;
    if (fullCheck !== null && fullCheck !== this.#checked) this.#checking ??= this.#checkAllPools(fullCheck);
    try {
      prove({ ...planned, snapshot, policy, now });
    } catch (error) {
      this.#tell(input, planned, error);
      throw error;
    }
    this.#say(planned);
    this.#restraintLog.note(planned.report.restraint);
    this.#conflictLog.note(planned.report.conflicts);
    this.#alarmLog.note(planned.report);
    const placementFailures = snapshot.services.filter(({ placementFailure }) => placementFailure !== null).length;
    const failure = await this.#act({ plan: planned.allowed, snapshot }, signal);
    this.#tell(input, planned, failure);
    return { report: planned.report, placementFailures, failure };
  }

  /** The memory, told what the clock was set by since: nobody sets the monotonic one. */
  #recalled(now: number): Memory {
    const aheadMs = now - this.#sources.clock.monotonicMs();
    const memory = clockSet(this.#memory, aheadMs - this.#aheadMs);
    this.#aheadMs = aheadMs;
    return memory;
  }

  #tell(input: PlanInput, { plan, report }: Planned, failure: unknown): void {
    this.#onPass({ input, plan, report, failure: failure === null ? null : explain(failure) });
  }

  /** To be called when no pass runs any more. Resolves when the check under way has ended, too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#fullCheck.close();
    await this.#checking;
  }

  /** One check at a time, while passes go on; the next pass looks at what it found. */
  async #checkAllPools(check: () => PoolCheck): Promise<void> {
    const reign = this.#reign;
    try {
      const poolsAtRisk = await this.#fullCheck.run(check());
      // Another reign's answer is of another world.
      if (reign === this.#reign) {
        this.#memory = { ...this.#memory, poolsAtRisk };
        this.#checked = check;
      }
      this.#noteCheck(null);
    } catch (err) {
      // Whatever it is, passes do without the answer: they look at the heaviest pools themselves.
      this.#noteCheck(err);
    } finally {
      this.#checking = null;
    }
  }

  /** Says a lasting trouble when it starts and when it ends; that a check ends because we end it is none. */
  #noteCheck(err: unknown): void {
    const { logger } = this.#hands;
    const wasFailing = this.#isCheckFailing;
    this.#isCheckFailing = err !== null && !this.#isClosed;
    if (this.#isCheckFailing && !wasFailing)
      logger.warn({ err }, 'the loss of every pool could not be checked; the heaviest are, at every pass');
    if (wasFailing && err === null) logger.info({}, 'the loss of every pool is checked again');
  }

  /** Said when it starts and when it ends: a standby that cannot see would lead no better. */
  #noteBlindness(failures: readonly Gap[]): void {
    const wasBlind = this.#isBlind;
    this.#isBlind = failures.length > 0;
    const gaps = failures.map(({ part, why }) => `${part}: ${why}`);
    if (this.#isBlind && !wasBlind) this.#hands.logger.warn({ gaps }, 'standing by with a partial view');
    if (wasBlind && !this.#isBlind) this.#hands.logger.info({}, 'standing by with the whole cluster in view again');
  }

  async #act(planned: PlannedOn, signal: AbortSignal): Promise<Failure | null> {
    try {
      await act(planned, this.#hands, signal);
      if (planned.plan.length > 0) this.#noteActing(false);
      return null;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!signal.aborted && !SAYS_NOTHING.has(error.code)) this.#noteActing(true);
      if (!signal.aborted)
        this.#hands.logger.warn({ err: error }, 'a planned action could not be done; the next pass plans anew');
      return error;
    }
  }

  #noteActing(hasFailed: boolean): void {
    const now = this.#sources.clock.now();
    this.#memory = { ...this.#memory, actFailures: afterActing(this.#memory.actFailures, hasFailed, now) };
  }

  /** A lasting condition is said when it starts and when it changes, not at every pass: names, and no counts. */
  #say({ report }: Planned): void {
    const { target, scaleIn, gaps, unschedulable, setAside, scenarios, nearMisses, weights, shapes } = report;
    const condition = {
      target: target.reason,
      scaleIn: scaleIn.reason,
      gaps: gaps.map(({ part, why }) => `${part}: ${why}`),
      scenarios: scenarios.flatMap(({ name, lost, unplaced }) =>
        unplaced === 0 ? [] : [lost ? `${name} ${lost}` : name],
      ),
      short: shapes
        .filter(({ short }) => short > 0)
        .map(({ shape, obstacle }) => `${shape}: ${obstacle ?? 'in flight'}`),
      unschedulable: unschedulable.map(({ shape }) => shape),
      setAside: setAside.map(({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`),
      nearMisses: nearMisses.map(({ shape, instanceType }) => `${shape} on ${instanceType}`),
      misleadingWeights: weights?.shape ?? null,
    };
    const text = JSON.stringify(condition);
    if (text === this.#said) return;
    this.#said = text;
    const { logger } = this.#hands;
    const { reason: _, ...units } = target;
    const fields = { ...condition, ...units };
    if (gaps.length > 0) logger.warn(fields, 'partial view: nothing shrinks');
    else if (setAside.length > 0 || unschedulable.length > 0)
      logger.warn(fields, 'where we stand, with something left out');
    else logger.info(fields, 'where we stand');
  }
}

function prove(checked: Checked & Restrained): void {
  try {
    check(checked);
    checkRestraint(checked);
  } catch (error) {
    if (!(error instanceof BrokenInvariant)) throw error;
    throw new Failure('invariant-broken', 'checking the plan of this pass', { cause: error });
  }
}
