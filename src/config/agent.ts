// The agent's configuration. Everything has a default, so that the same machine image runs in every cluster; a file is
// for the exception.
import { PACKETS_PER_SECOND, packetsPerSecond } from '../model/metadata-budget.ts';
import type { MaintenanceCode } from '../ports/metadata.ts';
import { AGENT_SETTINGS } from './agent-settings.ts';
import { firstSet, systemdRequest } from './environment.ts';
import { wrongKind } from './file-kind.ts';
import { type ConfigInput, isPrettyLog, type LogLevel } from './logging.ts';
import { badConfiguration, type Mistake } from './mistake.ts';
import { type Reading, readSettings, type Values } from './settings.ts';
import { type Webhook, webhooksOf, withoutSecrets } from './webhooks.ts';

export interface AgentConfig {
  /** null: the region the instance metadata service names. */
  readonly region: string | null;
  /** null: its IPv4 address, then its IPv6 address. */
  readonly metadataEndpoint: string | null;
  readonly ecsAgentEndpoint: string;
  readonly pollMs: {
    readonly interruption: number;
    readonly rebalance: number;
    readonly maintenance: number;
    readonly targetState: number;
  };
  readonly response: ResponseConfig;
  readonly hooks: { readonly directory: string; readonly limitMs: number };
  readonly webhooks: readonly Webhook[];
  /** `http://host:port` */
  readonly controllers: readonly string[];
  /** Port 0: nobody listens. */
  readonly noticePort: { readonly host: string; readonly port: number };
  readonly runtimeDirectory: string | null;
  readonly stateDirectory: string | null;
  readonly requiredDaemons: { readonly services: readonly string[]; readonly families: readonly string[] };
  readonly blindAfterMs: number;
  /** Which boot this is, as our unit hands it on from systemd (%b); null: ask the kernel. */
  readonly bootId: string | null;
  readonly logLevel: LogLevel;
  /** Log lines for people in place of JSON. */
  readonly isPretty: boolean;
  readonly notifySocket: string | null;
  readonly watchdogUsec: number | null;
}

/** How the agent answers each signal, in the words of its respond/situation.ts. */
export interface ResponseConfig {
  readonly marginMs: number;
  readonly standalone: 'wait' | 'stop-in-time' | 'leave';
  readonly rebalance: { readonly response: 'ignore' | 'cordon' | 'drain'; readonly liftAfterMs: number };
  readonly maintenance: {
    readonly response: 'ignore' | 'drain';
    readonly aheadMs: number;
    readonly ignoredCodes: readonly MaintenanceCode[];
  };
  readonly targetState: { readonly response: 'ignore' | 'drain'; readonly deadlineMs: number };
  readonly hostShutdown: { readonly response: 'ignore' | 'drain' };
}

type Table = typeof AGENT_SETTINGS;

/** @throws Failure `bad-configuration` with every mistake, a line for each */
export function readAgentConfig({ flags, env, file, isTerminal }: ConfigInput): AgentConfig {
  const path = file ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const reading = readSettings(AGENT_SETTINGS, { flags, env, file: path });
  const { values } = reading;
  const mistakes = [...reading.mistakes, ...budgetMistakes(reading)];
  if (mistakes.length > 0) {
    const wrong = wrongKind(path, 'agent');
    throw badConfiguration(wrong === null ? mistakes : [wrong]);
  }
  return {
    region: values.region,
    metadataEndpoint: values.metadataEndpoint,
    ecsAgentEndpoint: values.ecsAgentEndpoint,
    pollMs: {
      interruption: toMs(values['interruption.pollSeconds']),
      rebalance: toMs(values['rebalance.pollSeconds']),
      maintenance: toMs(values['maintenance.pollSeconds']),
      targetState: toMs(values['targetState.pollSeconds']),
    },
    response: responseOf(values),
    hooks: { directory: values['hooks.directory'], limitMs: toMs(values['hooks.limitSeconds']) },
    webhooks: webhooksOf(values.webhooks),
    controllers: values['controller.addresses'],
    noticePort: { host: values['notice.host'], port: values['notice.port'] },
    runtimeDirectory: values.runtimeDirectory,
    stateDirectory: values.stateDirectory,
    requiredDaemons: { services: values['requiredDaemons.services'], families: values['requiredDaemons.families'] },
    blindAfterMs: toMs(values.blindAfterSeconds),
    bootId: firstSet(env, ['SPOTKEEPER_BOOT_ID'])?.text ?? null,
    logLevel: values['log.level'],
    isPretty: isPrettyLog(values['log.format'], isTerminal),
    ...systemdRequest(env),
  };
}

/** The configuration as it may be printed. */
export function printableAgentConfig(config: AgentConfig): AgentConfig {
  return { ...config, webhooks: withoutSecrets(config.webhooks) };
}

function responseOf(values: Values<Table>): ResponseConfig {
  return {
    marginMs: toMs(values.stopMarginSeconds),
    standalone: values.standaloneTasks,
    rebalance: {
      response: values['rebalance.response'],
      liftAfterMs: toMs(values['rebalance.liftAfterSeconds']),
    },
    maintenance: {
      response: values['maintenance.response'],
      aheadMs: toMs(values['maintenance.aheadMinutes'] * 60),
      ignoredCodes: values['maintenance.ignoredCodes'],
    },
    targetState: {
      response: values['targetState.response'],
      deadlineMs: toMs(values['targetState.deadlineSeconds']),
    },
    hostShutdown: { response: values['hostShutdown.response'] },
  };
}

const PERIODS = [
  'interruption.pollSeconds',
  'rebalance.pollSeconds',
  'targetState.pollSeconds',
  'maintenance.pollSeconds',
] as const satisfies readonly (keyof Table)[];

/** Periods that ask too much even on kept connections; said of the shortest that was set, which asks most. */
function budgetMistakes({ values, isGood, isGiven, originOf }: Reading<Table>): Mistake[] {
  if (!PERIODS.every(isGood)) return [];
  const packetsOf = (keys: readonly (typeof PERIODS)[number][]) =>
    packetsPerSecond(
      keys.map((key) => toMs(values[key])),
      true,
    );
  const packets = packetsOf(PERIODS);
  if (packets <= PACKETS_PER_SECOND) return [];
  // The defaults fit, so somebody has set one of them.
  const key = PERIODS.filter(isGiven).reduce((shortest, next) => (values[next] < values[shortest] ? next : shortest));
  const left = PACKETS_PER_SECOND - packetsOf(PERIODS.filter((other) => other !== key));
  // Each key may be long enough to mend it alone: the shortest that the others allow leave room for 2.8 seconds.
  const enough = Math.ceil((10 * packetsPerSecond([1_000], true)) / left) / 10;
  const together = `${PERIODS.join(', ')} together`;
  const problem = `expected ${together} to take at most ${PACKETS_PER_SECOND} packets a second, found ${packets.toFixed(2)}; ${enough} or more here would do`;
  return [{ ...originOf(key), key, problem }];
}

/** Whole: 0.7 s are 700 ms, whatever a multiplication of fractions makes of it. */
const toMs = (seconds: number): number => Math.round(seconds * 1_000);
