// The EC2 instance itself; it exists before and after its container instance.
import type { InstanceId } from './ids.ts';
import type { Launch } from './launch.ts';
import type { Resources } from './resources.ts';
import type { CpuArchitecture } from './task-shape.ts';

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface Instance {
  readonly id: InstanceId;
  readonly instanceType: string;
  readonly zone: string;
  readonly state: InstanceState;
  /** On-Demand instances are not lost with a Spot pool. */
  readonly isSpot: boolean;
  /** Epoch milliseconds. */
  readonly launchedAt: number;
  /** What it was launched with. */
  readonly launch: Launch;
}

/** Size as EC2 sells it; what the ECS agent registers is less memory than this. */
export interface InstanceType {
  readonly name: string;
  readonly nominal: Resources;
  readonly gpus: number;
  readonly architecture: CpuArchitecture;
  /** `awsvpc` tasks it takes: its network interfaces but the first. */
  readonly eniSlots: number;
  /** The same with ENI trunking; null when the type is not known to support it. */
  readonly eniSlotsWithTrunk: number | null;
}
