// Gives every unit of the fleet exactly one standing, joined on the EC2 instance id. Everything else in `plan` reads
// this and never looks at two sources for one instance again.
import { ATTRIBUTE, type Notice, parseNotice, parseRetirement, type Retirement } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { FleetMember, FleetOption } from '../model/fleet.ts';
import type { InstanceId } from '../model/ids.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { ATTRIBUTES } from './capacity/ground.ts';
import { daemonGroups } from './daemons.ts';
import { leavingNotice } from './interruptions/notices.ts';
import type { Memory } from './memory.ts';
import type { PlanInput } from './plan-input.ts';
import { isReadinessAsked } from './readiness.ts';
import type { LedgerLine, Standing } from './report.ts';
import type { Room } from './room.ts';
import { alignedAt, areEven, joinedById, type Source, type Sources, sourcesIn } from './sources.ts';
import { standingOf } from './standing.ts';
import { NO_TASKS, type Tally, tallyOf } from './tally.ts';

/** One instance of the fleet (or one that serves the cluster without being in it). */
export interface Holding {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly zone: string | null;
  /** 0 for an instance that serves the cluster but belongs to no fleet of ours. */
  readonly weightUnits: number;
  /** Epoch milliseconds; null while EC2 has not told us. */
  readonly launchedAt: number | null;
  readonly standing: Standing;
  readonly containerInstance: ContainerInstance | null;
  /** What says that it leaves. */
  readonly notice: Notice | null;
  readonly retiring: Retirement | null;
  /** An orphan that we end: the fleet is about to count it no more. */
  readonly isCondemned: boolean;
  readonly isSpot: boolean;
  /** What stands on it and is not stopped yet; null when it was not looked at. */
  readonly tally: Tally | null;
  /** How many of these are not daemons'; null when not looked at. */
  readonly ordinaryCount: number | null;
  /** Its room and what that was worked out for, and its line in the report: once for a holding, not at every pass. */
  readonly worked: { context: number; room: Room | null; line: LedgerLine | null };
}

/** Every holding, ordered by instance id so that the input's order never matters. */
export function ledger(input: PlanInput): Holding[] {
  const context = contextOf(input.snapshot);
  const sources = sourcesIn(input.snapshot);
  const make = (source: Source): Line => ({ source, holding: holdingOf(input, source, context) });
  const lines = changedLines(sources, context, make) ?? allLines(sources, context, make);
  newest = { context, sources, lines };
  return lines.map(({ holding }) => holding);
}

/** A holding, and what it was made from. */
interface Line {
  readonly source: Source;
  readonly holding: Holding;
}

/**
 * The newest ledger. In a cluster of thousands a pass finds nearly all of it as it was, and then nothing has to be worked
 * out anew: neither the holding, nor anything that was found out about it since.
 */
let newest: { readonly context: Context; readonly sources: Sources; readonly lines: readonly Line[] } | null = null;

/**
 * The newest lines with those made anew that changed; null unless every list speaks of the same instances in the same
 * places as then. What did not change is known by being the same object, and is not even looked into.
 */
function changedLines(sources: Sources, context: Context, make: (source: Source) => Line): Line[] | null {
  if (newest === null || newest.context !== context || !areEven(sources)) return null;
  const { sources: before, lines } = newest;
  if (!areEven(before) || lines.length !== sources.records.length || before.records.length !== lines.length)
    return null;
  const next: Line[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const known = lines[at];
    if (known === undefined) return null;
    const isSame =
      before.records[at] === sources.records[at] &&
      before.instances[at] === sources.instances[at] &&
      before.tasks[at] === sources.tasks[at] &&
      isSameMember(before.members[at], sources.members[at]) &&
      isTimeless(known);
    const source = isSame ? known.source : alignedAt(sources, at);
    if (source === null || source.instanceId !== known.source.instanceId) return null;
    next.push(isSame ? known : make(source));
  }
  return next;
}

function isSameMember(a: FleetMember | undefined, b: FleetMember | undefined): boolean {
  return a === b || (a?.instanceId === b?.instanceId && a?.instanceType === b?.instanceType);
}

/** Of an instance that serves, no standing depends on the time: what it was made from says it all. */
function isTimeless({ holding }: Line): boolean {
  return holding.standing === 'serving';
}

/** Everyone, joined anew; lines whose sources did not change are kept. */
function allLines(sources: Sources, context: Context, make: (source: Source) => Line): Line[] {
  const before = recollection(context);
  return joinedById(sources).map((source) => {
    const known = before(source.instanceId);
    return known !== null && isTimeless(known) && isSame(known.source, source) ? known : make(source);
  });
}

function isSame(a: Source, b: Source): boolean {
  return (
    a.containerInstance === b.containerInstance &&
    a.instance === b.instance &&
    a.entry === b.entry &&
    a.memberType === b.memberType
  );
}

/** What the sources say of the whole cluster and every holding depends on. */
interface Context {
  readonly daemons: ReadonlySet<string>;
  /** By type. */
  readonly weights: ReadonlyMap<string, number>;
  /** Whether EC2 could be asked: otherwise an instance it does not name may well be there. */
  readonly canTell: boolean;
  /** Whether some service goes only where an agent has said that the instance is ready. */
  readonly isReadinessAsked: boolean;
}

/** The same object while nothing in it changes. */
function contextOf(snapshot: ClusterSnapshot): Context {
  const daemons = daemonGroups(snapshot);
  const weights = new Map(snapshot.fleet?.options.map(typeAndWeight));
  const canTell = snapshot.gaps.every(({ part }) => part !== 'instances');
  const isAsked = isReadinessAsked(snapshot);
  const before = newest?.context;
  const isSame =
    before?.canTell === canTell &&
    before.isReadinessAsked === isAsked &&
    before.daemons === daemons &&
    before.weights.size === weights.size &&
    [...weights].every(([type, units]) => before.weights.get(type) === units);
  return isSame ? before : { daemons, weights, canTell, isReadinessAsked: isAsked };
}

/** Finds the earlier line of an instance. Must be asked in the order of the ids: both lists are walked once. */
function recollection(context: Context): (id: InstanceId) => Line | null {
  const lines = newest?.context === context ? newest.lines : [];
  let at = 0;
  return (id) => {
    for (let line = lines[at]; line !== undefined && line.source.instanceId < id; line = lines[at]) at += 1;
    const line = lines[at];
    return line?.source.instanceId === id ? line : null;
  };
}

function typeAndWeight({ instanceType, weightUnits }: FleetOption): [string, number] {
  return [instanceType, weightUnits];
}

function holdingOf(input: PlanInput, source: Source, context: Context): Holding {
  const { instanceId, instance, containerInstance, memberType, entry } = source;
  const { daemons, weights } = context;
  const attributes = containerInstance?.attributes;
  const instanceType = memberType || instance?.instanceType || attributes?.[ATTRIBUTES.type] || '';
  // AWS's own default for a type the request does not name is 1.
  const weightUnits = memberType === null ? 0 : (weights.get(instanceType) ?? 1);
  const tally = containerInstance === null ? NO_TASKS : entry === undefined ? null : tallyOf(entry);
  const said = parseNotice(attributes?.[ATTRIBUTE.notice]);
  const notice = leavingNotice(said, input.now);
  return {
    instanceId,
    instanceType,
    zone: instance?.zone ?? attributes?.[ATTRIBUTES.zone] ?? null,
    weightUnits,
    launchedAt: instance?.launchedAt ?? null,
    // An instance nobody has described yet may be lost like any other.
    isSpot: instance?.isSpot ?? true,
    containerInstance,
    notice,
    retiring: parseRetirement(attributes?.[ATTRIBUTE.retiring]),
    isCondemned: false,
    tally,
    ordinaryCount: tally === null ? null : ordinaryIn(tally, daemons),
    standing: standingOf(input, source, { ...context, said, notice, tally }),
    worked: { context: -1, room: null, line: null },
  };
}

function ordinaryIn({ runs, count }: Tally, daemons: ReadonlySet<string>): number {
  if (daemons.size === 0) return count;
  return runs.reduce((sum, run) => sum + (daemons.has(run.group) ? 0 : run.count), 0);
}

/** What to remember of disconnected instances: since when, as long as they are. */
export function disconnectedSince(
  holdings: readonly Holding[],
  memory: Memory,
  now: number,
): Memory['disconnectedSince'] {
  const since: Record<InstanceId, number> = {};
  for (const { standing, instanceId, containerInstance } of holdings) {
    const isLost = standing === 'orphan' && containerInstance?.status === 'ACTIVE';
    if (standing === 'disconnected' || isLost)
      since[instanceId] = Math.min(memory.disconnectedSince[instanceId] ?? now, now);
  }
  return since;
}
