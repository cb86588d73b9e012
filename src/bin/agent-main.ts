// The agent as one file, dist/agent.js: what `spotkeeper agent` loads, and a program of its own (`node agent.js`) for
// images that carry nothing else of ours.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AGENT_HELP, readAgentArguments } from '../cli/agent-arguments.ts';
import type { ProcessOptions } from '../cli/program.ts';
import { readAgentConfig } from '../config/agent.ts';
import { processEnvironment, refuseImdsV1 } from '../config/environment.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { runAgent } from './agent.ts';
import { runToExit } from './run-to-exit.ts';

/** Put in by the build. */
declare const SPOTKEEPER_VERSION: string;

/** The whole program, given without the names of Node and the script. */
export function runAgentProgram(args: readonly string[]): Promise<void> {
  return runToExit(() => runAgentArguments(args));
}

/** The agent with what its command line says. @throws Failure `bad-configuration`, and what `runAgent` throws */
export function runAgentCommand({ file, flags }: ProcessOptions): Promise<ExitCode> {
  refuseImdsV1();
  return runAgent(
    readAgentConfig({ file, flags, env: processEnvironment(), isTerminal: process.stderr.isTTY === true }),
  );
}

async function runAgentArguments(args: readonly string[]): Promise<ExitCode> {
  const read = readAgentArguments(args);
  switch (read.kind) {
    case 'help':
      process.stdout.write(AGENT_HELP);
      return EXIT.done;
    case 'version':
      process.stdout.write(`${SPOTKEEPER_VERSION}\n`);
      return EXIT.done;
    case 'mistake':
      process.stderr.write(`error: ${read.problem}\n`);
      return EXIT.badConfiguration;
    case 'run':
      return runAgentCommand(read.options);
    default:
      throw new Error(`no such way to start ${read satisfies never}`);
  }
}

const script = process.argv[1];
// Through links, as Node itself resolves the file it is given.
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  await runAgentProgram(process.argv.slice(2));
}
