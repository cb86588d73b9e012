// Every command but the agent, and the help of all. It loads what one command needs and nothing of the others.
import { type Commands, type ProcessOptions, runProgram } from '../cli/program.ts';
import { processEnvironment, quietSdkNodeNotice } from '../config/environment.ts';
import type { ConfigInput } from '../config/logging.ts';
import { keepHangUps } from '../runtime/signals.ts';
import { runToExit } from './run-to-exit.ts';

/** Put in by the build. */
declare const SPOTKEEPER_VERSION: string;

const { stdout, stderr } = process;
const streams = { stdout, stderr };

const commands: Commands = {
  async agent(options) {
    const { runAgentCommand } = await import('./agent-main.ts');
    return runAgentCommand(options);
  },
  async controller(options) {
    // From the first, for who starts a controller may say at once that its files have changed. A terminal that closes hangs
    // up as well, and then nobody is left who could end what goes on.
    const hangUps = stderr.isTTY === true ? null : keepHangUps();
    const { readControllerConfig } = await import('../config/controller.ts');
    const read = () => readControllerConfig(input(options));
    const config = read();
    const { runController } = await import('./controller.ts');
    return runController(config, read, { ...options, hangUps });
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
  async explain(options) {
    const { readRecordingPlace } = await import('../config/recording.ts');
    const { directory: given } = options;
    const place = given === null ? readRecordingPlace(input(options)) : { directory: given, file: null };
    const { runExplain } = await import('./explain.ts');
    return runExplain({ ...options, ...place, width: stdout.columns }, streams);
  },
  async cordon(options) {
    const [{ readClusterConfig }, { runCordon }] = await loadInstances();
    return runCordon(readClusterConfig(input(options)), { ...options, width: stdout.columns }, streams);
  },
  async uncordon(options) {
    const [{ readClusterConfig }, { runUncordon }] = await loadInstances();
    return runUncordon(readClusterConfig(input(options)), { ...options, width: stdout.columns }, streams);
  },
  async drain(options) {
    const [{ readClusterConfig }, { runDrain }] = await loadInstances();
    return runDrain(readClusterConfig(input(options)), { ...options, width: stdout.columns }, streams);
  },
  async pause(options) {
    const [{ readClusterConfig }, { runPause }] = await loadOrders();
    return runPause(readClusterConfig(input(options)), { ...options, width: stdout.columns }, streams);
  },
  async resume(options) {
    const [{ readClusterConfig }, { runResume }] = await loadOrders();
    return runResume(readClusterConfig(input(options)), { ...options, width: stdout.columns }, streams);
  },
  async replace(options) {
    const [{ readClusterConfig }, { runReplace }] = await loadInstances();
    const config = readClusterConfig(input(options));
    const drifted = options.isDrifted ? await findDrifted(options) : [];
    const instances = [...options.instances, ...drifted];
    return runReplace(config, { ...options, instances, width: stdout.columns }, streams);
  },
  async checkConfig(options) {
    const { checkConfig } = await import('../cli/check-config.ts');
    return checkConfig(options, processEnvironment(), streams);
  },
  async hostShutdown(options) {
    const [{ hostShutdown }, { isHostStopping }, { systemClock: clock }] = await Promise.all([
      import('../cli/host-shutdown.ts'),
      import('../runtime/host-state.ts'),
      import('../runtime/system-clock.ts'),
    ]);
    return hostShutdown(options, { clock, streams, isHostStopping });
  },
  async sandbox(options) {
    const { runSandbox } = await import('./sandbox.ts');
    return runSandbox(options, streams);
  },
};

const loadOrders = () => Promise.all([import('../config/cluster.ts'), import('./orders.ts')]);
const loadInstances = () => Promise.all([import('../config/cluster.ts'), import('./instances.ts')]);

async function findDrifted(options: ProcessOptions): Promise<readonly string[]> {
  const [{ readControllerConfig }, { drifted }] = await Promise.all([
    import('../config/controller.ts'),
    import('./drifted.ts'),
  ]);
  return drifted(readControllerConfig(input(options)));
}

function input({ file, flags }: ProcessOptions): ConfigInput {
  return { file, flags, env: processEnvironment(), isTerminal: stderr.isTTY === true };
}

quietSdkNodeNotice();
await runToExit(() => runProgram(process.argv.slice(2), { commands, streams, version: SPOTKEEPER_VERSION }));
