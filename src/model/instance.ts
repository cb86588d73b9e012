// The EC2 instance itself; it exists before and after its container instance.
import type { InstanceId } from './ids.ts';
import type { Resources } from './resources.ts';

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface Instance {
  readonly id: InstanceId;
  readonly instanceType: string;
  readonly zone: string;
  readonly state: InstanceState;
  /** Epoch milliseconds. */
  readonly launchedAt: number;
}

/** Size as EC2 sells it; what the ECS agent registers is less memory than this. */
export interface InstanceType {
  readonly name: string;
  readonly nominal: Resources;
}
