// The shapes in use lately. (contract; to be completed)
import type { TaskShape } from '../../model/task-shape.ts';

/** By shape key. */
export type LargestSeen = Readonly<Record<string, SeenShape>>;

export interface SeenShape {
  readonly shape: TaskShape;
  /** Services, `family:NAME` for standalone tasks. */
  readonly users: readonly string[];
  /** Epoch milliseconds. */
  readonly lastUsedAt: number;
}
