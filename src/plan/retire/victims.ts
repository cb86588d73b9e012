// Which one instance may leave, and why the others may not. The fleet never chooses. Emptiest first, and only when
// everything wanted and promised fits on what remains.
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Service } from '../../model/service.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Assessment } from '../assess.ts';
import { isSeenLately } from '../freshness.ts';
import type { Holding } from '../ledger.ts';
import { onDemandUnits } from '../on-demand/on-demand-part.ts';
import type { PlanInput } from '../plan-input.ts';
import type { Policy } from '../policy.ts';
import { groupOf } from '../shapes.ts';
import { isOfService, type Run, type Tally } from '../tally.ts';
import { type Allowance, allowanceOf } from './budget.ts';
import type { Unremovable } from './reasons.ts';
import { hasTasksElsewhere } from './records.ts';
import { holdsWithout } from './without.ts';
import { isWorthIt, tasksOn } from './worth.ts';

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

/** ECS is asked about a hundred tasks in a call; of a few that may be chosen next it must be known. */
const MOST_PROTECTABLE = 20;

export function selectVictim(seen: Assessment, input: PlanInput): Selection {
  const unremovable: Refused[] = [];
  const holds = holdsWithout(seen);
  const services = servicesByGroup(seen.snapshot.services);
  const asked = { seen, input, services, allowance: allowanceOf(seen, input.memory, input.now) };
  let tried = 0;
  for (const holding of emptiestFirst(seen.holdings)) {
    const early = refusal(asked, holding);
    if (early === null && tried === MOST_TRIED) break;
    if (early === null) tried += 1;
    const reason = early ?? (holds(holding) ? null : 'room-needed');
    if (reason === null) return { victim: holding, unremovable };
    unremovable.push({ holding, reason });
  }
  return { victim: null, unremovable };
}

/**
 * Instances whose tasks must be known before they can be chosen: those that are to be replaced, and the emptiest ones, by
 * ECS's own counts.
 */
export function unknownCandidates(holdings: readonly Holding[], wished: readonly Holding[]): ContainerInstanceArn[] {
  const isUnknown = ({ tally }: Holding) => tally === null;
  const emptiest = emptiestFirst(holdings.filter((holding) => isUnknown(holding) && holding.standing === 'serving'));
  return firstOf([...wished.filter(isUnknown), ...emptiest], MOST_TRIED);
}

/** Instances of whose tasks it must be known which are protected before they can be chosen. */
export function protectableCandidates(
  holdings: readonly Holding[],
  wished: readonly Holding[],
): ContainerInstanceArn[] {
  const hasTasks = ({ ordinaryCount }: Holding) => ordinaryCount !== 0;
  const emptiest = emptiestFirst(holdings.filter((holding) => hasTasks(holding) && holding.standing === 'serving'));
  return firstOf([...wished.filter(hasTasks), ...emptiest], MOST_PROTECTABLE);
}

function firstOf(holdings: readonly Holding[], most: number): ContainerInstanceArn[] {
  return [...new Set(holdings)].slice(0, most).flatMap(({ containerInstance }) => containerInstance?.arn ?? []);
}

/** Why the tasks on an instance keep it from leaving; null when they do not. */
export function taskRefusal(
  services: ReadonlyMap<string, Service>,
  tally: Tally | null,
  { retirement: { standaloneTasks } }: Pick<Policy, 'retirement'>,
): Unremovable | null {
  if (tally === null) return 'tasks-unknown';
  for (const { group } of tally.runs) {
    const service = isOfService(group) ? services.get(group) : undefined;
    if (service?.schedulingStrategy === 'DAEMON') continue;
    // Draining never moves a standalone task, and nothing would start it again; it may be waited for.
    if (service === undefined && standaloneTasks === 'wait' && !isOfService(group)) continue;
    if (service === undefined) return 'standalone-task';
    if (service.isDeploying) return 'deployment-in-progress';
    if (!canDrain(service)) return 'service-cannot-drain';
  }
  return null;
}

export function servicesByGroup(services: readonly Service[]): ReadonlyMap<string, Service> {
  return new Map(services.map((service) => [groupOf(service), service]));
}

interface Asked {
  readonly seen: Assessment;
  readonly input: PlanInput;
  readonly services: ReadonlyMap<string, Service>;
  readonly allowance: Allowance;
}

/** For how long an instance whose drain was given up is left in peace. */
const GIVEN_UP_FOR_MS = 3_600_000;

function refusal({ seen, input, services, allowance }: Asked, holding: Holding): Unremovable | null {
  const { policy } = input;
  if (holding.standing !== 'serving') return 'not-serving';
  if (cameInVain(seen, holding)) return 'came-in-vain';
  if (isYoung(holding, input)) return 'too-young';
  if (isGivenUp(holding, input)) return 'given-up';
  if (seen.units.staying - holding.weightUnits < policy.fleet.minUnits) return 'would-break-minimum';
  if (isOfBase(seen, holding)) return 'would-break-minimum';
  if (!allowance.isFor(holding.zone)) return 'over-budget';
  return movingRefusal(seen, input, services, holding) ?? (isWorthIt(holding, seen.holdings) ? null : 'too-disruptive');
}

/** Whether the fleet would have to launch it again, because its file asks for so much On-Demand. */
export function isOfBase({ fleet, holdings, policy }: Assessment, { isSpot, weightUnits }: Holding): boolean {
  const { baseUnits } = policy.onDemand;
  return !isSpot && baseUnits > 0 && onDemandUnits(fleet, holdings).staying - weightUnits < baseUnits;
}

/** Why what runs on an instance cannot be sent elsewhere, or is not known well enough for it; null when it can. */
export function movingRefusal(
  { shapes, snapshot }: Assessment,
  { policy, now }: PlanInput,
  services: ReadonlyMap<string, Service>,
  holding: Holding,
): Unremovable | null {
  // What it looked like a while ago says nothing of the tasks that came since.
  if (!isSeenLately(holding.containerInstance, now)) return 'tasks-unknown';
  const isReadable = ({ group }: Run) => !isOfService(group) || shapes.byGroup.has(group);
  // What a task needs elsewhere must be known before it is sent there.
  if (holding.tally?.runs.every(isReadable) === false) return 'tasks-unknown';
  if (hasTasksElsewhere(holding, snapshot)) return 'tasks-unknown';
  return taskRefusal(services, holding.tally, policy) ?? protectionRefusal(snapshot, holding);
}

/** ECS's own DRAINING is not documented to spare a protected task. */
function protectionRefusal(
  { protection }: ClusterSnapshot,
  { ordinaryCount, containerInstance }: Holding,
): Unremovable | null {
  if (ordinaryCount === 0) return null;
  const known = containerInstance === null ? undefined : byInstance(protection).get(containerInstance.arn);
  if (known === undefined) return 'protection-unknown';
  return known.protectedTasks.length === 0 ? null : 'protected-task';
}

type Protection = ClusterSnapshot['protection'];

const protections = new WeakMap<Protection, ReadonlyMap<ContainerInstanceArn, Protection[number]>>();

/** Put in order once a snapshot: every candidate asks. */
function byInstance(protection: Protection): ReadonlyMap<ContainerInstanceArn, Protection[number]> {
  const known = protections.get(protection);
  if (known !== undefined) return known;
  const made = new Map(protection.map((each) => [each.containerInstanceArn, each]));
  protections.set(protection, made);
  return made;
}

/** Whether its drain was given up lately. */
export function isGivenUp({ instanceId }: Holding, { memory, now }: PlanInput): boolean {
  return now - (memory.givenUp[instanceId] ?? Number.NEGATIVE_INFINITY) < GIVEN_UP_FOR_MS;
}

/** EC2 may not have told us yet when it was launched: then it is as young as can be. */
export function isYoung({ launchedAt }: Holding, { policy, memory, now }: PlanInput): boolean {
  const latest = Math.min(now, memory.cloudTime?.at ?? now);
  return latest - (launchedAt ?? latest) < policy.retirement.minimumAgeMs;
}

/** Whether it was launched lately for what is short, and is of no use for it: sent home, it would be asked for again. */
function cameInVain({ outcomes }: Assessment, holding: Holding): boolean {
  return outcomes.some(({ inVain }) => inVain.includes(holding));
}

/**
 * Draining moves a task either by starting its replacement first (room above desired) or by stopping it first (room
 * below): with neither it never ends. Bounds as ECS rounds them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
 */
export function canDrain({ desiredCount, minimumHealthyPercent, maximumPercent }: Service): boolean {
  const lowest = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
  const highest = Math.floor((desiredCount * maximumPercent) / 100);
  return highest > desiredCount || lowest < desiredCount;
}

/** Fewest tasks to move first, then On-Demand, which costs more, then most units saved; ids decide what is left, so that a plan can be predicted. */
export function emptiestFirst(holdings: readonly Holding[]): Holding[] {
  return holdings
    .filter(({ weightUnits }) => weightUnits > 0)
    .map((holding) => ({ holding, tasks: tasksOn(holding) }))
    .sort(
      (a, b) =>
        a.tasks - b.tasks ||
        Number(a.holding.isSpot) - Number(b.holding.isSpot) ||
        b.holding.weightUnits - a.holding.weightUnits ||
        (a.holding.instanceId < b.holding.instanceId ? -1 : 1),
    )
    .map(({ holding }) => holding);
}
