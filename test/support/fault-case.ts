// What makes up a case of the fault matrix: which faults, which ends of the agent and which steps of its clock there are.
import type { EcsFault, ImdsFault } from './agent-faults.ts';

export const KILLED = [
  'never',
  'before the notice',
  'at the notice',
  'as DRAINING is sent',
  'as DRAINING is taken',
] as const;
export const LATER = [
  'never',
  'as the attribute is taken',
  'at the first stop',
  'at the last stop',
  'rebooted',
  'frozen',
] as const;
export const ECS_FAILS = ['at the notice', 'at the stops'] as const;
/** It steps as ECS takes the notice attribute: what was seen until then is on disk. */
export const CLOCKS = ['right', 'ahead from the start', 'steps forward', 'steps back'] as const;

export interface FaultCase {
  readonly imds: ImdsFault;
  readonly ecs: EcsFault;
  readonly ecsFails: (typeof ECS_FAILS)[number];
  readonly killed: (typeof KILLED)[number];
  readonly later: (typeof LATER)[number];
  readonly clock: (typeof CLOCKS)[number];
  /** Whether what fails does so until the power goes. */
  readonly isForGood?: boolean;
}
