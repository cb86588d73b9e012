// The agent's configuration. Everything has a default, so that the same machine image runs in every cluster; a file is
// for the exception.
import { firstSet, systemdRequest } from './environment.ts';
import { awsRegion, httpEndpoint, orNothing, seconds } from './format.ts';
import { type ConfigInput, isPrettyLog, LOG_SETTINGS, type LogLevel } from './logging.ts';
import { badConfiguration } from './mistake.ts';
import { readSettings } from './settings.ts';

export interface AgentConfig {
  /** null: the region the instance metadata service names. */
  readonly region: string | null;
  readonly metadataEndpoint: string;
  readonly ecsAgentEndpoint: string;
  readonly pollSeconds: number;
  readonly stopMarginSeconds: number;
  readonly logLevel: LogLevel;
  /** Log lines for people in place of JSON. */
  readonly isPretty: boolean;
  readonly notifySocket: string | null;
  readonly watchdogUsec: number | null;
}

export const AGENT_SETTINGS = {
  region: {
    doc: 'The AWS region. Left out, the agent asks the instance metadata service.',
    format: orNothing(awsRegion),
    default: null,
    env: ['SPOTKEEPER_REGION', 'AWS_REGION'],
    option: '--region',
  },
  metadataEndpoint: {
    doc: 'Where the instance metadata service answers. Only IMDSv2 is ever spoken.',
    format: httpEndpoint,
    default: 'http://169.254.169.254',
    env: ['SPOTKEEPER_METADATA_ENDPOINT', 'AWS_EC2_METADATA_SERVICE_ENDPOINT'],
  },
  ecsAgentEndpoint: {
    doc: 'Where the ECS agent answers about itself. An address and not `localhost`: that name may mean IPv6, where the ECS agent does not listen.',
    format: httpEndpoint,
    default: 'http://127.0.0.1:51678',
    env: ['SPOTKEEPER_ECS_AGENT_ENDPOINT'],
  },
  pollSeconds: {
    doc: 'How often the metadata service is asked for a notice. A notice comes two minutes ahead and every second before draining is lost to the tasks; AWS recommends at most 5.',
    format: seconds(0.1, 5),
    default: 1,
    env: ['SPOTKEEPER_POLL_SECONDS'],
  },
  stopMarginSeconds: {
    doc: 'How long before its last possible moment a task that ECS does not move is stopped, so that its own stop timeout still fits before the instance ends. Not less than 4: at that moment its tasks are listed once more and the stop is sent, and AWS may take two seconds for each.',
    format: seconds(4, 60),
    default: 5,
    env: ['SPOTKEEPER_STOP_MARGIN_SECONDS'],
  },
  ...LOG_SETTINGS,
} as const;

/** @throws Failure `bad-configuration` with every mistake, a line for each */
export function readAgentConfig({ flags, env, file, isTerminal }: ConfigInput): AgentConfig {
  const path = file ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const { values, mistakes } = readSettings(AGENT_SETTINGS, { flags, env, file: path });
  if (mistakes.length > 0) throw badConfiguration(mistakes);
  return {
    region: values.region,
    metadataEndpoint: values.metadataEndpoint,
    ecsAgentEndpoint: values.ecsAgentEndpoint,
    pollSeconds: values.pollSeconds,
    stopMarginSeconds: values.stopMarginSeconds,
    logLevel: values['log.level'],
    isPretty: isPrettyLog(values['log.format'], isTerminal),
    ...systemdRequest(env),
  };
}
