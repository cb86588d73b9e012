// The sandbox: a pretend AWS on the loopback interface that speaks AWS's own wire protocols. It builds the world, opens
// the doors, and runs the world in real time. It starts no process and plays no story; those stand on top of it.
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { seededRng } from '../world/seeded-rng.ts';
import type { WorldSettings } from '../world/settings.ts';
import { World } from '../world/world.ts';
import { cloudWatchActions } from './cloudwatch/actions.ts';
import { MetricStore } from './cloudwatch/metric-store.ts';
import { frontDoor } from './doors/front-door.ts';
import { RealTimeDriver } from './driver.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb/dynamodb.ts';
import { createLeaseTable } from './dynamodb/lease-table.ts';
import { ec2Actions } from './ec2/actions.ts';
import { ecsActions } from './ecs/actions.ts';
import { elbv2Actions } from './elbv2/actions.ts';
import { Faults } from './faults.ts';
import type { Role } from './iam/principal.ts';
import { imdsEndpoint } from './imds.ts';
import { TokenBook } from './imds-tokens.ts';
import { InstanceEndpoints } from './instance-endpoints.ts';
import { introspectionEndpoint } from './introspection.ts';
import { type AccessKey, Keyring } from './keyring.ts';
import { listenOnLoopback } from './listen.ts';
import { RequestLog } from './request-log.ts';
import { stsActions } from './sts/actions.ts';
import { ThrottleBuckets } from './throttle-buckets.ts';

export interface SandboxOptions {
  readonly settings: WorldSettings;
  /** The same seed gives the same world. */
  readonly seed?: number;
  /** World time at the start, epoch milliseconds; the clock's present when absent. */
  readonly startAt?: number;
  readonly clock?: Clock;
  /** Whether ECS throttles by its token buckets; off unless said. */
  readonly enforcesThrottling?: boolean;
}

export interface Sandbox {
  readonly world: World;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly buckets: ThrottleBuckets;
  readonly driver: RealTimeDriver;
  readonly metrics: MetricStore;
  readonly instances: InstanceEndpoints;
  readonly endpoints: {
    /** Every AWS service, on one port. */
    readonly aws: string;
  };
  /**
   * The AWS_* variables with which a process is this caller; the log knows it by the name. It may do everything until it
   * is given a role, and from then on what that role's policy allows.
   */
  environmentFor(name: string, role?: Role): Readonly<Record<string, string>>;
  /** Lets every session token of an instance's metadata expire now; without an id, those of all instances. */
  forgetTokens(instanceId?: string): void;
  /** Makes a DynamoDB table a controller's lease can live in. */
  createLeaseTable(name: string): Promise<void>;
  /** Closes every port. */
  close(): Promise<void>;
}

/** The seed of worlds for which none is given. */
const DEFAULT_SEED = 1;

/** Rejects when a port cannot be opened. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? DEFAULT_SEED;
  const startAt = options.startAt ?? clock.now();
  const world = new World({ startAt, rng: seededRng(seed), settings: options.settings });
  const driver = new RealTimeDriver(world.agenda, clock);
  const log = new RequestLog();
  // Randomness of its own: injecting a fault must not change what the same seed makes of the world.
  const faults = new Faults(seededRng(seed + 1));
  const buckets = new ThrottleBuckets(options.enforcesThrottling ?? false);
  const tokens = new TokenBook(() => world.agenda.now);
  const instances = new InstanceEndpoints(
    { driver, clock, log, faults },
    {
      metadata: (id) => imdsEndpoint(world, id, tokens.of(id)),
      introspection: (id) => introspectionEndpoint(world, id),
    },
  );
  world.ec2.listen(instances);
  const keyring = new Keyring();
  const metrics = new MetricStore();
  const dynamodb = await startDynamoDb();
  const { region } = options.settings;
  const door = await listenOnLoopback(
    frontDoor({
      world,
      driver,
      clock,
      log,
      faults,
      buckets,
      keyring,
      region,
      actions: {
        ecs: ecsActions,
        ec2: ec2Actions,
        elbv2: elbv2Actions,
        cloudwatch: cloudWatchActions(metrics),
        sts: stsActions(keyring),
      },
      dynamodb: dynamodb.forward,
    }),
  );
  driver.start();
  return {
    world,
    log,
    faults,
    buckets,
    driver,
    metrics,
    instances,
    endpoints: { aws: door.url },
    environmentFor: (name, role) => environment(keyring.issue(name, role), region, door.url),
    forgetTokens: (instanceId) => tokens.forget(instanceId ?? null),
    createLeaseTable: (name) => createLeaseTable(dynamodb, clock, name),
    close: () => closeAll(driver, door, instances, dynamodb),
  };
}

function environment(key: AccessKey, region: string, url: string): Record<string, string> {
  return {
    AWS_REGION: region,
    // The AWS CLI reads this one, the JavaScript SDK only the other.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_ENDPOINT_URL: url,
  };
}

async function closeAll(
  driver: RealTimeDriver,
  door: { close(): Promise<void> },
  instances: InstanceEndpoints,
  dynamodb: DynamoDb,
): Promise<void> {
  driver.stop();
  await door.close();
  await Promise.all([instances.close(), dynamodb.close()]);
}
