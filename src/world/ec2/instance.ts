// One EC2 instance of the world, and what the rest of the world hears of its life.

/** The one machine image of this world. */
export const IMAGE_ID = 'ami-0ec5a0b1c2d3e4f50';

export type Ec2InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated';

export interface Ec2Instance {
  readonly id: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly fleetId: string | null;
  /** The Spot request behind it; null for an on-demand instance. */
  readonly spotInstanceRequestId: string | null;
  /** The cluster its user data names in ECS_CLUSTER; null never joins one. */
  readonly clusterName: string | null;
  readonly weightUnits: number;
  readonly launchedAt: number;
  readonly privateIp: string;
  state: Ec2InstanceState;
  /** The operating system is up: IMDS is read and the ECS agent and ours run. False again at power-off. */
  isUp: boolean;
  notice: { readonly action: 'terminate'; readonly noticedAt: number; readonly deadlineAt: number } | null;
  terminatedAt: number | null;
  stateReason: 'Server.SpotInstanceTermination' | 'Client.UserInitiatedShutdown' | null;
}

/**
 * Hears of each instance's life: ECS registers and loses container instances by it, the sandbox starts and ends agents.
 * An instance that ends before it has booted is heard of only when it is terminated.
 */
export interface InstanceLifeListener {
  onBooted(instance: Ec2Instance): void;
  /** The power goes now: whatever runs on it is over. Once for each instance that had booted. */
  onPowerOff(instance: Ec2Instance): void;
  onTerminated(instance: Ec2Instance): void;
}
