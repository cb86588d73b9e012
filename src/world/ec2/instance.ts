// One EC2 instance of the world, and what the rest of the world hears of its life.
import type { MaintenanceRecord } from './maintenance.ts';

/** What instances are launched with where nobody says. */
export const IMAGE_ID = 'ami-0ec5a0b1c2d3e4f50';

export type Ec2InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** What EC2 does to a Spot instance that it interrupts. */
export type InterruptionAction = 'terminate' | 'stop' | 'hibernate';

export interface Notice {
  readonly action: InterruptionAction;
  readonly noticedAt: number;
  readonly deadlineAt: number;
}

/** What an Auto Scaling group wants of its instance. */
export const TARGET_STATES = [
  'Detached',
  'InService',
  'Standby',
  'Terminated',
  'Warmed:Hibernated',
  'Warmed:Running',
  'Warmed:Stopped',
  'Warmed:Terminated',
] as const;
export type TargetState = (typeof TARGET_STATES)[number];

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
  readonly imageId: string;
  /** null for one that was launched without a launch template. */
  readonly template: { readonly id: string; readonly version: number } | null;
  /** Since when it has been launched, or started again. */
  launchedAt: number;
  readonly privateIp: string;
  state: Ec2InstanceState;
  /** The operating system is up: IMDS is read and the ECS agent and ours run. False again at power-off. */
  isUp: boolean;
  /** How often its operating system has come up. */
  bootCount: number;
  notice: Notice | null;
  /** When EC2 emitted its rebalance recommendation; null without one. */
  rebalanceRecommendedAt: number | null;
  /** Scheduled and finished, oldest first. */
  maintenance: readonly MaintenanceRecord[];
  /** null outside an Auto Scaling group. */
  targetState: TargetState | null;
  terminatedAt: number | null;
  stateReason: 'Server.SpotInstanceTermination' | 'Server.SpotInstanceShutdown' | 'Client.UserInitiatedShutdown' | null;
}

/**
 * Hears of each instance's life: ECS registers and loses container instances by it, the sandbox starts and ends agents.
 * An instance that ends before it has booted is heard of only when it is terminated.
 */
export interface InstanceLifeListener {
  /** Its operating system is up: for the first time, after a reboot, or after it was stopped and started. */
  onBooted(instance: Ec2Instance): void;
  /** The power goes now, for good or until the next boot: whatever runs on it is over. Once for each boot. */
  onPowerOff(instance: Ec2Instance): void;
  onTerminated(instance: Ec2Instance): void;
}
