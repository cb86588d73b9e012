// Scale-in: which one instance may leave, and why the others may not. The fleet never chooses. One at a time, emptiest
// first, and only when everything wanted and promised fits on what remains.
import type { Fleet } from '../model/fleet.ts';
import { type Service, serviceNameOf, type Task } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { daemonNames, isDaemonTask } from './daemons.ts';
import { displacedDemand } from './demand.ts';
import { joined, unplaced } from './fits.ts';
import type { Holding } from './ledger.ts';
import type { Policy } from './policy.ts';
import type { Unremovable } from './report.ts';
import type { Room } from './room.ts';
import type { Scenario } from './shortage.ts';
import { fleetUnits } from './target.ts';

export interface Selection {
  /** The instance that may leave, or null. */
  readonly victim: Holding | null;
  /** Everyone looked at before it, or everyone, with the reason. */
  readonly unremovable: readonly { readonly holding: Holding; readonly reason: Unremovable }[];
}

export interface SelectionInput {
  readonly snapshot: ClusterSnapshot;
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly policy: Policy;
  /** Rooms that take tasks now; what is still on its way is no reason to let somebody go. */
  readonly rooms: readonly Room[];
  readonly scenarios: readonly Scenario[];
}

export function selectVictim(input: SelectionInput): Selection {
  const unremovable: { holding: Holding; reason: Unremovable }[] = [];
  const tasks = tasksByArn(input.snapshot);
  for (const holding of emptiestFirst(input, tasks)) {
    const reason = refusal(input, holding, tasks.get(holding.containerInstance?.arn ?? '') ?? []);
    if (reason === null) return { victim: holding, unremovable };
    unremovable.push({ holding, reason });
  }
  return { victim: null, unremovable };
}

function refusal(input: SelectionInput, holding: Holding, tasks: readonly Task[]): Unremovable | null {
  if (holding.standing !== 'serving') return 'not-serving';
  const { staying } = fleetUnits(input.fleet, input.holdings);
  if (staying - holding.weightUnits < input.policy.fleet.minUnits) return 'would-break-minimum';
  return taskRefusal(input.snapshot, tasks) ?? (fitsWithout(input, holding) ? null : 'room-needed');
}

function taskRefusal(snapshot: ClusterSnapshot, tasks: readonly Task[]): Unremovable | null {
  const services = new Map(snapshot.services.map((service) => [service.name, service]));
  const daemons = daemonNames(snapshot.services);
  for (const task of tasks) {
    if (isDaemonTask(task, daemons)) continue;
    const name = serviceNameOf(task);
    const service = name === null ? undefined : services.get(name);
    // Draining never moves a standalone task, and nothing would start it again.
    if (service === undefined) return 'standalone-task';
    if (service.isDeploying) return 'deployment-in-progress';
    if (!canDrain(service)) return 'service-cannot-drain';
  }
  return null;
}

/**
 * Draining moves a task either by starting its replacement first (room above desired) or by stopping it first (room
 * below): with neither it never ends. Bounds as ECS rounds them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
 */
function canDrain({ desiredCount, minimumHealthyPercent, maximumPercent }: Service): boolean {
  const lowest = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
  const highest = Math.floor((desiredCount * maximumPercent) / 100);
  return highest > desiredCount || lowest < desiredCount;
}

function fitsWithout(
  { rooms, scenarios, snapshot }: SelectionInput,
  { instanceId, containerInstance }: Holding,
): boolean {
  if (containerInstance === null) return false;
  const remaining = rooms.filter(({ owner }) => owner !== instanceId);
  const displaced = displacedDemand(snapshot, containerInstance.arn);
  return scenarios.every(({ demand }) => unplaced(remaining, joined(demand, displaced)).length === 0);
}

/** Fewest tasks to move first, then most units saved; ids decide what is left, so that a plan can be predicted. */
function emptiestFirst(input: SelectionInput, tasks: ReadonlyMap<string, readonly Task[]>): Holding[] {
  const daemons = daemonNames(input.snapshot.services);
  const toMove = new Map(
    input.holdings.map(({ instanceId, containerInstance }) => [
      instanceId,
      (tasks.get(containerInstance?.arn ?? '') ?? []).filter((task) => !isDaemonTask(task, daemons)).length,
    ]),
  );
  const moves = ({ instanceId }: Holding) => toMove.get(instanceId) ?? 0;
  return input.holdings
    .filter(({ weightUnits }) => weightUnits > 0)
    .sort((a, b) => moves(a) - moves(b) || b.weightUnits - a.weightUnits || (a.instanceId < b.instanceId ? -1 : 1));
}

function tasksByArn(snapshot: ClusterSnapshot): Map<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const task of snapshot.tasks) {
    const group = groups.get(task.containerInstanceArn ?? '');
    if (group === undefined) groups.set(task.containerInstanceArn ?? '', [task]);
    else group.push(task);
  }
  return groups;
}
