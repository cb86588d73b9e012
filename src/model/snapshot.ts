// What one observation of the cluster saw, and what it could not see. Immutable and plain data: a pass is recorded and
// replayed as JSON.
import type { ContainerInstance } from './container-instance.ts';
import type { Fleet } from './fleet.ts';
import type { Instance, InstanceType } from './instance.ts';
import type { Service, Task, TaskDefinition } from './service.ts';

/** The parts of an observation that can fail on their own. */
export type Part =
  | 'fleet'
  | 'instances'
  | 'instance-types'
  | 'container-instances'
  | 'services'
  | 'definitions'
  | 'tasks';

export interface Gap {
  readonly part: Part;
  /** What failed, in words: "listing services: ThrottlingException: Rate exceeded". */
  readonly why: string;
}

export interface ClusterSnapshot {
  readonly cluster: string;
  /** When the observation began, epoch milliseconds: everything in it is at least this fresh. */
  readonly observedAt: number;
  readonly gaps: readonly Gap[];
  /** null when the fleet could not be read. */
  readonly fleet: Fleet | null;
  readonly instances: readonly Instance[];
  readonly instanceTypes: readonly InstanceType[];
  readonly containerInstances: readonly ContainerInstance[];
  readonly services: readonly Service[];
  readonly definitions: readonly TaskDefinition[];
  /** Tasks whose desired status is RUNNING, and on leaving instances also those still stopping. */
  readonly tasks: readonly Task[];
}
