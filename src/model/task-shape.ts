// A task shape is everything about a task that decides where it fits. Equal shapes are interchangeable.
import type { HostPort, Resources } from './resources.ts';

export interface TaskShape extends Resources {
  /** Fixed host ports, sorted; dynamic host ports are none. */
  readonly hostPorts: readonly HostPort[];
}

/** A stable name for the shape, equal for equal shapes: `1024cpu/2048MiB` or `256cpu/512MiB/tcp:80`. */
export function shapeKey(shape: TaskShape): string {
  const size = `${shape.cpuUnits}cpu/${shape.memoryMiB}MiB`;
  return shape.hostPorts.length === 0 ? size : `${size}/${shape.hostPorts.join('+')}`;
}

/** Whether `a` needs at least as much as `b` of everything. A shape is at least itself. */
export function isAtLeast(a: TaskShape, b: TaskShape): boolean {
  return (
    a.cpuUnits >= b.cpuUnits && a.memoryMiB >= b.memoryMiB && b.hostPorts.every((port) => a.hostPorts.includes(port))
  );
}
