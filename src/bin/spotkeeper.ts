#!/usr/bin/env node
// The command. It loads what one command needs and nothing of the others: an agent must stay small, so it may not load
// the controller, the sandbox or their libraries.
import { type Commands, type ProcessOptions, runProgram } from '../cli/program.ts';
import { processEnvironment } from '../config/environment.ts';
import type { ConfigInput } from '../config/logging.ts';
import { explain, Failure } from '../ports/failure.ts';
import { exitCodeFor } from '../runtime/exit-codes.ts';

/** Put in by the build. */
declare const SPOTKEEPER_VERSION: string;

const { stdout, stderr } = process;
const streams = { stdout, stderr };

const commands: Commands = {
  async agent(options) {
    const [{ readAgentConfig }, { runAgent }] = await Promise.all([import('../config/agent.ts'), import('./agent.ts')]);
    return runAgent(readAgentConfig(input(options)));
  },
  async controller() {
    throw new Failure('unavailable', 'running controller, which this build does not hold');
  },
  async plan() {
    throw new Failure('unavailable', 'running plan, which this build does not hold');
  },
  async status() {
    throw new Failure('unavailable', 'running status, which this build does not hold');
  },
  async checkConfig(options) {
    const { checkConfig } = await import('../cli/check-config.ts');
    return checkConfig(options, processEnvironment(), streams);
  },
  async sandbox() {
    throw new Failure('unavailable', 'running sandbox, which this build does not hold');
  },
};

function input({ file, flags }: ProcessOptions): ConfigInput {
  return { file, flags, env: processEnvironment(), isTerminal: stderr.isTTY === true };
}

/** A line for each problem; a stack only for what is not a failure we know, because that is a bug of ours. */
function report(error: unknown): void {
  for (const line of explain(error).split('\n')) stderr.write(`spotkeeper: ${line}\n`);
  if (!(error instanceof Failure) && error instanceof Error) stderr.write(`${error.stack}\n`);
}

// A reader that has seen enough (`spotkeeper status | head`) closes the pipe; that is no error of ours.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await runProgram(process.argv.slice(2), { commands, streams, version: SPOTKEEPER_VERSION });
} catch (error) {
  report(error);
  process.exitCode = exitCodeFor(error);
}
