// One look at the cluster through the same adapters, observation and planner as the controller's, without its hands:
// nothing here can change anything.
import { createEc2Client, createInstances } from '../aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../aws/ecs-cluster.ts';
import { createSpotFleet } from '../aws/spot-fleet.ts';
import type { ControllerConfig } from '../config/controller.ts';
import type { Sources } from '../controller/observe.ts';
import { observeOnce } from '../controller/observe-once.ts';
import { assertUsable } from '../controller/verify.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { check } from '../plan/check.ts';
import { checkRestraint } from '../plan/check-restraint.ts';
import { type Planned, plan } from '../plan/decide.ts';
import { NO_MEMORY } from '../plan/memory.ts';
import type { OnDemandPolicy } from '../plan/policy.ts';
import { Failure } from '../ports/failure.ts';
import { systemClock } from '../runtime/system-clock.ts';

export interface Looked extends Planned {
  readonly snapshot: ClusterSnapshot;
  /** Why a controller would refuse to start with this fleet, and what mends that; null when nothing stands against it. */
  readonly unfit: string | null;
}

/**
 * What a pass would see and decide now. What cannot be seen for a while is a gap of the report.
 * @throws Failure of the operator's class: credentials, permissions, a cluster or fleet that does not exist
 */
export async function look(config: ControllerConfig): Promise<Looked> {
  const sources = sourcesOf(config);
  const unfit = await unfitness(sources, config.policy.onDemand);
  // What is missing for the first time may be back in a moment; a person who looks wants to know it all the same.
  const policy = { ...config.policy, isReportedByInstance: true, pendingDebounceMs: 0 };
  // How long a surplus has lasted only the leader remembers, so to a look it is always new.
  // Nor does it know who was chosen before, and must not take every budget within a time for used up because of that.
  const memory = { ...NO_MEMORY, retirementsSince: 0 };
  const decide = (snapshot: ClusterSnapshot, now: number) => plan({ snapshot, policy, memory, now });
  const snapshot = await observeOnce(sources, (first) => decide(first, sources.clock.now()).memory);
  const now = sources.clock.now();
  const planned = decide(snapshot, now);
  check({ plan: planned.plan, snapshot, policy, now });
  checkRestraint({ ...planned, snapshot, policy, now });
  return { ...planned, snapshot, unfit };
}

function sourcesOf({ cluster, fleet, region }: ControllerConfig): Sources {
  const settings = { region, policy: 'operator' } as const;
  const ec2 = createEc2Client(settings);
  return {
    clusterName: cluster,
    cluster: createEcsCluster({ cluster, client: createEcsClient(settings), clock: systemClock }),
    fleet: createSpotFleet({ id: fleet.id, client: ec2 }),
    instances: createInstances({ client: ec2 }),
    clock: systemClock,
  };
}

/**
 * By the controller's own conditions for starting. A fleet that fails them can be looked at all the same, and a running
 * controller may have it. What only time can mend is left to the look itself to report.
 */
async function unfitness({ cluster, fleet }: Sources, onDemand: OnDemandPolicy): Promise<string | null> {
  try {
    await cluster.verify();
    assertUsable(await fleet.describe(), onDemand);
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'fleet-not-usable') return error.message;
    if (error.kind !== 'world') throw error;
    return null;
  }
}
