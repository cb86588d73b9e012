// Which one instance may leave, and why the others may not. The fleet never chooses. Emptiest first, and only when
// everything wanted and promised fits on what remains.
import { type Service, serviceNameOf, type Task } from '../model/service.ts';
import type { Assessment } from './assess.ts';
import { shapesByDefinition } from './daemons.ts';
import { displacedDemand } from './demand.ts';
import { joined, type Packing, pack, unplaced } from './fits.ts';
import type { Holding } from './ledger.ts';
import { placements } from './placement-orders.ts';
import type { Policy } from './policy.ts';
import type { Unremovable } from './report.ts';
import type { Room } from './room.ts';
import type { Scenario } from './shortage.ts';

export interface Refused {
  readonly holding: Holding;
  readonly reason: Unremovable;
}

export interface Selection {
  /** The instance that may leave, or null. */
  readonly victim: Holding | null;
  /** Everyone looked at before it, or everyone looked at, with the reason. */
  readonly unremovable: readonly Refused[];
}

/**
 * How many instances are tried in a pass. They are tried emptiest first, so where these cannot leave the next ones,
 * with more on them, hardly can; and a plan of a large cluster must not take longer than its lease.
 */
const MOST_TRIED = 50;

export function selectVictim(seen: Assessment, policy: Policy): Selection {
  const unremovable: Refused[] = [];
  const fitsWithout = fitter(seen);
  let tried = 0;
  for (const holding of emptiestFirst(seen.holdings)) {
    const early = refusal(seen, policy, holding);
    if (early === null && tried === MOST_TRIED) break;
    if (early === null) tried += 1;
    const reason = early ?? (fitsWithout(holding) ? null : 'room-needed');
    if (reason === null) return { victim: holding, unremovable };
    unremovable.push({ holding, reason });
  }
  return { victim: null, unremovable };
}

/** Why the tasks on an instance keep it from leaving; null when they do not. */
export function taskRefusal(services: readonly Service[], tasks: readonly Task[]): Unremovable | null {
  for (const task of tasks) {
    const name = serviceNameOf(task);
    const service = services.find((candidate) => candidate.name === name);
    // Draining never moves a standalone task, and nothing would start it again.
    if (service === undefined) return 'standalone-task';
    if (service.isDeploying) return 'deployment-in-progress';
    if (!canDrain(service)) return 'service-cannot-drain';
  }
  return null;
}

function refusal({ units, snapshot }: Assessment, policy: Policy, holding: Holding): Unremovable | null {
  if (holding.standing !== 'serving') return 'not-serving';
  if (units.staying - holding.weightUnits < policy.fleet.minUnits) return 'would-break-minimum';
  return taskRefusal(snapshot.services, holding.tasks);
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

/**
 * Whether every scenario still fits without an instance. Each scenario is packed once, on instances that take tasks now
 * (what is still on its way is no reason to let somebody go); for a candidate only what was packed onto it, and what
 * stands on it, has to find another place. Whoever passes that has to pass wherever ECS may put its tasks, too.
 */
function fitter({ rooms, scenarios, snapshot }: Assessment): (holding: Holding) => boolean {
  const packings: Packing[] = scenarios.map(({ demand }) => pack(rooms.now, demand));
  const shapes = shapesByDefinition(snapshot);
  const indexOf = new Map(rooms.now.map(({ owner }, index) => [owner, index]));
  return (holding) => {
    const index = indexOf.get(holding.instanceId);
    if (index === undefined) return false;
    const displaced = displacedDemand(holding, shapes);
    const fits = packings.every((packing) => {
      const others = packing.left.filter((_, at) => at !== index);
      const moving = joined(packing.moved[index] ?? [], displaced);
      return packing.unplaced.length === 0 && unplaced(others, moving).length === 0;
    });
    const others = rooms.now.filter((_, at) => at !== index);
    return fits && placements(others, displaced).every((left) => left !== null && allFit(left, scenarios));
  };
}

function allFit(rooms: readonly Room[], scenarios: readonly Scenario[]): boolean {
  return scenarios.every(({ demand }) => unplaced(rooms, demand).length === 0);
}

/** Fewest tasks to move first, then most units saved; ids decide what is left, so that a plan can be predicted. */
function emptiestFirst(holdings: readonly Holding[]): Holding[] {
  return holdings
    .filter(({ weightUnits }) => weightUnits > 0)
    .sort(
      (a, b) =>
        a.tasks.length - b.tasks.length || b.weightUnits - a.weightUnits || (a.instanceId < b.instanceId ? -1 : 1),
    );
}
