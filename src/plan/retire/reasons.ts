// Why nobody leaves now, and why one instance may not: two closed sets that every page tells in words.

/** Why nothing retires now, or `retire` when something does. */
export type ScaleInReason =
  | 'retire'
  /** Somebody is to be replaced: chosen whatever the surplus. */
  | 'replace'
  /** The operator's maximum is below what the fleet has: somebody leaves whatever the need. */
  | 'above-maximum'
  | 'blind'
  | 'frozen'
  | 'shortage'
  | 'fleet-modifying'
  | 'fleet-ended'
  | 'at-minimum'
  /** As many are on their way out as a budget allows. */
  | 'over-budget'
  /** The operator's quiet hours. */
  | 'quiet-hours'
  /** A pool is being taken back: nobody leaves by our decision. */
  | 'storm'
  | 'no-surplus'
  | 'surplus-too-young'
  | 'no-candidate';

/** Why one instance may not be retired. */
export type Unremovable =
  | 'not-serving'
  /** Is to be replaced, and somebody else is first: others wait for a replacement, or something is short. */
  | 'not-its-turn'
  /** Is to be replaced, and the fleet may not have a unit more for the replacement. */
  | 'at-maximum'
  | 'not-in-fleet'
  | 'would-break-minimum'
  | 'room-needed'
  /** Launched lately for what is short, and of no use for it: sent home, it would only be asked for again. */
  | 'came-in-vain'
  | 'too-young'
  /** Its zone's part of a budget is used up. */
  | 'over-budget'
  /** Its drain was given up a while ago. */
  | 'given-up'
  /** More tasks would move than what is saved is worth. */
  | 'too-disruptive'
  /** Only just not needed, and somebody was consolidated a while ago. */
  | 'consolidated-lately'
  | 'tasks-unknown'
  | 'standalone-task'
  | 'protected-task'
  | 'protection-unknown'
  | 'service-cannot-drain'
  | 'deployment-in-progress';
