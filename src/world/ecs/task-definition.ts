// A revision of a task definition family. Definitions never change; registering again makes the next revision.
import type { MemberOf } from './placement-constraint.ts';
import type { TaskNeed, TaskSize } from './task-need.ts';

export interface TaskDefinitionSpec extends TaskSize {
  readonly family: string;
  readonly placementConstraints: readonly MemberOf[];
  /** `ecs.cpu-architecture` an instance must have; null when the definition says nothing. */
  readonly cpuArchitecture: 'x86_64' | 'arm64' | null;
  /** `LINUX`, `WINDOWS_SERVER_2022_CORE`; any will do when absent. */
  readonly operatingSystemFamily?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly requiresCompatibilities: readonly string[];
}

export interface EcsTaskDefinition extends TaskDefinitionSpec {
  readonly arn: string;
  readonly revision: number;
  readonly registeredAt: number;
  readonly need: TaskNeed;
  /** Names of the attributes an instance must have, none of them with a value; sorted. */
  readonly requiresAttributes: readonly string[];
  readonly stopTimeoutMs: number;
}
