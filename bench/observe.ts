// What observing costs: calls by operation and by AWS's bucket, of the passes until everything has been read once and of
// steady passes with some churn, with the looks for notices between them, and the time of a pass. Through the real SDK over HTTP; the sandbox that answers runs in
// the same process, so a pass takes less than the time given here, and on AWS the network's time comes on top.
import { createEc2Client, createInstances } from '../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../src/aws/ecs-cluster.ts';
import { createSpotFleet } from '../src/aws/spot-fleet.ts';
import { renderTable } from '../src/cli/render-table.ts';
import { Observer } from '../src/controller/observe.ts';
import { ATTRIBUTE } from '../src/model/attributes.ts';
import { containerInstanceArn, fleetId } from '../src/model/ids.ts';
import type { ClusterSnapshot } from '../src/model/snapshot.ts';
import { bucketOf } from '../src/sandbox/throttle-buckets.ts';
import { type ObservedWorld, type ObserveSize, startObservedWorld } from './observed-world.ts';

const PASS_MS = 15_000;
/** Between two passes the leader looks for notices. */
const LOOK_MS = 5_000;
const SETTLED_MS = 600_000;
const STEADY_PASSES = 20;
const MOST_FIRST_PASSES = 60;
/** Instances the planner asks about. */
const LOOKED_AT = 10;
/** Of the tasks, in an hour. */
const TASK_CHURN = 0.1;
/** Refill of every bucket of ECS reads, calls a second. */
const REFILL_PER_SECOND = 20;

export interface OperationCost {
  readonly operation: string;
  readonly bucket: string;
  readonly firstPass: number;
  readonly untilWhole: number;
  readonly steadyMedian: number;
  readonly steadyMax: number;
}

export interface BucketCost {
  readonly bucket: string;
  readonly firstPass: number;
  readonly untilWhole: number;
  readonly steadyMedian: number;
  readonly steadyMax: number;
  /** Mean of the steady passes, of what AWS refills meanwhile, 0 to 1. */
  readonly shareOfSustained: number;
  readonly throttled: number;
}

export interface ObserveCost {
  readonly size: ObserveSize;
  /** Passes until nothing was left to be read for the first time. */
  readonly passesUntilWhole: number;
  readonly operations: readonly OperationCost[];
  readonly buckets: readonly BucketCost[];
  readonly wallMs: { readonly first: number; readonly median: number; readonly max: number };
  /** In the steady passes, the longest since a container instance was described. */
  readonly oldestSightMs: number;
  /** Notices, one before each steady pass, that this pass did not see. */
  readonly noticesSeenLate: number;
  /** Container instances whose tasks were known at the last pass. */
  readonly tasksKnownOf: number;
}

interface Pass {
  readonly calls: ReadonlyMap<string, number>;
  readonly wallMs: number;
  readonly snapshot: ClusterSnapshot;
}

/** From a small cluster to the largest ECS allows, with as many tasks as the bench of the plan has. */
export const OBSERVE_SIZES: readonly ObserveSize[] = [
  { instances: 20, tasks: 400, services: 20 },
  { instances: 200, tasks: 4_000, services: 60 },
  { instances: 1_000, tasks: 30_000, services: 200 },
  { instances: 5_000, tasks: 100_000, services: 300 },
];

/** @throws Error when the cluster is not read whole in time, or a steady pass has a gap: nothing is measured then */
export async function measureObserve(size: ObserveSize, seed = 1): Promise<ObserveCost> {
  const world = await startObservedWorld(size, seed);
  try {
    const pass = passesOf(world);
    // Nobody has joined lately.
    world.leap(SETTLED_MS);
    const first = await untilWhole(pass);
    const steady: Pass[] = [];
    const oldestMs: number[] = [];
    let noticesSeenLate = 0;
    for (let count = 0; count < STEADY_PASSES; count += 1) {
      const noticed = world.churn(Math.round((size.tasks * TASK_CHURN * PASS_MS) / 3_600_000));
      const now = world.clock.now();
      const one = await pass();
      steady.push(one);
      const [gap] = one.snapshot.gaps;
      if (gap !== undefined) throw new Error(`the bench measures nothing: ${gap.part}: ${gap.why}`);
      const { containerInstances } = one.snapshot;
      oldestMs.push(Math.max(0, now - Math.min(...containerInstances.map(({ seenAt }) => seenAt))));
      const seen = containerInstances.find(({ arn }) => arn === noticed);
      if (seen?.attributes[ATTRIBUTE.notice] === undefined) noticesSeenLate += 1;
    }
    const walls = steady.map(({ wallMs }) => wallMs);
    return {
      size,
      passesUntilWhole: first.length,
      operations: operationCosts(first, steady),
      buckets: bucketCosts(world, first, steady),
      wallMs: { first: first[0]?.wallMs ?? 0, median: median(walls), max: Math.max(...walls) },
      oldestSightMs: Math.max(...oldestMs),
      noticesSeenLate,
      tasksKnownOf: steady.at(-1)?.snapshot.tasks.length ?? 0,
    };
  } finally {
    await world.close();
  }
}

/** Each a pass with the looks before it. */
function passesOf({ sandbox, fleetId: id, clock, cluster, leap }: ObservedWorld): () => Promise<Pass> {
  const settings = { region: 'us-east-1' };
  const ec2 = createEc2Client(settings);
  const observer = new Observer({
    clusterName: cluster.name,
    cluster: createEcsCluster({ cluster: cluster.name, client: createEcsClient(settings), clock }),
    fleet: createSpotFleet({ id: fleetId(id), client: ec2 }),
    instances: createInstances({ client: ec2 }),
    clock,
  });
  let passes = 0;
  return async () => {
    const calls = new Map<string, number>();
    const unsubscribe = sandbox.log.subscribe(({ service, action }) => {
      const bucket = bucketOf(service, action) ?? service;
      const name = `${bucket} ${action}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
    });
    // Others at every pass: a planner that asks about the same again finds it known.
    const records = [...cluster.containerInstances.values()];
    const lookAt = Array.from({ length: LOOKED_AT }, (_, index) =>
      containerInstanceArn(records[(passes * LOOKED_AT + index) % records.length]?.arn ?? ''),
    );
    passes += 1;
    for (let waitedMs = 0; waitedMs < PASS_MS; waitedMs += LOOK_MS) {
      leap(LOOK_MS);
      await observer.notices.look();
    }
    const startedAt = performance.now();
    const snapshot = await observer.observe({ lookAt });
    const wallMs = performance.now() - startedAt;
    unsubscribe();
    return { calls, wallMs, snapshot };
  };
}

async function untilWhole(pass: () => Promise<Pass>): Promise<Pass[]> {
  const passes: Pass[] = [];
  for (;;) {
    const one = await pass();
    passes.push(one);
    if (one.snapshot.gaps.length === 0) return passes;
    if (passes.length === MOST_FIRST_PASSES) {
      throw new Error(`still not whole: ${one.snapshot.gaps.map(({ part, why }) => `${part}: ${why}`).join('; ')}`);
    }
  }
}

function operationCosts(first: readonly Pass[], steady: readonly Pass[]): OperationCost[] {
  const names = new Set([...first, ...steady].flatMap(({ calls }) => [...calls.keys()]));
  return [...names].sort().map((name) => {
    const [bucket = '', operation = ''] = name.split(' ');
    return { operation, bucket, ...costOf(first, steady, ({ calls }) => calls.get(name) ?? 0) };
  });
}

function bucketCosts({ sandbox }: ObservedWorld, first: readonly Pass[], steady: readonly Pass[]): BucketCost[] {
  const buckets = new Set([...first, ...steady].flatMap(({ calls }) => [...calls.keys()].map(bucketIn)));
  const throttled = new Map([...sandbox.log.callsByBucket].map(([name, counts]) => [`${name}`, counts.throttled]));
  return [...buckets].sort().map((bucket) => {
    const inBucket = ({ calls }: Pass) =>
      [...calls].reduce((sum, [name, count]) => sum + (bucketIn(name) === bucket ? count : 0), 0);
    const mean = steady.reduce((sum, one) => sum + inBucket(one), 0) / steady.length;
    return {
      bucket,
      ...costOf(first, steady, inBucket),
      shareOfSustained: mean / (PASS_MS / 1000) / REFILL_PER_SECOND,
      throttled: throttled.get(bucket) ?? 0,
    };
  });
}

function costOf(first: readonly Pass[], steady: readonly Pass[], of: (pass: Pass) => number) {
  const each = steady.map(of);
  return {
    firstPass: first[0] === undefined ? 0 : of(first[0]),
    untilWhole: first.reduce((sum, pass) => sum + of(pass), 0),
    steadyMedian: median(each),
    steadyMax: Math.max(...each),
  };
}

const bucketIn = (name: string) => name.split(' ')[0] ?? '';

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function observeTable(rows: readonly ObserveCost[]): string {
  const right = (head: string) => ({ head, align: 'right' as const });
  const calls = renderTable(
    [
      { head: 'observing, calls' },
      { head: 'instances/tasks/services' },
      right('first pass'),
      right('until whole'),
      right('steady median'),
      right('steady max'),
      right('of sustained'),
      right('throttled'),
    ],
    rows.flatMap((row) => row.buckets.flatMap((bucket) => [bucketLine(row, bucket), ...operationLines(row, bucket)])),
  );
  const times = renderTable(
    [
      { head: 'observing, time' },
      right('passes until whole'),
      right('first ms'),
      right('median ms'),
      right('max ms'),
      right('oldest sight s'),
      right('notices late'),
      right('tasks known of'),
    ],
    rows.map((row) => [
      sizeWord(row),
      String(row.passesUntilWhole),
      row.wallMs.first.toFixed(0),
      row.wallMs.median.toFixed(0),
      row.wallMs.max.toFixed(0),
      (row.oldestSightMs / 1000).toFixed(0),
      String(row.noticesSeenLate),
      String(row.tasksKnownOf),
    ]),
  );
  return `${calls}\n\n${times}`;
}

function bucketLine(row: ObserveCost, { bucket, shareOfSustained, throttled, ...cost }: BucketCost): string[] {
  return [bucket, sizeWord(row), ...counts(cost), `${(shareOfSustained * 100).toFixed(1)} %`, String(throttled)];
}

function operationLines(row: ObserveCost, { bucket }: BucketCost): string[][] {
  return row.operations
    .filter((each) => each.bucket === bucket)
    .map(({ operation, ...cost }) => [`  ${operation}`, '', ...counts(cost), '', '']);
}

function counts(cost: Omit<OperationCost, 'operation' | 'bucket'>): string[] {
  return [cost.firstPass, cost.untilWhole, cost.steadyMedian, cost.steadyMax].map(String);
}

function sizeWord({ size }: ObserveCost): string {
  return `${size.instances}/${size.tasks}/${size.services}`;
}
