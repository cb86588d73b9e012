// `spotkeeper host-shutdown`: run by systemd while it stops the host, before the ECS agent and Docker are stopped. Tells
// the agent by a file, and waits until the tasks here have ended.
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { readIfThere, writeAtomically } from '../runtime/atomic-file.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import type { HostShutdownOptions } from './program.ts';
import type { Streams } from './writer.ts';

interface Around {
  readonly clock: Clock;
  readonly streams: Streams;
  readonly isHostStopping: () => Promise<boolean>;
}

const LOOK_MS = 500;

/** The agent looks every second; one that is just being started again takes a few more. */
const TAKE_UP_MS = 10_000;

/** The agent runs as another user and must read it. */
const FILE_MODE = 0o644;

/** @returns 0 when the tasks have ended, or the host is not stopping; 1 without an agent; 4 when the time was over first */
export async function hostShutdown(options: HostShutdownOptions, around: Around): Promise<ExitCode> {
  const { clock, streams } = around;
  if (!options.isSure && !(await around.isHostStopping())) {
    streams.stdout.write('systemd is not stopping this host: nothing is done (--sure does it all the same)\n');
    return EXIT.done;
  }
  const deadlineAt = clock.now() + options.waitSeconds * 1_000;
  // By the monotonic clock, as systemd counts: it waits no longer for a clock that was set back.
  const startedMs = clock.monotonicMs();
  const leftMs = () => startedMs + options.waitSeconds * 1_000 - clock.monotonicMs();
  await writeAtomically(join(options.directory, 'host-shutdown'), `${new Date(deadlineAt).toISOString()}\n`, FILE_MODE);
  streams.stdout.write(
    `the agent is told that this host stops; waiting up to ${options.waitSeconds} s for its tasks\n`,
  );
  const takenUpByMs = clock.monotonicMs() + TAKE_UP_MS;
  while (leftMs() > 0) {
    const seen = whatTheAgentShows(join(options.directory, 'notice.json'));
    if (seen === 'drained') {
      streams.stdout.write('every task has ended\n');
      return EXIT.done;
    }
    if (seen === 'nothing' && clock.monotonicMs() > takenUpByMs) {
      streams.stderr.write('no agent takes it up: the host stops with its tasks as they are\n');
      return EXIT.failed;
    }
    await clock.sleep(Math.min(LOOK_MS, leftMs()));
  }
  streams.stderr.write('the time is over, and not every task is known to have ended\n');
  return EXIT.timedOut;
}

/** More urgent than the stop of the host, or this itself: an agent that shows another reason has not taken it up yet. */
const AS_URGENT: readonly unknown[] = ['interruption', 'host-shutdown'];

/** What the agent shows to tasks says it, too. */
function whatTheAgentShows(path: string): 'drained' | 'draining' | 'nothing' {
  const text = readIfThere(path);
  try {
    const { notice } = Object(JSON.parse(text ?? '{}'));
    if (!AS_URGENT.includes(notice?.signal)) return 'nothing';
    return notice.isDrained === true ? 'drained' : 'draining';
  } catch {
    return 'nothing'; // somebody else wrote it; the agent replaces the file as a whole
  }
}
