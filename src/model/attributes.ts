// The ECS attributes spotkeeper writes on a container instance, and their values. They are how agent and controller
// tell each other things: no channel of our own, nothing to lose on a restart. Values use only what ECS allows in an
// attribute (letters, digits, `-_/\.@:`).

export const ATTRIBUTE = {
  notice: 'spotkeeper.notice',
  retiring: 'spotkeeper.retiring',
  /** Whatever its value: no further task is to count on this instance. */
  cordoned: 'spotkeeper.cordoned',
  /** `no` until the instance may take tasks; an instance without it is ready. */
  ready: 'spotkeeper.ready',
} as const;

export type NoticeKind = 'interruption';

/** What an instance was told, and when it ends (epoch milliseconds). */
export interface Notice {
  readonly kind: NoticeKind;
  readonly deadlineAt: number;
}

/** `interruption@2026-11-21T08:22:00Z` */
export function formatNotice(notice: Notice): string {
  return `${notice.kind}@${new Date(notice.deadlineAt).toISOString().replace(/\.\d{3}Z$/, 'Z')}`;
}

/** The notice written in an attribute value; null for text that is not one (somebody else's, or a later version's). */
export function parseNotice(value: string | undefined): Notice | null {
  const match = /^(interruption)@(.+)$/.exec(value ?? '');
  const deadlineAt = Date.parse(match?.[2] ?? '');
  return match === null || Number.isNaN(deadlineAt) ? null : { kind: 'interruption', deadlineAt };
}

/** Why an instance is on its way out by our own decision. */
export type RetirementReason = 'excess';

export function parseRetirementReason(value: string | undefined): RetirementReason | null {
  return value === 'excess' ? value : null;
}
