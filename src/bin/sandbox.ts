// Composition root of `spotkeeper sandbox`: the stage, the story on it, and how both are printed.
import { relative } from 'node:path';
import process from 'node:process';
import { createNarrator } from '../cli/narrate.ts';
import { COLOR_PAINT, NO_PAINT } from '../cli/paint.ts';
import type { SandboxOptions } from '../cli/program.ts';
import { renderEnvironment } from '../cli/render-environment.ts';
import { renderLastWords } from '../cli/render-last-words.ts';
import { renderStory, type StoryFrame } from '../cli/render-story.ts';
import type { Streams, Writer } from '../cli/writer.ts';
import { processEnvironment, wantsColor } from '../config/environment.ts';
import { EXIT, type ExitCode, INTERRUPTED } from '../runtime/exit-codes.ts';
import { untilSignalled } from '../runtime/signals.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { startControl } from '../sandbox/control.ts';
import { narrateWorld } from '../sandbox/story/narrate-world.ts';
import { opening } from '../sandbox/story/opening.ts';
import { buildStage, CONTROLLERS, type Stage } from '../sandbox/story/stage.ts';
import { playStory, type StoryResult } from '../sandbox/story/story.ts';
import { Interrupted } from '../sandbox/story/until.ts';

/** The story's course of events unless another is asked for. */
const DEFAULT_SEED = 1;

/** Plays the story. @returns 0 when every expectation held, 1 when one did not, 130 when it was interrupted */
export async function runSandbox(options: SandboxOptions, streams: Streams): Promise<ExitCode> {
  const stop = untilSignalled();
  // As JSON, stdout holds the document alone; what happens meanwhile is told beside it.
  const told = options.isJson
    ? { stream: process.stderr, out: streams.stderr }
    : { stream: process.stdout, out: streams.stdout };
  const isTerminal = told.stream.isTTY === true;
  const paint = wantsColor(processEnvironment(), isTerminal) ? COLOR_PAINT : NO_PAINT;
  const stage = await buildStage({
    clock: systemClock,
    seed: options.seed ?? DEFAULT_SEED,
    program: process.argv[1] ?? '',
    narrator: createNarrator(told.out, { paint, isTerminal }),
    signal: stop.signal,
  });
  try {
    const result = await play(stage);
    streams.stdout.write(options.isJson ? toJson(result) : renderStory(result, frameOf(stage), paint));
    if (verdict(result) !== EXIT.done) streams.stderr.write(renderLastWords(lastWords(stage)));
    if (options.isKept) await stay(stage, told.out);
    return verdict(result);
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    throw error;
  } finally {
    await stage.close();
    stop.dispose();
  }
}

async function play(stage: Stage): Promise<StoryResult> {
  stage.tell({ kind: 'opening', lines: opening(stage) });
  const endNotes = narrateWorld(stage);
  try {
    return await playStory(stage);
  } finally {
    endNotes();
  }
}

function frameOf({ marks }: Stage): StoryFrame {
  return { from: marks.startedAt, until: marks.endedAt };
}

function toJson({ figures, expectations }: StoryResult): string {
  const held = expectations.every((expectation) => expectation.held);
  return `${JSON.stringify({ held, expectations, figures }, null, 2)}\n`;
}

function verdict({ expectations }: StoryResult): ExitCode {
  return expectations.every(({ held }) => held) ? EXIT.done : EXIT.failed;
}

/** Of the controllers, and of whatever else ended although nobody stopped it. */
function lastWords({ processes, marks }: Stage): { name: string; lines: readonly string[] }[] {
  const names = new Set([...CONTROLLERS, ...marks.ends.map(({ name }) => name)]);
  return [...names].map((name) => ({ name, lines: processes.linesOf(name) }));
}

/** Prints how to reach the sandbox and resolves when it is to end. */
async function stay(stage: Stage, out: Writer): Promise<void> {
  const control = await startControl({ sandbox: stage.sandbox, processes: stage.processes });
  const environment = {
    ...stage.sandbox.environmentFor('operator'),
    SPOTKEEPER_CONFIG: stage.configs[CONTROLLERS[0]] ?? '',
  };
  out.write(renderEnvironment({ environment, controlUrl: control.url, command: commandLine() }));
  await new Promise<void>((resolve) => {
    if (stage.signal.aborted) resolve();
    else stage.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await control.close();
}

/** How whoever reads it can call us: by our name when we are installed under it, else as a script. */
function commandLine(): string {
  const program = process.argv[1] ?? '';
  return program.endsWith('.js') ? `node ${relative(process.cwd(), program)}` : 'spotkeeper';
}
