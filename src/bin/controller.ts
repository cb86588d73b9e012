// Composition root of `spotkeeper controller`: configuration to adapters to the service, and nothing else.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { createCloudWatchClient, createMetricsSink } from '../aws/cloudwatch-metrics.ts';
import { createDynamoClient, createDynamoLeaseStore } from '../aws/dynamodb-lease.ts';
import { createEc2Client, createInstances } from '../aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../aws/ecs-cluster.ts';
import { ensureLeaseTable } from '../aws/lease-table.ts';
import { createSpotFleet } from '../aws/spot-fleet.ts';
import type { ControllerOptions } from '../cli/program.ts';
import type { ControllerConfig, LeaseConfig } from '../config/controller.ts';
import { differencesOf } from '../config/differences.ts';
import { Leadership } from '../controller/leadership.ts';
import { Passes } from '../controller/pass.ts';
import { Recorder } from '../controller/recording/recorder.ts';
import { Reload } from '../controller/reload.ts';
import { Controller } from '../controller/service.ts';
import type { PolicyName } from '../model/iam/permission.ts';
import { fleetId } from '../model/ids.ts';
import type { PoolCheck } from '../plan/capacity/pool-check.ts';
import { Failure } from '../ports/failure.ts';
import type { LeaseStore } from '../ports/lease-store.ts';
import type { Logger } from '../ports/logger.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { createFileLeaseStore } from '../runtime/file-lease.ts';
import { createLogger } from '../runtime/logger.ts';
import { RotatedLines } from '../runtime/rotated-lines.ts';
import { createSdNotify } from '../runtime/sd-notify.ts';
import { type HangUps, untilSignalled } from '../runtime/signals.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { systemRng } from '../runtime/system-rng.ts';
import { createWorkerCheck } from '../runtime/worker-check.ts';

/**
 * Runs until SIGTERM or SIGINT.
 * @param readAgain reads the files as they were read at start
 * @param options.hangUps each is a wish to read the files again; null where it is to end the process
 * @throws Failure for an operator to mend
 */
export async function runController(
  config: ControllerConfig,
  readAgain: () => ControllerConfig,
  { isLeaseTableWanted, hangUps }: Pick<ControllerOptions, 'isLeaseTableWanted'> & { readonly hangUps: HangUps | null },
): Promise<ExitCode> {
  const clock = systemClock;
  const logger = createLogger({ level: config.logLevel, pretty: config.isPretty, name: 'controller' });
  const stop = untilSignalled();
  const reads = { region: config.region, policy: 'controller' } as const;
  const writes = { ...reads, beforeSend: () => leadership.assertMayWrite() };
  const ec2 = { client: createEc2Client(reads), writer: createEc2Client(writes) };
  const ecs = { client: createEcsClient(reads), writer: createEcsClient(writes) };
  const cluster = createEcsCluster({ cluster: config.cluster, ...ecs, clock });
  const fleet = createSpotFleet({ id: fleetId(config.fleet.id), ...ec2 });
  const instances = createInstances(ec2);
  const leadership = new Leadership({
    store: leaseStore(config.lease, { ...config, policy: 'controller' }),
    clock,
    logger,
    holder: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    newVersion: randomUUID,
    leaseDurationMs: config.lease.durationMs,
    renewDeadlineMs: config.lease.renewDeadlineMs,
    retryPeriodMs: config.lease.retryPeriodMs,
    onElected: () => {
      recorder?.begin();
      controller.elected();
    },
    onStep: () => controller.stepped(),
  });
  const reload = new Reload({
    started: config,
    read: readAgain,
    differences: (started, present, found) => differencesOf(started.values, present.values, found.values),
    onTaken: () => controller.reloaded(),
    clock,
    logger,
  });
  const sources = { clusterName: config.cluster, cluster, fleet, instances, clock };
  // Beside this file in the bundle.
  const poolCheckThread = new URL('./pool-check-thread.js', import.meta.url);
  const fullCheck = createWorkerCheck<PoolCheck, string[]>('checking the loss of every pool', poolCheckThread);
  const hands = { cluster, fleet, instances, leadership, clock, logger };
  const { recording } = config;
  const recorder = recording === null ? null : new Recorder({ lines: new RotatedLines(recording), logger });
  const onPass = recorder === null ? undefined : recorder.record.bind(recorder);
  const passes = new Passes(sources, hands, () => reload.config.policy, fullCheck, onPass);
  const controller: Controller = new Controller({
    sources,
    leadership,
    passes,
    settings: () => reload.config,
    reload,
    metrics: createMetricsSink({ client: createCloudWatchClient(reads), cluster: config.cluster, clock }),
    ensureLeaseTable: isLeaseTableWanted ? leaseTableMaker(config, logger) : null,
    status: config.status,
    poke: config.poke,
    sdNotify: createSdNotify({ socket: config.notifySocket, watchdogUsec: config.watchdogUsec, clock, logger }),
    rng: systemRng,
    logger,
  });
  hangUps?.act(() => reload.now());
  try {
    await controller.run(stop.signal);
    logger.info({ signal: stop.name() }, 'controller stopped');
    return EXIT.done;
  } catch (err) {
    // Whoever reads only the log must find its end there; the command says it on standard error for everybody else.
    logger.error({ err }, 'the controller cannot go on');
    throw err;
  } finally {
    await passes.close();
    await recorder?.close();
    stop.dispose();
    hangUps?.dispose();
  }
}

/** @throws Failure `bad-configuration` where leases need no table */
function leaseTableMaker({ lease, region }: ControllerConfig, logger: Logger): (signal: AbortSignal) => Promise<void> {
  if (lease.where.store !== 'dynamodb') {
    throw new Failure('bad-configuration', '--create-lease-table is for lease.store dynamodb, and it is file');
  }
  const { table } = lease.where;
  const client = createDynamoClient({ region });
  return (signal) => ensureLeaseTable({ client, table, clock: systemClock, logger }, signal);
}

/** The lease item or file of this cluster. */
export function leaseStore(
  lease: LeaseConfig,
  { cluster, region, policy }: Pick<ControllerConfig, 'cluster' | 'region'> & { readonly policy: PolicyName },
): LeaseStore {
  switch (lease.where.store) {
    case 'dynamodb':
      return createDynamoLeaseStore({
        client: createDynamoClient({ region, policy }),
        table: lease.where.table,
        name: cluster,
      });
    case 'file':
      return createFileLeaseStore(lease.where.file);
    default:
      return lease.where satisfies never;
  }
}
