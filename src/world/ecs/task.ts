// One task: it exists from the moment it is placed. What could not be placed is no task at all, only a count that is not
// reached.
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import type { EcsService } from './service.ts';
import type { Counted } from './tally.ts';
import type { EcsTaskDefinition } from './task-definition.ts';
import type { TaskNeed } from './task-need.ts';

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'TerminationNotice';

export interface EcsTask {
  readonly id: string;
  readonly arn: string;
  readonly cluster: EcsCluster;
  readonly definition: EcsTaskDefinition;
  readonly need: TaskNeed;
  /** The GPUs of its instance it was given. */
  readonly gpuIds: readonly string[];
  /** How it stands in the tallies of its instance and its service. */
  readonly counted: Counted;
  /** `service:NAME`, or `family:NAME` unless RunTask named another group. */
  readonly group: string;
  readonly service: EcsService | null;
  /** A deployment's id for service tasks. */
  readonly startedBy: string | null;
  readonly containerInstance: EcsContainerInstance;
  readonly createdAt: number;
  /** Since when somebody has been waiting for it. */
  readonly wantedAt: number;
  /** `DEACTIVATING` while its load balancers let go of it: its containers do not know yet. */
  lastStatus: 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  /** When its image is there and its containers may start, the host's room and daemon tasks permitting. */
  readyAt: number;
  startedAt: number | null;
  stoppingAt: number | null;
  sigtermAt: number | null;
  /** When its containers ended. */
  endedAt: number | null;
  /** When ECS learnt of it. */
  stoppedAt: number | null;
  /** Of its containers: 0 after SIGTERM or by themselves, 137 after SIGKILL; null when they never ran or nobody could ask. */
  exitCode: 0 | 137 | null;
  stopCode: StopCode | null;
  stoppedReason: string | null;
  /** Scale-in protection until this instant. */
  protectedUntil: number | null;
}

/** What its ECS agent could tell of it: containers run until they have ended. */
export function knownStatusOf({ lastStatus }: EcsTask): 'PENDING' | 'RUNNING' | 'STOPPED' {
  return lastStatus === 'STOPPING' || lastStatus === 'DEACTIVATING' ? 'RUNNING' : lastStatus;
}

/** ECS means it to run and it does. A task of an instance whose power went still counts until ECS learns of it. */
export function isRunning(task: EcsTask): boolean {
  return task.desiredStatus === 'RUNNING' && task.lastStatus === 'RUNNING';
}

/** RUNNING for long enough to be trusted in place of another: there is no health check in this world. */
export function isHealthy(task: EcsTask, now: number, healthyAfterMs: number): boolean {
  return isRunning(task) && task.startedAt !== null && now - task.startedAt >= healthyAfterMs;
}

export function isProtected(task: EcsTask, now: number): boolean {
  return task.protectedUntil !== null && task.protectedUntil > now;
}
