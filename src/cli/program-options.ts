// The options that commands have in common, and the form of their help.
import { type Command, InvalidArgumentError } from 'commander';

/** What a process is started with. */
export interface ProcessOptions {
  /** `--config`; null when it was not given. */
  readonly file: string | null;
  /** The other options that are settings, as texts by dotted key. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

export interface FactsOptions extends ProcessOptions {
  readonly isJson: boolean;
}

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  failed at run time; starting again may help
  2  bad configuration or usage; starting again cannot help
  3  refused: a rule said no
  4  timed out waiting`;

/** What commander hands an action: only what was given is there. */
export interface GivenOptions {
  readonly config?: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly logLevel?: string;
  readonly json?: boolean;
  readonly instances?: boolean;
  readonly createLeaseTable?: boolean;
  readonly keep?: boolean;
  readonly seed?: number;
  readonly orDrain?: boolean;
  readonly wait?: boolean;
  readonly drifted?: boolean;
  readonly undo?: boolean;
  readonly dryRun?: boolean;
  readonly timeout?: number;
}

const SETTING_OPTIONS = {
  cluster: ['--cluster <name>', 'the ECS cluster, by name or ARN'],
  region: ['--region <region>', 'the AWS region'],
  logLevel: ['--log-level <level>', 'debug, info, warn or error'],
} as const;

export function settings(command: Command, names: readonly (keyof typeof SETTING_OPTIONS)[]): Command {
  command.option('-c, --config <file>', 'the configuration file (or set SPOTKEEPER_CONFIG)');
  for (const name of names) command.option(SETTING_OPTIONS[name][0], SETTING_OPTIONS[name][1]);
  return command;
}

export function processOptions({ config, cluster, region, logLevel }: GivenOptions): ProcessOptions {
  return { file: config ?? null, flags: { cluster, region, 'log.level': logLevel } };
}

export const factsOptions = (options: GivenOptions): FactsOptions => ({
  ...processOptions(options),
  isJson: options.json === true,
});

/** `example('a', 'and b', 'b')`: a command line, then pairs of a remark and the command line it is about. */
export function example(first: string, ...rest: readonly string[]): string {
  const lines = [first, ...rest].map((line, index) => (index % 2 === 1 ? `  # ${line}` : `  $ ${line}`));
  return `\nExamples:\n${lines.join('\n')}\n${EXIT_CODES_HELP}`;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
