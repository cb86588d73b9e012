// Runs somebody else's program: in a process group of its own, so that all it started can be ended with it, with nothing
// of our environment, and whatever it does with its input and output does us no harm.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';

export interface Executable {
  readonly path: string;
  /** All of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
}

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** Both are null when it could not even be killed, and still runs. */
  readonly signal: string | null;
  /** The first of what it said, without the white space at its end. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
const LOOK_MS = 50;

/** After the end of a program: for what it said last, while something it left behind may hold the pipe open for ever. */
const LAST_WORDS_MS = 200;

// Enough for an error and its reason.
const KEPT_BYTES = 4_096;

/** Between two reads once enough is kept: a program that floods us gets a few megabytes a second through, not our cpu. */
const PACE_MS = 10;

/**
 * Resolves when it has ended; it is ended when the signal aborts, which takes 2.4 seconds at most.
 *
 * @throws Failure `refused` when it cannot be started
 */
export async function runExecutable(
  { path, env, stdin }: Executable,
  clock: Clock,
  signal: AbortSignal,
): Promise<Ended> {
  const over = new AbortController();
  try {
    const child: ChildProcess = spawn(path, [], { env, cwd: '/', detached: true, stdio: 'pipe' });
    // First of all: where it cannot be started, only this says so, and an error that nobody hears would end us.
    const exit = new Promise<Pick<Ended, 'exitCode' | 'signal'>>((resolve, reject) => {
      child.on('exit', (exitCode, endedBy) => resolve({ exitCode, signal: endedBy }));
      child.on('error', reject);
    });
    // Without a file descriptor left for pipes it has none.
    const outputs = [child.stdout, child.stderr].map((stream) => stream && headOf(stream, clock, over.signal));
    // It need not read what it is told.
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    const { exitCode, signal: endedBy } = await orEnded(child.pid, exit, { clock, signal, over: over.signal });
    const closed = Promise.all(outputs.map((output) => output?.closed));
    await Promise.race([closed, clock.sleep(LAST_WORDS_MS, over.signal)]);
    const [stdout, stderr] = outputs.map((output) => output?.text());
    for (const stream of child.stdio) stream?.destroy();
    child.unref();
    return { exitCode, signal: endedBy, stdout: stdout ?? '', stderr: stderr ?? '' };
  } catch (cause) {
    throw new Failure('refused', `starting ${path}`, { cause });
  } finally {
    over.abort();
  }
}

interface Bounds {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly over: AbortSignal;
}

/** Waits for its exit; when the signal aborts first, for the end of all of its group. */
async function orEnded(
  pid: number | undefined,
  exit: Promise<Pick<Ended, 'exitCode' | 'signal'>>,
  { clock, signal, over }: Bounds,
): Promise<Pick<Ended, 'exitCode' | 'signal'>> {
  const aborted = new Promise<null>((resolve) => {
    const abort = () => resolve(null);
    signal.addEventListener('abort', abort);
    over.addEventListener('abort', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
  const ended = await Promise.race([exit, aborted]);
  if (ended !== null || pid === undefined) return ended ?? exit;
  await endGroup(pid, clock);
  // What belongs to another user, or waits for a disk that is gone, does not end.
  const stillThere = clock.sleep(LAST_WORDS_MS, over).then(() => ({ exitCode: null, signal: null }));
  return Promise.race([exit, stillThere]);
}

/** The number of a group stays taken for as long as anybody is in it, so this never meets another's. */
async function endGroup(pid: number, clock: Clock): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  for (let leftMs = GRACE_MS; leftMs > 0 && signalGroup(pid, 0); leftMs -= LOOK_MS) await clock.sleep(LOOK_MS);
  signalGroup(pid, 'SIGKILL');
}

/** Whether there is such a group. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Reads a stream to its end and keeps its beginning. */
function headOf(stream: Readable, clock: Clock, over: AbortSignal): { text: () => string; closed: Promise<void> } {
  const pieces: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (piece: Buffer) => {
    if (bytes < KEPT_BYTES) pieces.push(piece.subarray(0, KEPT_BYTES - bytes));
    bytes += piece.length;
    if (bytes <= KEPT_BYTES) return;
    stream.pause();
    void clock.sleep(PACE_MS, over).then(() => stream.resume());
  });
  // It ends, then, with what was read so far.
  stream.on('error', () => {});
  const closed = new Promise<void>((resolve) => stream.on('close', () => resolve()));
  // A letter that the limit has cut is left out.
  const text = () => new TextDecoder().decode(Buffer.concat(pieces), { stream: bytes > KEPT_BYTES }).trimEnd();
  return { text, closed };
}
