// Why it did what it did: a recording read for a cluster, its fleet or one of its instances, folded into stretches.
import type { ReadPass, Recording } from '../../controller/recording/read-recording.ts';
import type { LedgerLine, PlanReport } from '../../plan/report.ts';
import { Failure } from '../../ports/failure.ts';
import { inDuration } from '../duration.ts';
import { clusterFacts, fleetFacts, instanceFacts, standingsOf } from './facts.ts';
import { type Stretch, Timeline } from './timeline.ts';

export interface Explanation {
  readonly about:
    | { readonly kind: 'cluster' }
    | { readonly kind: 'fleet'; readonly name: string }
    /** Its line in the last pass that knew it. */
    | { readonly kind: 'instance'; readonly line: LedgerLine; readonly isStillThere: boolean };
  /** Of the first and the last pass that are told, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly passes: number;
  /** Of the last pass. */
  readonly report: PlanReport;
  /** In the order in which they began. */
  readonly stretches: readonly Stretch[];
  /** Names of files of the record that could not be read to their end. */
  readonly damaged: readonly string[];
}

export interface Question {
  /** The beginning of an instance's id, or a fleet's name or id; null asks about all. */
  readonly name: string | null;
  /** How far back from the last pass that is recorded. */
  readonly lastMs: number;
  /** Where the recording is, for messages. */
  readonly directory: string;
}

// Passes may be an hour apart by their schedule; only what lasts much longer than the time between the two before is a
// pause, and nothing that a pass whose calls all time out may take.
const PAUSE_FACTOR = 4;
const SHORTEST_PAUSE_MS = 180_000;
// More than that many instances are not meant by one name.
const MOST_NAMED = 5;

/**
 * @throws Failure `unavailable` when nothing is recorded, `instance-not-found` when the name is none of an instance or
 *   fleet of that time, or of several
 */
export async function explanationOf(recording: Recording, question: Question): Promise<Explanation> {
  const { name, lastMs, directory } = question;
  const lastAt = await recording.lastAt();
  if (lastAt === null) {
    throw new Failure('unavailable', `nothing is recorded in ${directory}: the leader writes there, on its own host`);
  }
  const reader =
    name === null ? new ClusterReader() : isInstance(name) ? new InstanceReader(name) : new FleetReader(name);
  let [first, last]: [ReadPass | null, ReadPass | null] = [null, null];
  let passes = 0;
  let usualMs = Number.POSITIVE_INFINITY;
  for await (const pass of recording.passesSince(lastAt - lastMs)) {
    const apartMs = last === null ? 0 : pass.at - last.at;
    if (last !== null && apartMs > Math.max(SHORTEST_PAUSE_MS, PAUSE_FACTOR * usualMs)) reader.pause(last.at, pass.at);
    else if (last !== null) usualMs = apartMs;
    reader.read(pass);
    passes += 1;
    first ??= pass;
    last = pass;
  }
  if (first === null || last === null) throw new Failure('unavailable', `the record in ${directory} cannot be read`);
  const { about, stretches } = reader.result(() => missingIn(question, recording, { from: first.at, to: last.at }));
  const { at: to, report } = last;
  return { about, from: first.at, to, passes, report, stretches, damaged: recording.damaged };
}

interface Result {
  readonly about: Explanation['about'];
  readonly stretches: readonly Stretch[];
}

interface Reader {
  read(pass: ReadPass): void;
  pause(from: number, to: number): void;
  /** @param missing what to throw when there was nothing of that name */
  result(missing: () => Failure): Result;
}

class ClusterReader implements Reader {
  readonly #timeline = new Timeline();
  #before: ReturnType<typeof standingsOf> | null = null;

  read(pass: ReadPass): void {
    this.#timeline.add(pass.at, clusterFacts(pass, this.#before));
    this.#before = standingsOf(pass.report);
  }

  pause(from: number, to: number): void {
    this.#timeline.pause(from, to);
  }

  result(): Result {
    return { about: { kind: 'cluster' }, stretches: this.#timeline.stretches };
  }
}

class FleetReader implements Reader {
  readonly #timeline = new Timeline();
  readonly #name: string;
  #isFound = false;

  constructor(name: string) {
    this.#name = name;
  }

  read(pass: ReadPass): void {
    const { policy, snapshot } = pass.input;
    if (policy.fleet.name === this.#name || snapshot.fleet?.id === this.#name) this.#isFound = true;
    this.#timeline.add(pass.at, fleetFacts(pass));
  }

  pause(from: number, to: number): void {
    this.#timeline.pause(from, to);
  }

  result(missing: () => Failure): Result {
    if (!this.#isFound) throw missing();
    return { about: { kind: 'fleet', name: this.#name }, stretches: this.#timeline.stretches };
  }
}

class InstanceReader implements Reader {
  readonly #name: string;
  /** Every instance whose id begins so, in the order in which they were seen. */
  readonly #found = new Map<string, { line: LedgerLine; isStillThere: boolean; readonly timeline: Timeline }>();

  constructor(name: string) {
    this.#name = name;
  }

  read(pass: ReadPass): void {
    for (const found of this.#found.values()) found.isStillThere = false;
    for (const line of pass.report.ledger) {
      if (!line.instanceId.startsWith(this.#name)) continue;
      const { timeline } = this.#found.get(line.instanceId) ?? { timeline: new Timeline() };
      if (!this.#found.has(line.instanceId) && this.#found.size > MOST_NAMED) continue;
      this.#found.set(line.instanceId, { line, isStillThere: true, timeline });
      timeline.add(pass.at, instanceFacts(pass, line));
    }
  }

  pause(from: number, to: number): void {
    for (const { timeline } of this.#found.values()) timeline.pause(from, to);
  }

  result(missing: () => Failure): Result {
    const ids = [...this.#found.keys()];
    const found = this.#found.get(this.#name) ?? (ids.length === 1 ? [...this.#found.values()][0] : undefined);
    if (found === undefined && ids.length > 0) {
      const some = ids.length > MOST_NAMED ? `${ids.slice(0, MOST_NAMED).join(', ')} and more` : ids.join(', ');
      throw new Failure('instance-not-found', `${this.#name} is the beginning of several: ${some}`);
    }
    if (found === undefined) throw missing();
    const { line, isStillThere, timeline } = found;
    return { about: { kind: 'instance', line, isStillThere }, stretches: timeline.stretches };
  }
}

/** An EC2 instance id or the beginning of one; everything else names a fleet. */
const isInstance = (name: string): boolean => /^i-[0-9a-z]*$/.test(name);

function missingIn({ name, lastMs }: Question, { beganAt }: Recording, { from, to }: { from: number; to: number }) {
  const what = name !== null && isInstance(name) ? 'instance' : 'fleet or instance';
  const window = `from ${secondsOf(from)} to ${secondsOf(to)}`;
  const isOlder = beganAt !== null && beganAt < from - lastMs / 10;
  const further = isOlder ? `; the record begins at ${secondsOf(beganAt)}: --last ${wholeHours(to - beganAt)}` : '';
  return new Failure('instance-not-found', `no ${what} was called ${name} ${window}${further}`);
}

const HOUR_MS = 3_600_000;

const wholeHours = (durationMs: number): string => inDuration(Math.ceil(durationMs / HOUR_MS) * HOUR_MS);

const secondsOf = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
