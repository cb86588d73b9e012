// The temporary folder of one sandbox: the configuration its controllers read, and a home without anybody's profile.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLUSTER, FLEET_UNITS, LEASE_TABLE, PROMISED_TASKS } from './cast.ts';
import { CONTROLLER_PACE } from './pace.ts';

export interface Workspace {
  readonly folder: string;
  /** What every child gets besides its AWS_* variables: no file of the user is in reach. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a controller's configuration. Returns its path. */
  writeControllerConfig(name: string, config: { region: string; fleetId: string }): Promise<string>;
  remove(): Promise<void>;
}

export async function openWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'spotkeeper-sandbox-'));
  return {
    folder,
    environment: {
      HOME: folder,
      AWS_CONFIG_FILE: join(folder, 'no-aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-aws-credentials'),
    },
    async writeControllerConfig(name, config) {
      await writeYaml(join(folder, 'fleet.yaml'), fleetFile(config.fleetId));
      const path = join(folder, `${name}.yaml`);
      await writeYaml(path, controllerFile(config.region));
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function controllerFile(region: string): object {
  const pace = CONTROLLER_PACE;
  return {
    cluster: CLUSTER,
    region,
    schedule: pace.schedule,
    lease: {
      store: 'dynamodb',
      table: LEASE_TABLE,
      durationSeconds: pace.leaseDurationSeconds,
      renewDeadlineSeconds: pace.renewDeadlineSeconds,
      retryPeriodSeconds: pace.retryPeriodSeconds,
    },
    // The story is about the promise; a fleet that survives the loss of a pool would be larger than it needs.
    headroom: { largestTasks: PROMISED_TASKS, survive: 'none', forgetLargestSeconds: pace.forgetLargestSeconds },
    scaleIn: { idleSeconds: pace.scaleInIdleSeconds },
    retirement: { minimumAgeSeconds: pace.minimumAgeSeconds },
    pendingDebounceSeconds: pace.pendingDebounceSeconds,
    joinGraceSeconds: pace.joinGraceSeconds,
    fleets: ['fleet.yaml'],
    // Any free port: two controllers share one machine here.
    status: { host: '127.0.0.1', port: 0 },
    metrics: { periodSeconds: pace.metricsPeriodSeconds },
    log: { level: 'info' },
  };
}

function fleetFile(fleetId: string): object {
  return { name: 'story', api: 'spot-fleet', id: fleetId, targetCapacity: FLEET_UNITS };
}

/** JSON is YAML. */
function writeYaml(path: string, content: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
}
