// The agent's own command line. It is read without commander, which would cost every instance memory and every start
// time; its words are commander's, and a test holds its help to that of `spotkeeper agent --help`.
import { parseArgs } from 'node:util';
import type { ProcessOptions } from './program.ts';

export type AgentArguments =
  | { readonly kind: 'run'; readonly options: ProcessOptions }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'mistake'; readonly problem: string };

export const AGENT_HELP = `Usage: spotkeeper agent [options]

drain this container instance before it ends: on interruption notices, Auto
Scaling, maintenance, host shutdowns and rebalance recommendations; one on every
instance

Options:
  -c, --config <file>  the configuration file (or set SPOTKEEPER_CONFIG)
  --region <region>    the AWS region
  --log-level <level>  debug, info, warn or error
  -V, --version        print the version
  -h, --help           print this help

Examples:
  $ spotkeeper agent
  # everything has a default
  $ spotkeeper agent --config agent.yaml

Exit codes:
  0  done
  1  failed at run time; starting again may help
  2  bad configuration or usage; starting again cannot help
  3  refused: a rule said no
  4  timed out waiting
`;

/** Never throws: a command line that cannot be understood is a mistake with its words. */
export function readAgentArguments(args: readonly string[]): AgentArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string', short: 'c' },
        region: { type: 'string' },
        'log-level': { type: 'string' },
        version: { type: 'boolean', short: 'V' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    if (values.version === true) return { kind: 'version' };
    const { config, region, 'log-level': level } = values;
    return { kind: 'run', options: { file: config ?? null, flags: { region, 'log.level': level } } };
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return { kind: 'mistake', problem: error.message };
  }
}

const isUsageError = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
