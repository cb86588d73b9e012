// Whether somebody else moves the target of the fleet. AWS does not say who did, so a move is only one when it cannot be
// ours: the fleet is `active` at a target that nobody here has asked for since the last was seen, and that is no old
// answer of an API whose reads lag behind its writes.
//
// A new leader remembers no asks, and its predecessor may have written last. What it sees is therefore only looked at
// until the fleet has been `active` at the same for half a minute: from there it begins to watch.
import { type Fleet, isEnded } from '../../model/fleet.ts';

/** Epoch milliseconds throughout; units of capacity. */
export interface TargetWatch {
  /** What an `active` fleet was last seen at; null before that. */
  readonly stands: {
    readonly units: number;
    readonly since: number;
    /** By us; else it was found so, or somebody moved it there. */
    readonly isAsked: boolean;
    /** Whether another value could not be the work of an earlier leader. */
    readonly isSure: boolean;
  } | null;
  /** Ours that have not been seen yet, oldest first; also such as failed, which may have reached AWS nevertheless. */
  readonly asked: readonly { readonly units: number; readonly at: number }[];
  /** What stood before, or may have, as long as an old answer may still tell of it. */
  readonly past: readonly Past[];
  /** Lately, oldest first. */
  readonly moves: readonly TargetMove[];
}

interface Past {
  readonly units: number;
  readonly until: number;
  /** When an answer last told of it, old or not. */
  readonly seenAt: number;
}

/** Somebody else's doing. */
export interface TargetMove {
  /** When it was seen. */
  readonly at: number;
  /** What we had asked for, or what stood there. */
  readonly fromUnits: number;
  /** Since when. */
  readonly fromSince: number;
  /** Whether that was asked for by us. */
  readonly isFromOurs: boolean;
  readonly toUnits: number;
}

export const NO_WATCH: TargetWatch = { stands: null, asked: [], past: [], moves: [] };

// EC2's reads follow its writes within seconds; a busy leader looks every few seconds, a calm one every fifteen.
const SETTLED_AFTER_MS = 30_000;
// A tool that runs every hour is seen again before it is forgotten; one slip of a hand is not told for the whole day.
const REMEMBERED_MS = 3_600_000;
// An `active` fleet that so long after an ask is not at it has never got it.
const LOST_AFTER_MS = 600_000;
// Asks that never landed are few: a fleet that refuses one is modified, and the next waits until that is over.
const MOST_ASKED = 8;

/** What is known after a look. null for a fleet that could not be seen. */
export function watchTarget(watch: TargetWatch, fleet: Fleet | null, now: number): TargetWatch {
  if (fleet !== null && isEnded(fleet)) return NO_WATCH;
  const kept = {
    ...watch,
    past: watch.past.filter(({ seenAt }) => isWithin(SETTLED_AFTER_MS, seenAt, now)),
    moves: watch.moves.filter(({ at }) => isWithin(REMEMBERED_MS, at, now)),
  };
  if (fleet === null) return kept;
  return fleet.state === 'active' ? afterLook(kept, fleet.targetUnits, now) : kept;
}

/** To be called when we are about to ask: from then on it may be seen. */
export function asking(watch: TargetWatch, units: number, now: number): TargetWatch {
  const before = watch.asked.at(-1)?.units === units ? watch.asked.slice(0, -1) : watch.asked;
  return { ...watch, asked: [...before, { units, at: now }].slice(-MOST_ASKED) };
}

function afterLook(watch: TargetWatch, units: number, now: number): TargetWatch {
  const { stands } = watch;
  const isSame = stands?.units === units;
  const wasSure = stands?.isSure === true;
  // An old answer tells neither that an ask has landed nor that somebody moved it back: both are seen a little later.
  if (wasSure && !isSame && watch.past.some((before) => mayBeOld(before, units, now))) {
    return {
      ...watch,
      past: watch.past.map((before) => (before.units === units ? { ...before, seenAt: now } : before)),
    };
  }
  // Of what stands there already nobody can tell whether it has landed once more.
  const landed = isSame ? -1 : watch.asked.findIndex((ask) => ask.units === units);
  const isLanding = landed >= 0;
  const asked = isLanding
    ? watch.asked.slice(landed + 1)
    : watch.asked.filter(({ at }) => isWithin(LOST_AFTER_MS, at, now));
  return {
    stands: {
      units,
      since: isSame ? stands.since : now,
      isAsked: isLanding || (isSame && stands.isAsked),
      isSure: wasSure || (isSame && !isWithin(SETTLED_AFTER_MS, stands.since, now)),
    },
    asked,
    past: isSame ? watch.past : pastOf(watch, watch.asked.slice(0, Math.max(landed, 0)), now),
    moves:
      wasSure && !isSame && !isLanding ? [...watch.moves, moveFrom(stands, asked.at(-1), { units, now })] : watch.moves,
  };
}

type Stands = NonNullable<TargetWatch['stands']>;
type Ask = TargetWatch['asked'][number];

function mayBeOld(before: Past, units: number, now: number): boolean {
  return before.units === units && isWithin(SETTLED_AFTER_MS, before.until, now);
}

/** What stands does no longer. What was asked before that which has landed may have landed, too, and gone unseen. */
function pastOf({ stands, past }: TargetWatch, overtaken: readonly Ask[], now: number): Past[] {
  const ended = [...(stands === null ? [] : [stands]), ...overtaken];
  return [
    ...past.map(({ units, seenAt }) => ({ units, until: seenAt, seenAt })),
    ...ended.map(({ units }) => ({ units, until: now, seenAt: now })),
  ];
}

function moveFrom(stands: Stands, ask: Ask | undefined, to: { units: number; now: number }): TargetMove {
  return {
    at: to.now,
    fromUnits: ask?.units ?? stands.units,
    fromSince: ask?.at ?? stands.since,
    isFromOurs: ask !== undefined || stands.isAsked,
    toUnits: to.units,
  };
}

/** A clock that was put back makes nothing last for ever. */
function isWithin(ms: number, at: number, now: number): boolean {
  return Math.abs(now - at) < ms;
}
