// Composition root of `spotkeeper explain`: the record, read and printed.
import { explanationOf } from '../cli/explain/explanation.ts';
import { renderExplanation } from '../cli/explain/render-explanation.ts';
import { PAGE_WIDTH } from '../cli/layout.ts';
import type { Streams } from '../cli/writer.ts';
import { openRecording } from '../controller/recording/read-recording.ts';
import { Failure } from '../ports/failure.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';

interface ExplainInput {
  /** null where nothing is recorded. */
  readonly directory: string | null;
  /** The controller's file that was read; null when none was named. */
  readonly file: string | null;
  readonly name: string | null;
  readonly lastMs: number;
  readonly isJson: boolean;
  readonly width: number | undefined;
}

/** @returns 0, or 1 when not all of the record could be read. @throws Failure when there is none, or no such name in it */
export async function runExplain(
  { directory, file, name, lastMs, isJson, width = PAGE_WIDTH }: ExplainInput,
  { stdout }: Streams,
): Promise<ExitCode> {
  if (directory === null) {
    throw new Failure(
      'bad-configuration',
      file === null
        ? "no record to read: no file was named; name the controller's with --config, or the record itself with --recording"
        : `no record to read: set recording.directory in ${file} and restart the controller, then passes are recorded; a record that is elsewhere is named by --recording`,
    );
  }
  const explanation = await explanationOf(await openRecording(directory), { name, lastMs, directory });
  stdout.write(isJson ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, width));
  return explanation.damaged.length === 0 ? EXIT.done : EXIT.failed;
}
