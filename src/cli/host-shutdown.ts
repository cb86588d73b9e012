// `spotkeeper host-shutdown`: run by systemd while it stops the host, before the ECS agent and Docker are stopped. Tells
// the agent by a file, and waits until the tasks here have ended.
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { readIfThere, writeAtomically } from '../runtime/atomic-file.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import type { Streams } from './writer.ts';

export interface HostShutdownOptions {
  /** The agent's runtime directory. */
  readonly directory: string;
  readonly waitSeconds: number;
  /** Do not ask systemd whether the host stops. */
  readonly isSure: boolean;
}

interface Around {
  readonly clock: Clock;
  readonly streams: Streams;
  readonly isHostStopping: () => Promise<boolean>;
}

const LOOK_MS = 500;

/** The agent runs as another user and must read it. */
const FILE_MODE = 0o644;

/** @returns 0 when the tasks have ended, or the host is not stopping; 4 when the time was over first */
export async function hostShutdown(options: HostShutdownOptions, around: Around): Promise<ExitCode> {
  const { clock, streams } = around;
  if (!options.isSure && !(await around.isHostStopping())) {
    streams.stdout.write('systemd is not stopping this host: nothing is done (--sure does it all the same)\n');
    return EXIT.done;
  }
  const deadlineAt = clock.now() + options.waitSeconds * 1_000;
  await writeAtomically(join(options.directory, 'host-shutdown'), `${new Date(deadlineAt).toISOString()}\n`, FILE_MODE);
  streams.stdout.write(
    `the agent is told that this host stops; waiting up to ${options.waitSeconds} s for its tasks\n`,
  );
  while (clock.now() < deadlineAt) {
    if (isDrained(join(options.directory, 'notice.json'))) {
      streams.stdout.write('every task has ended\n');
      return EXIT.done;
    }
    await clock.sleep(Math.min(LOOK_MS, deadlineAt - clock.now()));
  }
  streams.stderr.write('the time is over, and not every task is known to have ended\n');
  return EXIT.timedOut;
}

/** What the agent shows to tasks says it, too. */
function isDrained(path: string): boolean {
  const text = readIfThere(path);
  try {
    const { notice } = Object(JSON.parse(text ?? '{}'));
    return notice?.kind === 'host-shutdown' && notice.isDrained === true;
  } catch {
    return false; // not ours, or somebody edits it by hand: not known to be drained
  }
}
