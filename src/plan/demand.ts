// What ECS wants running and has no lasting place for. Without a capacity provider such a task never exists as an
// object, so demand is read off the services' counts; tasks on instances that are leaving count as unplaced, and the
// replacements that ECS has already started for them count as placed.
import type { TaskDefinitionArn } from '../model/ids.ts';
import { type Service, serviceNameOf } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { shapesByDefinition } from './daemons.ts';
import type { Demand } from './fits.ts';
import type { Holding } from './ledger.ts';
import type { Standing } from './report.ts';

/** One REPLICA service with work, and how many of its tasks have no lasting place. */
export interface ServiceDemand {
  readonly service: Service;
  readonly shape: TaskShape;
  readonly unplacedCount: number;
}

/** Standings of instances on which a task has no lasting place. */
const NOT_LASTING: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'draining', 'gone']);

/** One entry for each REPLICA service that wants at least one task and whose definition is known. */
export function serviceDemands(snapshot: ClusterSnapshot, holdings: readonly Holding[]): ServiceDemand[] {
  const shapes = shapesByDefinition(snapshot);
  const losing = wantedByService(holdings.filter(({ standing }) => NOT_LASTING.has(standing)));
  return snapshot.services.flatMap((service) => {
    const shape = shapes.get(service.taskDefinition);
    if (service.schedulingStrategy === 'DAEMON' || service.desiredCount === 0 || shape === undefined) return [];
    const staying = service.runningCount + service.pendingCount - (losing.get(service.name) ?? 0);
    return [{ service, shape, unplacedCount: Math.max(0, service.desiredCount - Math.max(0, staying)) }];
  });
}

/** The demand of all services together. */
export function pendingDemand(demands: readonly ServiceDemand[]): Demand[] {
  return demands.map(({ shape, unplacedCount }) => ({ shape, count: unplacedCount }));
}

/** What an instance's service tasks would need elsewhere. Standalone tasks have no second place. */
export function displacedDemand(holding: Holding, shapes: ReadonlyMap<TaskDefinitionArn, TaskShape>): Demand[] {
  return holding.tasks.flatMap((task) => {
    const moves = serviceNameOf(task) !== null && task.desiredStatus === 'RUNNING';
    const shape = moves ? shapes.get(task.taskDefinition) : undefined;
    return shape === undefined ? [] : [{ shape, count: 1 }];
  });
}

/** Services by the shape of their tasks. */
export function servicesByShape(demands: readonly ServiceDemand[]): Map<string, ServiceDemand[]> {
  const groups = new Map<string, ServiceDemand[]>();
  for (const demand of demands) {
    const key = shapeKey(demand.shape);
    groups.set(key, [...(groups.get(key) ?? []), demand]);
  }
  return groups;
}

function wantedByService(holdings: readonly Holding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const task of holdings.flatMap(({ tasks }) => tasks)) {
    const service = serviceNameOf(task);
    if (service !== null && task.desiredStatus === 'RUNNING') counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return counts;
}
