// The controller's configuration: one file for the cluster, and beside it a file for its fleet, read into the policy the
// planner follows.
import { shortName } from '../model/ids.ts';
import type { Policy } from '../plan/policy.ts';
import { CONTROLLER_SETTINGS } from './controller-settings.ts';
import type { KeyedValues } from './differences.ts';
import { firstSet, systemdRequest } from './environment.ts';
import { wrongKind } from './file-kind.ts';
import { type FleetConfig, readFleetFile } from './fleet.ts';
import { type ConfigInput, isPrettyLog, type LogLevel } from './logging.ts';
import { badConfiguration, type Mistake } from './mistake.ts';
import { policyOf } from './policy-of.ts';
import { pathFrom } from './relative-path.ts';
import { type Reading, readSettings } from './settings.ts';

export interface ControllerConfig {
  readonly cluster: string;
  /** null: as the AWS SDK finds it (profile). */
  readonly region: string | null;
  /** Cron with seconds. */
  readonly schedule: string;
  readonly lease: LeaseConfig;
  readonly fleet: FleetConfig;
  readonly policy: Policy;
  readonly status: { readonly host: string; readonly port: number };
  /** Port 0: nobody listens. */
  readonly poke: { readonly host: string; readonly port: number };
  readonly fastLane: { readonly periodMs: number };
  readonly metrics: { readonly periodMs: number; readonly isByInstance: boolean };
  /** Every key as it was given or by default, to be compared with another reading. */
  readonly values: KeyedValues;
  /** Where passes are recorded; null: nowhere. */
  readonly recording: { readonly directory: string; readonly maximumBytes: number } | null;
  readonly logLevel: LogLevel;
  /** Log lines for people in place of JSON. */
  readonly isPretty: boolean;
  readonly notifySocket: string | null;
  readonly watchdogUsec: number | null;
}

export interface LeaseConfig {
  readonly where:
    | { readonly store: 'dynamodb'; readonly table: string }
    | { readonly store: 'file'; readonly file: string };
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

/** @throws Failure `bad-configuration` with every mistake of every file, a line for each */
export function readControllerConfig({ flags, env, file, isTerminal }: ConfigInput): ControllerConfig {
  const path = file ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const reading = readSettings(CONTROLLER_SETTINGS, { flags, env, file: path });
  const { values } = reading;
  const fleetFile = reading.isGood('fleets') ? fleetPath(reading) : null;
  const {
    fleet,
    values: fleetValues,
    mistakes: fleetMistakes,
  } = fleetFile === null ? NO_FLEET : readFleetFile(fleetFile);
  const mistakes = [...reading.mistakes, ...relationMistakes(reading), ...fleetMistakes];
  if (mistakes.length > 0 || fleet === null) {
    const wrong = wrongKind(path, 'controller');
    throw badConfiguration(wrong === null ? mistakes : [wrong]);
  }
  return {
    // Always the name: two controllers must agree on it, whichever way each file puts it, because the lease is kept by it.
    cluster: shortName(values.cluster),
    region: values.region,
    schedule: values.schedule,
    lease: leaseOf(reading),
    fleet,
    policy: policyOf(values, fleet),
    status: { host: values['status.host'], port: values['status.port'] },
    poke: { host: values['poke.host'], port: values['poke.port'] },
    fastLane: { periodMs: values['fastLane.periodSeconds'] * 1_000 },
    metrics: { periodMs: values['metrics.periodSeconds'] * 1_000, isByInstance: values['metrics.perInstance'] },
    values: { ...values, cluster: shortName(values.cluster), ...fleetValues },
    recording: recordingOf(reading),
    logLevel: values['log.level'],
    isPretty: isPrettyLog(values['log.format'], isTerminal),
    ...systemdRequest(env),
  };
}

const NO_FLEET = { fleet: null, values: {}, mistakes: [] };

type Table = typeof CONTROLLER_SETTINGS;

function fleetPath({ values, originOf }: Reading<Table>): string | null {
  const [path] = values.fleets;
  return path === undefined ? null : pathFrom(originOf('fleets'), path);
}

function leaseOf({ values, originOf }: Reading<Table>): LeaseConfig {
  const file = values['lease.file'];
  return {
    where:
      values['lease.store'] === 'file' && file !== null
        ? { store: 'file', file: pathFrom(originOf('lease.file'), file) }
        : { store: 'dynamodb', table: values['lease.table'] },
    durationMs: values['lease.durationSeconds'] * 1_000,
    renewDeadlineMs: values['lease.renewDeadlineSeconds'] * 1_000,
    retryPeriodMs: values['lease.retryPeriodSeconds'] * 1_000,
  };
}

function recordingOf({ values, originOf }: Reading<Table>): ControllerConfig['recording'] {
  const path = values['recording.directory'];
  if (path === null) return null;
  const directory = pathFrom(originOf('recording.directory'), path);
  return { directory, maximumBytes: values['recording.maxMegabytes'] * 1_000_000 };
}

/** What keys must be to each other; only judged between values that are good by themselves. */
function relationMistakes({ values, isGood, originOf }: Reading<Table>): Mistake[] {
  const found: Mistake[] = [];
  const demand = (holds: boolean, key: keyof Table, needs: readonly (keyof Table)[], problem: string): void => {
    if (!holds && [key, ...needs].every(isGood)) found.push({ ...originOf(key), key, problem });
  };
  const [duration, renew, retry] = [
    values['lease.durationSeconds'],
    values['lease.renewDeadlineSeconds'],
    values['lease.retryPeriodSeconds'],
  ];
  demand(
    renew < duration,
    'lease.renewDeadlineSeconds',
    ['lease.durationSeconds'],
    `expected less than lease.durationSeconds (${duration}), found ${renew}`,
  );
  demand(
    retry < renew,
    'lease.retryPeriodSeconds',
    ['lease.renewDeadlineSeconds'],
    `expected less than lease.renewDeadlineSeconds (${renew}), found ${retry}`,
  );
  demand(
    values['lease.store'] !== 'file' || values['lease.file'] !== null,
    'lease.file',
    ['lease.store'],
    'expected a path, because lease.store is file, found nothing',
  );
  return found;
}
