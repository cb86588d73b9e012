// The command line: names, options, help and exit codes. It runs nothing itself; every command is a function handed in,
// so that the program can be asked for help without loading what it would run.
import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { addExplain, type ExplainCommand } from './explain/program.ts';
import { addInstances, type InstanceCommands } from './instances/program.ts';
import { addOrders, type OrderCommands } from './orders/program.ts';
import {
  EXIT_CODES_HELP,
  example,
  type FactsOptions,
  factsOptions,
  type GivenOptions,
  type ProcessOptions,
  processOptions,
  settings,
  wholeNumber,
} from './program-options.ts';
import type { Streams } from './writer.ts';

export interface ControllerOptions extends ProcessOptions {
  /** Make the lease table when there is none. */
  readonly isLeaseTableWanted: boolean;
}

export interface PlanOptions extends FactsOptions {
  /** Show the room of every single instance, too. */
  readonly isByInstance: boolean;
}

export interface CheckOptions {
  readonly files: readonly string[];
  readonly isJson: boolean;
}

export interface SandboxOptions {
  /** Stay after the story, and print how to reach the sandbox. */
  readonly isKept: boolean;
  /** null takes the story's own. */
  readonly seed: number | null;
  readonly isJson: boolean;
}

export interface HostShutdownOptions {
  /** The agent's runtime directory. */
  readonly directory: string;
  readonly waitSeconds: number;
  /** Do not ask systemd whether the host stops. */
  readonly isSure: boolean;
}

export type { FactsOptions, ProcessOptions } from './program-options.ts';

/** Every command by name; each resolves with the exit code. */
export interface Commands extends InstanceCommands, OrderCommands, ExplainCommand {
  agent(options: ProcessOptions): Promise<ExitCode>;
  controller(options: ControllerOptions): Promise<ExitCode>;
  plan(options: PlanOptions): Promise<ExitCode>;
  status(options: FactsOptions): Promise<ExitCode>;
  checkConfig(options: CheckOptions): Promise<ExitCode>;
  sandbox(options: SandboxOptions): Promise<ExitCode>;
  hostShutdown(options: HostShutdownOptions): Promise<ExitCode>;
}

/** What one look cannot know. */
const ONE_LOOK_HELP = `One look remembers nothing. What only the leader has learned (sizes used lately,
arrivals, for how long tasks have been missing, for how long a surplus has lasted, who
went out of sight, what failed) is in its own report: GET /status.json on its status port.`;

/**
 * Runs one command line, given without the names of Node and the script.
 * @returns the command's exit code; 2 for a command line that cannot be understood. What a command throws flies.
 */
export async function runProgram(
  args: readonly string[],
  setup: { commands: Commands; streams: Streams; version: string },
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = buildProgram(setup, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander ends with 0 after help and version that were asked for, and with 1 after everything it refuses.
    return error.exitCode === 0 ? EXIT.done : EXIT.badConfiguration;
  }
}

type Setup = Parameters<typeof runProgram>[1];

function buildProgram({ commands, streams, version }: Setup, onEnd: (code: ExitCode) => void): Command {
  const program = new Command('spotkeeper')
    .description('Keeps an Amazon ECS cluster running on EC2 Spot capacity.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  program.addHelpText('after', `\nstart with:\n  $ spotkeeper sandbox\n${EXIT_CODES_HELP}`);
  addProcesses(program, { commands, version }, onEnd);
  addFacts(program, commands, onEnd);
  addExplain(program, commands, onEnd);
  addInstances(program, commands, onEnd);
  addOrders(program, commands, onEnd);
  addCheck(program, commands, onEnd);
  addSandbox(program, commands, onEnd);
  addHostShutdown(program, commands, onEnd);
  return program;
}

type OnEnd = (code: ExitCode) => void;

/** The agent is not run from here but by itself (agent-arguments.ts); here it has its place in the help. */
function addProcesses(program: Command, { commands, version }: Omit<Setup, 'streams'>, onEnd: OnEnd): void {
  settings(program.command('agent'), ['region', 'logLevel'])
    .version(version, '-V, --version', 'print the version')
    .description(
      'drain this container instance before it ends: on interruption notices, Auto Scaling, maintenance, host shutdowns and rebalance recommendations; one on every instance',
    )
    .addHelpText(
      'after',
      example('spotkeeper agent', 'everything has a default', 'spotkeeper agent --config agent.yaml'),
    )
    .action(async (options: GivenOptions) => onEnd(await commands.agent(processOptions(options))));
  settings(program.command('controller'), ['cluster', 'region', 'logLevel'])
    .description('keep room for the largest tasks by resizing the fleet; one or more per cluster, one leads')
    .option('--create-lease-table', 'make the DynamoDB table for leases, billed on demand, when there is none')
    .addHelpText(
      'after',
      example(
        'spotkeeper controller --config /etc/spotkeeper/controller.yaml',
        'the first time in this account and region',
        'spotkeeper controller --config /etc/spotkeeper/controller.yaml --create-lease-table',
      ),
    )
    .action(async (options: GivenOptions) => {
      const isLeaseTableWanted = options.createLeaseTable === true;
      onEnd(await commands.controller({ ...processOptions(options), isLeaseTableWanted }));
    });
}

function addFacts(program: Command, commands: Commands, onEnd: OnEnd): void {
  settings(program.command('plan'), ['cluster', 'region'])
    .description('print what a pass would do now, and why; changes nothing')
    .option('--instances', 'show how many more of each largest task every single instance can start, and why not')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      example('spotkeeper plan --config controller.yaml', 'only the actions', 'spotkeeper plan --json | jq .plan'),
    )
    .addHelpText('after', '\nExits with 1 when something could not be seen; what was seen is printed all the same.')
    .addHelpText('after', `\n${ONE_LOOK_HELP}`)
    .action(async (options: GivenOptions) => {
      onEnd(await commands.plan({ ...factsOptions(options), isByInstance: options.instances === true }));
    });
  settings(program.command('status'), ['cluster', 'region'])
    .description('print who leads, what the fleet has and where every instance stands')
    .option('--json', 'print one JSON document')
    .addHelpText('after', example('spotkeeper status --config controller.yaml'))
    .addHelpText('after', '\nExits with 1 when something could not be seen; what was seen is printed all the same.')
    .action(async (options: GivenOptions) => onEnd(await commands.status(factsOptions(options))));
}

function addCheck(program: Command, commands: Commands, onEnd: OnEnd): void {
  const config = program.command('config').description('work with configuration files');
  config
    .command('check')
    .description('read configuration files as the processes would, and name every mistake')
    .argument('[files...]', 'agent, controller or fleet files; SPOTKEEPER_CONFIG when none is given')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      example('spotkeeper config check controller.yaml', 'several at once', 'spotkeeper config check *.yaml'),
    )
    .action(async (files: string[], options: GivenOptions) => {
      onEnd(await commands.checkConfig({ files, isJson: options.json === true }));
    });
}

function addSandbox(program: Command, commands: Commands, onEnd: OnEnd): void {
  program
    .command('sandbox')
    .description('play a story on a pretend AWS on this machine: real controllers and agents, no account needed')
    .option('--keep', 'stay afterwards and print how to reach it')
    .option('--seed <number>', 'another course of events; the same seed gives the same one', wholeNumber)
    .option('--json', 'print figures and expectations as one JSON document')
    .addHelpText(
      'after',
      example('spotkeeper sandbox', 'stay, and try the other commands', 'spotkeeper sandbox --keep'),
    )
    .action(async (options: GivenOptions) => {
      onEnd(
        await commands.sandbox({
          isKept: options.keep === true,
          seed: options.seed ?? null,
          isJson: options.json === true,
        }),
      );
    });
}

/** As in the unit that runs it, where systemd waits a little longer. */
const HOST_SHUTDOWN_WAIT_SECONDS = 100;

function addHostShutdown(program: Command, commands: Commands, onEnd: OnEnd): void {
  program
    .command('host-shutdown')
    .description('tell the agent that systemd stops this host, and wait until its tasks have ended; for a systemd unit')
    .option('--wait <seconds>', 'how long systemd waits for it', wholeNumber, HOST_SHUTDOWN_WAIT_SECONDS)
    .option('--directory <path>', "the agent's runtime directory", '/run/spotkeeper')
    .option('--sure', 'without asking systemd whether it really stops the host')
    .addHelpText('after', example('spotkeeper host-shutdown --wait 100'))
    .action(async ({ wait, directory, sure }: { wait: number; directory: string; sure?: boolean }) => {
      onEnd(await commands.hostShutdown({ directory, waitSeconds: wait, isSure: sure === true }));
    });
}
