// Each cluster is measured in a process of its own: the first plan is then really the first, and the memory in use is
// that of one cluster. The child is this same bundle, called with --one.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LARGEST_ANSWER = 16 * 2 ** 20;

/** What the child measures. */
export interface Errand<Name extends string = string> {
  readonly name: Name;
  readonly input: unknown;
}

/** The child itself, for an errand that lasts until it is ended. It has this environment and nothing of ours. */
export function startOwnProcess(errand: Errand, environment: Readonly<Record<string, string>>): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  return spawn(process.execPath, [self, '--one', JSON.stringify(errand)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
}

/** The child's answer; the caller knows what its errand answers. @throws what the child died of */
export async function inOwnProcess<Answer>(errand: Errand): Promise<Answer> {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await run(process.execPath, [self, '--one', JSON.stringify(errand)], {
    maxBuffer: LARGEST_ANSWER,
  });
  // Both ends are this very file, so the answer is what `answer` was given there.
  return JSON.parse(stdout) as Answer;
}

export function answer(value: unknown): void {
  console.log(JSON.stringify(value));
}
