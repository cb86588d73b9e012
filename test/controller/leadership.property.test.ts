// Three controllers, one record, and everything that happens to processes and to DynamoDB, in virtual time: whatever it
// is, a write that reaches AWS is of the one who holds the lease at that moment. More of them:
// SPOTKEEPER_LEASE_RUNS=2000 npx vitest run test/controller/leadership.property.test.ts
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Leadership } from '../../src/controller/leadership.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { LeaseRecord, LeaseStore } from '../../src/ports/lease-store.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { withinTime } from '../../src/ports/time-limit.ts';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { PausableProcess } from '../support/pausable-process.ts';
import { type TurnedClock, turnedClock } from '../support/turned-clock.ts';

const DURATIONS = { leaseDurationMs: 1_000, renewDeadlineMs: 600, retryPeriodMs: 100 };
/** A write that takes longer to reach AWS than the margin that the leader keeps cannot be held back by anybody. */
const LONGEST_FLIGHT_MS = 190;
const NAMES = ['a', 'b', 'c'] as const;

/** Of twenty rounds on average. */
const RUNS = Number(process.env.SPOTKEEPER_LEASE_RUNS ?? 100);

type Trouble = 'slow' | 'down' | 'throttled' | 'deaf';
type Round =
  | { readonly kind: 'stop' | 'kill' | 'term'; readonly who: number; readonly forMs: number; readonly pauseMs: number }
  | { readonly kind: Trouble; readonly who: number; readonly forMs: number; readonly pauseMs: number };

/** Everybody, where it is nobody's number. */
const who = fc.integer({ min: 0, max: NAMES.length });
const rounds = fc.array(
  fc.record({
    kind: fc.constantFrom<Round['kind']>('stop', 'stop', 'kill', 'term', 'slow', 'slow', 'down', 'throttled', 'deaf'),
    who,
    // As long as a lease and a half.
    forMs: fc.integer({ min: 50, max: 1_500 }),
    pauseMs: fc.integer({ min: 0, max: 1_200 }),
  }),
  { minLength: 10, maxLength: 30 },
);

/** The table, and EC2 behind it: what arrives, and who held the lease then. */
class Aws {
  readonly arrived: { readonly writer: string; readonly holder: string | null; readonly atMs: number }[] = [];
  readonly clock: TurnedClock;
  readonly rng: Rng;
  readonly #troubles = new Map<string, ReadonlySet<Trouble>>();
  #record: LeaseRecord | null = null;
  #endsAtMs = 0;

  constructor(clock: TurnedClock, rng: Rng) {
    this.clock = clock;
    this.rng = rng;
  }

  trouble(name: string, trouble: Trouble, isOn: boolean): void {
    const now = new Set(this.#troubles.get(name));
    if (isOn) now.add(trouble);
    else now.delete(trouble);
    this.#troubles.set(name, now);
  }

  storeOf(name: string, process: PausableProcess): LeaseStore {
    const ask = <Result>(serve: () => Result, signal?: AbortSignal) => this.#ask(name, process, serve, signal);
    return {
      read: (signal) => ask(() => this.#record, signal),
      write: (next, expectedVersion, signal) =>
        ask(() => {
          if ((this.#record?.version ?? null) !== expectedVersion) return this.#record?.version === next.version;
          this.#record = next;
          this.#endsAtMs = this.clock.monotonicMs() + next.leaseDurationMs;
          return true;
        }, signal),
    };
  }

  /** A write to EC2 that has left the process. */
  async write(writer: string): Promise<void> {
    await this.clock.sleep(this.rng.next() * LONGEST_FLIGHT_MS);
    const atMs = this.clock.monotonicMs();
    const holder =
      this.#record === null || this.#record.isReleased || atMs >= this.#endsAtMs ? null : this.#record.holder;
    this.arrived.push({ writer, holder, atMs });
  }

  async #ask<Result>(
    name: string,
    process: PausableProcess,
    serve: () => Result,
    signal?: AbortSignal,
  ): Promise<Result> {
    const troubles = this.#troubles.get(name) ?? new Set();
    const answer = this.#answer(troubles, serve);
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Failure('timed-out', 'asking')), { once: true });
    });
    try {
      return await Promise.race([answer, aborted]);
    } finally {
      answer.catch(() => {});
      aborted.catch(() => {});
      await process.running();
    }
  }

  async #answer<Result>(troubles: ReadonlySet<Trouble>, serve: () => Result): Promise<Result> {
    const slowest = troubles.has('slow') ? 550 : 10;
    await this.clock.sleep(this.rng.next() * slowest);
    if (troubles.has('down')) throw new Failure('unavailable', 'asking');
    if (troubles.has('throttled') && this.rng.next() < 0.7) throw new Failure('throttled', 'asking');
    const result = serve();
    await this.clock.sleep(this.rng.next() * slowest);
    if (troubles.has('deaf') && this.rng.next() < 0.7) throw new Failure('unavailable', 'hearing the answer');
    return result;
  }
}

class Controller {
  readonly process: PausableProcess;
  readonly #name: string;
  readonly #aws: Aws;
  readonly #leadership: Leadership;
  readonly #stop = new AbortController();
  readonly #ended: Promise<unknown>;

  constructor(name: string, holder: string, aws: Aws) {
    this.#name = holder;
    this.#aws = aws;
    this.process = new PausableProcess(aws.clock);
    let versions = 0;
    this.#leadership = new Leadership({
      store: aws.storeOf(name, this.process),
      clock: this.process.clock,
      logger: keepingLogger().logger,
      holder,
      newVersion: () => {
        versions += 1;
        return `${holder}:${versions}`;
      },
      ...DURATIONS,
      onElected: () => {},
      onStep: () => {},
    });
    this.#ended = Promise.all([this.#leadership.run(this.#stop.signal), this.#passes()]);
  }

  /** As `act` and the AWS clients do it: asked before, and again as the bytes leave. */
  async #passes(): Promise<void> {
    const { clock } = this.process;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(this.#aws.rng.next() * 100, this.#stop.signal);
      try {
        this.#leadership.assertMayWrite();
        const limit = { clock, limitMs: this.#leadership.writableMs(), signal: this.#stop.signal };
        await withinTime(limit, (within) => this.#write(within));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }
  }

  async #write(within: AbortSignal): Promise<void> {
    await this.process.clock.sleep(this.#aws.rng.next() * 50, within);
    if (within.aborted) throw new Failure('timed-out', 'writing');
    this.#leadership.assertMayWrite();
    await this.#aws.write(this.#name);
    await this.process.running();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    await this.#leadership.release();
  }
}

/** Plays the rounds one after the other; resolves to everything that reached AWS. */
async function play(script: readonly Round[], seed: number): Promise<Aws> {
  const clock = turnedClock();
  const aws = new Aws(clock, seededRng(seed));
  let started = 0;
  const start = (name: string) => {
    started += 1;
    return new Controller(name, `${name}${started}`, aws);
  };
  const controllers: Controller[] = NAMES.map(start);
  await clock.turn(1_500);
  for (const round of script) {
    for (const [index, name] of NAMES.entries()) {
      if (round.who !== index && round.who !== NAMES.length) continue;
      begin(round.kind, index, name);
    }
    await clock.turn(round.forMs);
    for (const [index, name] of NAMES.entries()) {
      if (round.who !== index && round.who !== NAMES.length) continue;
      finish(round.kind, index, name);
    }
    await clock.turn(round.pauseMs);
  }
  for (const { process } of controllers) process.stop();
  return aws;

  function begin(kind: Round['kind'], index: number, name: string): void {
    if (kind === 'stop' || kind === 'kill') controllers[index]?.process.stop();
    else if (kind === 'term') void controllers[index]?.end();
    else aws.trouble(name, kind, true);
  }

  function finish(kind: Round['kind'], index: number, name: string): void {
    if (kind === 'stop') controllers[index]?.process.wake();
    else if (kind === 'kill' || kind === 'term') controllers[index] = start(name);
    else aws.trouble(name, kind, false);
  }
}

describe('leaders that are stopped, killed and ended, over a lease that is slow, down, throttled or not heard', () => {
  it('write only while they hold it', { timeout: 60_000 + 1_000 * RUNS }, async () => {
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer({ min: 0, max: 2 ** 31 }), async (script, seed) => {
        const { arrived } = await play(script, seed);
        writes += arrived.length;
        expect(arrived.filter(({ writer, holder }) => writer !== holder)).toEqual([]);
      }),
      // A counterexample replays as it is; to look for a smaller one takes longer than to read it.
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(writes).toBeGreaterThan(1_000);
  });
});
