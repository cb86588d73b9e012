// What a play is made from: the cloud and the cluster as it begins, and what happens to them when. Plain data, so that a
// seed can write one as well as a person.
import type { OnDemandPolicy } from '../../plan/policy.ts';
import type { AllocationStrategy } from '../../world/ec2/allocation.ts';
import type { Happening } from './happening.ts';

export interface Scenario {
  readonly name: string;
  /** Of every chance in it: the same seed plays the same play. */
  readonly seed: number;
  readonly hours: number;
  readonly fleet: {
    readonly minUnits: number;
    readonly maxUnits: number;
    readonly allocationStrategy: AllocationStrategy;
    readonly pools: readonly PoolScript[];
    /** Spot only unless given. */
    readonly onDemand?: Partial<OnDemandPolicy>;
  };
  readonly services: readonly ServiceScript[];
  readonly controllers: ControllerScript;
  /** Keys of the controller's file and their values as on a command line: `{ 'scaleIn.idleSeconds': '60' }`. */
  readonly settings: Readonly<Record<string, string>>;
  /** A call to AWS, there and back. */
  readonly roundTripMs: readonly [number, number];
  /** How often ECS looks at each service; the world's own is a second. */
  readonly schedulerMs?: number;
  readonly happenings: readonly Happening[];
}

export interface PoolScript {
  readonly instanceType: string;
  readonly zone: string;
  readonly weightUnits: number;
  /** Instances that run when the play begins. */
  readonly count: number;
}

export interface ServiceScript {
  readonly name: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Without meaning for a daemon. */
  readonly desiredCount: number;
  readonly stopTimeoutSeconds: number;
  readonly isDaemon?: boolean;
  /** How its tasks are replaced; ECS's default is 100 and 200. */
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
}

export interface ControllerScript {
  /** So many run; one leads. */
  readonly count: number;
  readonly leaseSeconds: number;
  readonly renewDeadlineSeconds: number;
  readonly retryPeriodSeconds: number;
}
