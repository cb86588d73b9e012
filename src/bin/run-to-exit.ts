// The end of every program of ours: an exit code, and for an error the words on standard error.
import { renderFailure } from '../cli/render-failure.ts';
import { type ExitCode, exitCodeFor } from '../runtime/exit-codes.ts';

/** Sets the exit code and leaves the ending to Node, so that what is still being written arrives. */
export async function runToExit(run: () => Promise<ExitCode>): Promise<void> {
  const { stdout, stderr } = process;
  // A reader that has seen enough (`spotkeeper status | head`) closes the pipe; that is no error of ours.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  try {
    process.exitCode = await run();
  } catch (error) {
    stderr.write(renderFailure(error));
    process.exitCode = exitCodeFor(error);
  }
}
