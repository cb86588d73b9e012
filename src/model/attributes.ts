// The ECS attributes spotkeeper writes on a container instance, and their values. They are how agent and controller
// tell each other things: no channel of our own, nothing to lose on a restart. Values use only what ECS allows in an
// attribute (letters, digits, `-_/\.@:`).

export const ATTRIBUTE = {
  notice: 'spotkeeper.notice',
  retiring: 'spotkeeper.retiring',
  /** Whatever its value, which says who set it and why: no further task is to be placed here. */
  cordoned: 'spotkeeper.cordoned',
  /** `yes` once the agent watches and its required daemons run, else `no`; absent where no agent has ever said. */
  ready: 'spotkeeper.ready',
  /** Whatever its value, which says who asked and when: the instance is to be replaced, and stays until it is. */
  replace: 'spotkeeper.replace',
  /** What else on the host answers interruption notices and may get in the way, as its agent found it: kind and name. */
  otherDrainer: 'spotkeeper.other-drainer',
} as const;

/**
 * The placement constraint by which a service keeps off instances that are cordoned, or whose daemons do not run yet: ECS
 * itself knows only ACTIVE and DRAINING. In ECS's cluster query language.
 */
export const PLACEMENT_CONSTRAINT = `attribute:${ATTRIBUTE.ready} == yes and attribute:${ATTRIBUTE.cordoned} !exists`;

/** The value of a cordon that an operator set: nobody else lifts it. */
export const OPERATORS_CORDON = 'operator';

/** The value of a cordon with which an operator also set DRAINING: lifting the cordon takes that back. */
export const OPERATORS_DRAIN = 'operator-drain';

/** The value of a cordon by which an operator asks for a DRAINING that somebody else had set: it stays when he lifts it. */
export const OPERATORS_HOLD = 'operator-hold';

export function isOperatorsCordon(value: string | undefined): boolean {
  return value === OPERATORS_CORDON || isOperatorsDrain(value);
}

/** Whether an operator wants the instance DRAINING, whoever set that. */
export function isOperatorsDrain(value: string | undefined): boolean {
  return value === OPERATORS_DRAIN || value === OPERATORS_HOLD;
}

export const NOTICE_KINDS = ['interruption', 'host-shutdown', 'target-state', 'maintenance', 'rebalance'] as const;

/** The signals that an agent answers. `target-state`: an Auto Scaling group ends the instance. `host-shutdown`: systemd does. */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What an instance was told, and when it ends or, for a rebalance recommendation, when that was (epoch milliseconds). */
export interface Notice {
  readonly kind: NoticeKind;
  readonly deadlineAt: number;
}

/** `interruption@2026-11-21T08:22:00Z` */
export function formatNotice(notice: Notice): string {
  return `${notice.kind}@${inSeconds(notice.deadlineAt)}`;
}

/** The notice written in an attribute value; null for text that is not one (somebody else's, or a later version's). */
export function parseNotice(value: string | undefined): Notice | null {
  const [word, time] = splitOnce(value ?? '', '@');
  const kind = NOTICE_KINDS.find((known) => known === word);
  const deadlineAt = Date.parse(time);
  return kind === undefined || Number.isNaN(deadlineAt) ? null : { kind, deadlineAt };
}

/** The notice, where it says that the instance ends for good: the others leave it, or give it back. */
export function parseEnding(value: string | undefined): Notice | null {
  const notice = parseNotice(value);
  return notice?.kind === 'interruption' || notice?.kind === 'target-state' ? notice : null;
}

/** Why an instance leaves by our own decision. An interruption is nobody's decision: it has a notice and no mark. */
export const RETIREMENT_REASONS = [
  /** An operator said so. */
  'operator',
  /** Launched, and never joined the cluster or lost to it for good. */
  'orphan',
  /** AWS says that an interruption is likely, and what runs there needs more than two minutes to leave. */
  'rebalance',
  /** Its image or launch template version is behind the fleet's. */
  'drift',
  /** On-Demand stood in for Spot, and Spot is to be had again. */
  'on-demand-return',
  /** There is plenty without it. */
  'excess',
  /** What runs there fits elsewhere, just so. */
  'consolidation',
] as const;

export type RetirementReason = (typeof RETIREMENT_REASONS)[number];

/** The mark of an instance that we retire. */
export interface Retirement {
  readonly reason: RetirementReason;
  /** When it was chosen, epoch milliseconds; null in a mark of an earlier version. */
  readonly since: number | null;
}

/** `excess@2026-11-21T08:22:00Z` */
export function formatRetirement(reason: RetirementReason, since: number): string {
  return `${reason}@${inSeconds(since)}`;
}

/** The retirement written in an attribute value; null for text that is not one. */
export function parseRetirement(value: string | undefined): Retirement | null {
  const [word, time] = splitOnce(value ?? '', '@');
  const reason = RETIREMENT_REASONS.find((known) => known === word);
  if (reason === undefined) return null;
  const since = Date.parse(time);
  return { reason, since: Number.isNaN(since) ? null : since };
}

/** The value of an operator's wish to have an instance replaced: `operator@2026-11-21T08:22:00Z` */
export function formatReplaceWish(at: number): string {
  return `operator@${inSeconds(at)}`;
}

function inSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}
