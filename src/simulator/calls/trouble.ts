// What can be wrong with an API for a while.

export const APIS = ['ecs', 'ec2', 'lease', 'metadata'] as const;
/** `metadata` is all that an instance asks next door: IMDS, and the ECS agent. */
export type Api = (typeof APIS)[number];

export const HOWS = ['throttled', 'unavailable', 'hangs', 'answer-lost'] as const;
/**
 * `throttled` and `unavailable` are answered and not done. `hangs` is neither done nor answered. `answer-lost` is done, and
 * nobody hears of it.
 */
export type How = (typeof HOWS)[number];

export interface Trouble {
  readonly apis: readonly Api[];
  readonly how: How;
  /** Of the calls, from 0 to 1. */
  readonly share: number;
}
