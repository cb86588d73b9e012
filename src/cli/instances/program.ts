// The command line of `cordon`, `uncordon`, `drain` and `replace`.
import type { Command } from 'commander';
import type { ExitCode } from '../../runtime/exit-codes.ts';
import {
  example,
  type FactsOptions,
  factsOptions,
  type GivenOptions,
  settings,
  wholeNumber,
} from '../program-options.ts';

export interface InstancesOptions extends FactsOptions {
  /** As they were named. */
  readonly instances: readonly string[];
}

export interface CordonOptions extends InstancesOptions {
  /** Whether an instance on which services would still place tasks is to be set DRAINING. */
  readonly mayDrain: boolean;
}

export interface DrainOptions extends InstancesOptions {
  /** Stay until every task on them has STOPPED. */
  readonly isWaiting: boolean;
  /** null waits for ever. */
  readonly timeoutMs: number | null;
}

export interface ReplaceOptions extends DrainOptions {
  /** All that are behind the fleet, in place of those that are named. */
  readonly isDrifted: boolean;
  readonly isUndo: boolean;
  readonly isDryRun: boolean;
}

/** The commands that work on single instances; each resolves with the exit code. */
export interface InstanceCommands {
  cordon(options: CordonOptions): Promise<ExitCode>;
  uncordon(options: InstancesOptions): Promise<ExitCode>;
  drain(options: DrainOptions): Promise<ExitCode>;
  replace(options: ReplaceOptions): Promise<ExitCode>;
}

const INSTANCES = [
  '<instances...>',
  'EC2 instance ids, container instance ids or ARNs, or the beginning of an id that only one has',
] as const;

const NEEDS = `
Needs the cluster and the region, and no controller: --cluster and --region, SPOTKEEPER_CLUSTER
and AWS_REGION, or any controller's file.`;

export function addInstances(program: Command, commands: InstanceCommands, onEnd: (code: ExitCode) => void): void {
  on(program, 'cordon')
    .description('keep further tasks off instances; what runs there stays')
    .option('--or-drain', 'set DRAINING where services would still place tasks; that moves what runs there')
    .addHelpText(
      'after',
      `
Sets the attribute spotkeeper.cordoned. ECS itself knows no cordon: services keep off where
their placement constraint asks for it, and those that do not are named, with the command
that mends it. Then the exit code is 3: the attribute is set, and it is no full cordon.`,
    )
    .addHelpText('after', NEEDS)
    .addHelpText(
      'after',
      example(
        'spotkeeper cordon i-0123456789abcdef0 --cluster production --region eu-west-1',
        'by the beginning of its id; drained if services would not keep off',
        'spotkeeper cordon i-0123 --or-drain --config controller.yaml',
      ),
    )
    .action(async (instances: string[], options: GivenOptions) => {
      onEnd(await commands.cordon({ ...factsOptions(options), instances, mayDrain: options.orDrain === true }));
    });
  on(program, 'uncordon')
    .description('let tasks be placed on instances again; takes back cordon, and drain')
    .addHelpText(
      'after',
      `
ACTIVE again is only what spotkeeper drain (or cordon --or-drain) set DRAINING. An instance
that has a notice of its end, that retires, or that somebody else drains is refused with 3.`,
    )
    .addHelpText('after', NEEDS)
    .addHelpText('after', example('spotkeeper uncordon i-0123456789abcdef0 --cluster production'))
    .action(async (instances: string[], options: GivenOptions) => {
      onEnd(await commands.uncordon({ ...factsOptions(options), instances }));
    });
  on(program, 'drain')
    .description('cordon instances and set them DRAINING: ECS moves their service tasks elsewhere')
    .option('--wait', 'stay until every task on them has stopped; Ctrl-C leaves the drain on')
    .option('--timeout <seconds>', 'with --wait: give up waiting after this long, with exit code 4', wholeNumber)
    .addHelpText(
      'after',
      `
Names what ECS will not move: standalone tasks, services whose percentages let no task stop
or start, and tasks with scale-in protection.`,
    )
    .addHelpText('after', NEEDS)
    .addHelpText(
      'after',
      example(
        'spotkeeper drain i-0123456789abcdef0 --cluster production --wait --timeout 900',
        'several at once',
        'spotkeeper drain i-0123456789abcdef0 i-0fedcba9876543210 --config controller.yaml',
      ),
    )
    .action(async (instances: string[], options: GivenOptions, command: Command) => {
      onEnd(await commands.drain({ ...factsOptions(options), ...waitingOptions(options, command), instances }));
    });
  addReplace(program, commands, onEnd);
}

function addReplace(program: Command, commands: InstanceCommands, onEnd: (code: ExitCode) => void): void {
  on(program, 'replace', '[instances...]')
    .description('have the controller replace instances: replacements first, then drain, then end')
    .option('--drifted', "all that are behind the fleet, by image or launch template; needs a controller's file")
    .option('--undo', 'take the wish back; an instance that drains for it serves again')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--wait', 'stay until they have left the cluster; Ctrl-C leaves the wish as it is')
    .option('--timeout <seconds>', 'with --wait: give up waiting after this long, with exit code 4', wholeNumber)
    .addHelpText(
      'after',
      `
Sets the attribute spotkeeper.replace, which the controller reads at its next pass. It
replaces in batches as large as its budgets allow, and never in quiet hours.
Nothing happens while no controller leads, or while it is held back: by its mode, a pause or
the kill switch, which are told here (the mode where the controller's file is named).

Needs the cluster and the region: --cluster and --region, SPOTKEEPER_CLUSTER and AWS_REGION,
or any controller's file.`,
    )
    .addHelpText(
      'after',
      example(
        'spotkeeper replace i-0123456789abcdef0 --cluster production --wait',
        'after a new image',
        'spotkeeper replace --drifted --config controller.yaml --dry-run',
      ),
    )
    .action(async (instances: string[], options: GivenOptions, command: Command) => {
      const isDrifted = options.drifted === true;
      if (isDrifted && instances.length > 0) command.error('error: name instances or say --drifted, not both');
      if (!isDrifted && instances.length === 0) command.error('error: name instances, or say --drifted');
      if (options.wait === true && (options.undo === true || options.dryRun === true))
        command.error('error: --wait waits for nothing with --undo or --dry-run');
      onEnd(
        await commands.replace({
          ...factsOptions(options),
          ...waitingOptions(options, command),
          instances,
          isDrifted,
          isUndo: options.undo === true,
          isDryRun: options.dryRun === true,
        }),
      );
    });
}

function waitingOptions({ wait, timeout }: GivenOptions, command: Command) {
  if (timeout !== undefined && wait !== true) command.error('error: --timeout needs --wait');
  return { isWaiting: wait === true, timeoutMs: timeout === undefined ? null : timeout * 1_000 };
}

function on(program: Command, name: string, named: string = INSTANCES[0]): Command {
  return settings(program.command(name), ['cluster', 'region'])
    .argument(named, INSTANCES[1])
    .option('--json', 'print one JSON document');
}
