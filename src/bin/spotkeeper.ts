#!/usr/bin/env node
// The command. It loads what one command needs and nothing of the others: an agent must stay small, so it may not load
// the controller, the sandbox or their libraries.
import { type Commands, type ProcessOptions, runProgram } from '../cli/program.ts';
import { renderFailure } from '../cli/render-failure.ts';
import { processEnvironment, quietSdkNodeNotice } from '../config/environment.ts';
import type { ConfigInput } from '../config/logging.ts';
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
  async controller(options) {
    const { readControllerConfig } = await import('../config/controller.ts');
    const config = readControllerConfig(input(options));
    const { runController } = await import('./controller.ts');
    return runController(config);
  },
  async plan(options) {
    const { readControllerConfig } = await import('../config/controller.ts');
    const config = readControllerConfig(input(options));
    const { runPlan } = await import('./plan.ts');
    return runPlan(config, { ...options, width: stdout.columns }, streams);
  },
  async status(options) {
    const { readControllerConfig } = await import('../config/controller.ts');
    const config = readControllerConfig(input(options));
    const { runStatus } = await import('./status.ts');
    return runStatus(config, { ...options, width: stdout.columns }, streams);
  },
  async checkConfig(options) {
    const { checkConfig } = await import('../cli/check-config.ts');
    return checkConfig(options, processEnvironment(), streams);
  },
  async sandbox(options) {
    const { runSandbox } = await import('./sandbox.ts');
    return runSandbox(options, streams);
  },
};

function input({ file, flags }: ProcessOptions): ConfigInput {
  return { file, flags, env: processEnvironment(), isTerminal: stderr.isTTY === true };
}

// A reader that has seen enough (`spotkeeper status | head`) closes the pipe; that is no error of ours.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

quietSdkNodeNotice();
try {
  process.exitCode = await runProgram(process.argv.slice(2), { commands, streams, version: SPOTKEEPER_VERSION });
} catch (error) {
  stderr.write(renderFailure(error));
  process.exitCode = exitCodeFor(error);
}
