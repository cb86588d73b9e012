// What one observation of the cluster saw, and what it could not see. Plain data: a pass is recorded and replayed as JSON.
// Immutable with one exception: while nothing else of a container instance changes, the observer moves its `seenAt` in
// place, so that it stays the same object, in snapshots of earlier passes, too. Whoever keeps one past its pass copies it.
import type { ContainerInstance } from './container-instance.ts';
import type { Fleet } from './fleet.ts';
import type { ContainerInstanceArn, TaskArn, TaskDefinitionArn } from './ids.ts';
import type { Instance, InstanceType } from './instance.ts';
import type { TypeLaunch } from './launch.ts';
import type { Orders } from './orders.ts';
import type { Service, TaskDefinition, TasksOnInstance } from './service.ts';

/** The parts of an observation that can fail on their own. */
export type Part =
  | 'fleet'
  | 'instances'
  | 'instance-types'
  | 'container-instances'
  | 'services'
  | 'definitions'
  | 'tasks'
  | 'protection'
  | 'intents'
  /** Everything could be read, and some of it so long ago that it forbids shrinking. */
  | 'age';

export interface Gap {
  readonly part: Part;
  /** What failed, in words: "listing services: ThrottlingException: Rate exceeded". */
  readonly why: string;
}

/** Room is wanted for this many standalone tasks of a definition; those that run count. */
export interface Intent {
  readonly name: string;
  readonly taskDefinition: TaskDefinitionArn;
  readonly count: number;
  /** Epoch milliseconds; from then on it is void. */
  readonly until: number;
}

/** Why something that was seen takes no part in any decision. */
export type SetAsideReason =
  | 'malformed-expression'
  | 'definition-unreadable'
  | 'unknown-instance-type'
  | 'resources-missing'
  | 'resources-negative'
  | 'attribute-missing'
  | 'launch-unreadable'
  | 'malformed-intent'
  | 'unknown-tag';

export interface SetAside {
  readonly kind: 'fleet' | 'instance' | 'service' | 'definition' | 'instance-type' | 'intent' | 'tag';
  /** Fleet id, instance id, service name, definition ARN, type name, the intent's name, or the tag's key. */
  readonly subject: string;
  readonly reason: SetAsideReason;
  /** What exactly, in words; for an expression also where: `column 17: expected a value`. */
  readonly detail: string;
}

/** What of an instance's tasks is protected from scale-in. */
export interface ProtectionOnInstance {
  readonly containerInstanceArn: ContainerInstanceArn;
  readonly protectedTasks: readonly TaskArn[];
}

export interface ClusterSnapshot {
  readonly cluster: string;
  /**
   * When the observation began, epoch milliseconds. In a small cluster everything is at least this fresh; in a large one
   * each container instance says itself when it was seen, and src/controller/observe/ what the age of the rest can hide.
   */
  readonly observedAt: number;
  readonly gaps: readonly Gap[];
  /** null when the fleet could not be read. */
  readonly fleet: Fleet | null;
  /** What the fleet launches each type with now; a type is missing where that is not known, or not asked. */
  readonly launches: readonly TypeLaunch[];
  readonly instances: readonly Instance[];
  readonly instanceTypes: readonly InstanceType[];
  readonly containerInstances: readonly ContainerInstance[];
  readonly services: readonly Service[];
  readonly definitions: readonly TaskDefinition[];
  /**
   * Tasks by container instance. An instance without an entry was not looked at (in a large cluster only those that a
   * decision needs are): its tasks are unknown, so it may be no victim. On leaving instances tasks that are still
   * stopping are listed too.
   */
  readonly tasks: readonly TasksOnInstance[];
  /** Of those instances that a decision may choose: without an entry it is not known. */
  readonly protection: readonly ProtectionOnInstance[];
  /** Standalone tasks that somebody has said will be started. */
  readonly intents: readonly Intent[];
  /** What operators have told the controller to do or leave; null while their tags have never been read. */
  readonly orders: Orders | null;
  /** What was seen and could not be read; it takes part in nothing. */
  readonly setAside: readonly SetAside[];
}
