// The command line of `explain`.
import { type Command, Option } from 'commander';
import type { ExitCode } from '../../runtime/exit-codes.ts';
import { duration } from '../duration.ts';
import { example, type FactsOptions, factsOptions, type GivenOptions } from '../program-options.ts';

export interface ExplainOptions extends FactsOptions {
  /** An instance, by the beginning of its id, or a fleet; null for everything. */
  readonly name: string | null;
  readonly lastMs: number;
  /** `--recording`; null takes that of the configuration. */
  readonly directory: string | null;
}

/** Resolves with the exit code. */
export interface ExplainCommand {
  explain(options: ExplainOptions): Promise<ExitCode>;
}

const HOUR_MS = 3_600_000;

interface Given extends GivenOptions {
  readonly last: number;
  readonly recording?: string;
}

export function addExplain(program: Command, commands: ExplainCommand, onEnd: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('print what was decided and why, from the recorded passes: in all, for a fleet or for an instance')
    .argument('[name]', 'an EC2 instance id, or its beginning; or the name or id of a fleet')
    .addOption(
      new Option('--last <duration>', 'how far back from the last recorded pass: 90s, 30m, 1h, 2d')
        .argParser(duration)
        .default(HOUR_MS, '1h'),
    )
    .option('--recording <directory>', 'the record, where it is not that of the configuration')
    .option('-c, --config <file>', 'the configuration file (or set SPOTKEEPER_CONFIG)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Asks neither AWS nor a controller: it reads what the leader wrote to recording.directory, on
the host where it led. Without that key nothing is recorded. Exits with 1 when there is no
record, or when not all of it could be read; then what was read is printed all the same.`,
    )
    .addHelpText(
      'after',
      example(
        'spotkeeper explain --last 1h --config /etc/spotkeeper/controller.yaml',
        'why is it still there? why did it go?',
        'spotkeeper explain i-0123456789abcdef0 --last 12h --config /etc/spotkeeper/controller.yaml',
        'a record brought from another host',
        'spotkeeper explain general --recording ./recording --last 2d',
      ),
    )
    .action(async (name: string | undefined, options: Given) => {
      const { last: lastMs, recording: directory = null } = options;
      onEnd(await commands.explain({ ...factsOptions(options), name: name ?? null, lastMs, directory }));
    });
}
