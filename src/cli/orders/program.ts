// The command line of `pause` and `resume`.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../../runtime/exit-codes.ts';
import { duration } from '../duration.ts';
import { example, type FactsOptions, factsOptions, type GivenOptions, settings } from '../program-options.ts';

export interface PauseOptions extends FactsOptions {
  readonly forMs: number;
  readonly reason: string;
  /** null takes the name of whoever is logged in. */
  readonly by: string | null;
  /** Only what shrinks. */
  readonly isOfShrinking: boolean;
}

/** The commands that give the controller orders; each resolves with the exit code. */
export interface OrderCommands {
  pause(options: PauseOptions): Promise<ExitCode>;
  resume(options: FactsOptions): Promise<ExitCode>;
}

const MINUTE_MS = 60_000;
const DEFAULT_FOR_MS = 30 * MINUTE_MS;
/** A pause ends by itself; one that is longer than a week is a decision for the file (`mode`), where everybody sees it. */
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS;

const NEEDS = `
Needs the cluster and the region, and no controller: --cluster and --region, SPOTKEEPER_CLUSTER
and AWS_REGION, or any controller's file.`;

interface GivenPause extends GivenOptions {
  readonly for: number;
  readonly reason: string;
  readonly by?: string;
  readonly shrinking?: boolean;
}

export function addOrders(program: Command, commands: OrderCommands, onEnd: (code: ExitCode) => void): void {
  settings(program.command('pause'), ['cluster', 'region'])
    .description('keep every controller of the cluster from doing anything for a while; ends by itself')
    .addOption(
      new Option('--for <duration>', 'how long: 45s, 30m, 2h, 2d; at most 7d')
        .argParser(pauseDuration)
        .default(DEFAULT_FOR_MS, '30m'),
    )
    .requiredOption('--reason <text>', 'why, for whoever wonders', someReason)
    .option('--by <name>', 'who says so; the name you are logged in with')
    .option('--shrinking', 'only what shrinks: room for tasks is still made')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Sets the tag spotkeeper.pause on the ECS cluster, which the leader reads at every pass. While
it holds, plans are made and reported, and nothing is done: also no room is made for tasks
that wait, and what an interruption takes is not replaced, unless you say --shrinking. Agents
are not paused: an instance that has a notice drains.
A pause that would cut another one short is refused with 3: resume first.`,
    )
    .addHelpText('after', NEEDS)
    .addHelpText(
      'after',
      example(
        'spotkeeper pause --for 30m --reason "load test" --cluster production',
        'give nothing away, and go on making room',
        'spotkeeper pause --shrinking --for 2h --reason "big deployment" --config controller.yaml',
      ),
    )
    .action(async (options: GivenPause) => {
      onEnd(
        await commands.pause({
          ...factsOptions(options),
          forMs: options.for,
          reason: options.reason,
          by: options.by ?? null,
          isOfShrinking: options.shrinking === true,
        }),
      );
    });
  settings(program.command('resume'), ['cluster', 'region'])
    .description('end a pause')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Removes the tag spotkeeper.pause. The kill switch, the tag spotkeeper.stop, is not touched: while
it is on, the exit code is 3.`,
    )
    .addHelpText('after', NEEDS)
    .addHelpText('after', example('spotkeeper resume --cluster production'))
    .action(async (options: GivenOptions) => onEnd(await commands.resume(factsOptions(options))));
}

/** @throws InvalidArgumentError */
function pauseDuration(text: string): number {
  const ms = duration(text);
  if (ms > LONGEST_MS) throw new InvalidArgumentError('A pause lasts at most 7d; for longer set mode in the file.');
  return ms;
}

/** @throws InvalidArgumentError */
function someReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why: whoever finds the cluster paused will wonder.');
  return text;
}
