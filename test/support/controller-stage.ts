// The real built controller against a small cloud, with the policy of deploy/iam/ and no other permission.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Role } from '../../src/sandbox/iam/principal.ts';
import { rolesIn } from '../../src/sandbox/iam/roles.ts';
import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { Fleet } from '../../src/world/ec2/fleet.ts';
import type { FleetRequest } from '../../src/world/ec2/fleet-spec.ts';
import type { WorldSettings } from '../../src/world/settings.ts';
import { withoutLine } from './policies.ts';
import { DIST } from './run-command.ts';
import { type RunningScript, watchChild } from './script.ts';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

const COMMAND = resolve(DIST, 'spotkeeper.js');

export interface ControllerStage extends SmallCloud {
  readonly fleet: Fleet;
  /** The path of a configuration; `changes` goes over the defaults. */
  configure(changes?: Record<string, unknown>, fleetChanges?: Record<string, unknown>): Promise<string>;
  /** Starts a controller; the request log knows it by `name`. @param lacking an action that its policy does not allow */
  start(
    name: string,
    config: string,
    environment?: Readonly<Record<string, string>>,
    lacking?: string | null,
    options?: readonly string[],
  ): Promise<RunningScript>;
  /** Carried-out requests of one action, in order. */
  requests(action: string): readonly RequestRecord[];
}

export async function setControllerStage(
  fleet: Partial<FleetRequest> = {},
  settings: Partial<WorldSettings> = {},
): Promise<ControllerStage> {
  const cloud = await startSmallCloud({ fleet, settings });
  await cloud.sandbox.createLeaseTable('leases');
  const folder = await mkdtemp(join(tmpdir(), 'spotkeeper-test-'));
  /** By the path of a configuration: the policy is for what that names, as whoever wrote it would have it. */
  const roles = new Map<string, Role>();
  const controllers: RunningScript[] = [];
  let written = 0;
  const record = cloud.sandbox.world.ec2.fleets.get(cloud.fleetId);
  if (record === undefined) throw new Error('the small cloud has no fleet');
  return {
    ...cloud,
    fleet: record,
    async configure(changes = {}, fleetChanges = {}) {
      written += 1;
      const fleetFile = {
        name: 'general',
        api: 'spot-fleet',
        id: cloud.fleetId,
        targetCapacity: { min: 2, max: 20 },
        ...fleetChanges,
      };
      await writeFile(join(folder, `fleet-${written}.yaml`), stringify(fleetFile));
      const config = join(folder, `controller-${written}.yaml`);
      const settings = { ...DEFAULTS, fleets: [`fleet-${written}.yaml`], ...changes };
      await writeFile(config, stringify(settings));
      const { cluster, lease } = settings;
      const places = { cluster, fleetId: fleetFile.id, leaseTable: lease.table };
      roles.set(config, rolesIn(cloud.sandbox.world.settings, places)('controller'));
      return config;
    },
    async start(name, config, environment = {}, lacking = null, options = []) {
      const role = roles.get(config);
      const held = role === undefined || lacking === null ? role : withoutLine(role, lacking);
      const child = spawn(process.execPath, [COMMAND, 'controller', '--config', config, ...options], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          ...cloud.sandbox.environmentFor(name, held),
          ...environment,
        },
      });
      const controller = watchChild(child);
      controllers.push(controller);
      return controller;
    },
    requests: (action) => cloud.sandbox.log.records.filter((entry) => entry.action === action && entry.status === 200),
    async close() {
      for (const { child } of controllers) child.kill('SIGKILL');
      await Promise.all(controllers.map(({ over }) => over));
      await cloud.close();
      await rm(folder, { recursive: true });
    },
  };
}

const DEFAULTS = {
  cluster: 'small',
  schedule: '*/1 * * * * *',
  lease: { store: 'dynamodb', table: 'leases', durationSeconds: 3, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 },
  headroom: { largestTasks: 1 },
  scaleIn: { idleSeconds: 1 },
  // Everything that takes minutes takes a blink, so nobody here would ever be old enough.
  retirement: { minimumAgeSeconds: 0 },
  status: { host: '127.0.0.1', port: 0 },
  metrics: { periodSeconds: 1 },
};
