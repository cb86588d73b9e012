// What a running deployment may start beside what runs, with the bounds as ECS rounds them.
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/model/service.ts';
import { definitionArnOf, type Host, type ServiceSpec } from '../support/builders.ts';
import { decided } from '../support/decided.ts';

interface Rollout {
  readonly desired: number;
  readonly bounds: readonly [minimumHealthyPercent: number, maximumPercent: number];
  /** Tasks of the new definition that run. */
  readonly done?: number;
  readonly pending?: number;
}

/** All that is desired runs, of the old definition but for those that are done. */
function rollout({ desired, bounds, done = 0, pending = 0 }: Rollout): ServiceSpec {
  const primary: Deployment = {
    status: 'PRIMARY',
    taskDefinition: definitionArnOf('web', 2),
    desiredCount: desired,
    runningCount: done,
    pendingCount: pending,
  };
  return {
    name: 'web',
    shape: { cpuUnits: 1024, memoryMiB: 2048 },
    desiredCount: desired,
    runningCount: desired,
    pendingCount: pending,
    minimumHealthyPercent: bounds[0],
    maximumPercent: bounds[1],
    isDeploying: true,
    deployments: [primary],
  };
}

/** Full instances, two tasks each. */
function full(tasks: number): Host[] {
  return Array.from({ length: Math.ceil(tasks / 2) }, (_, at) => ({
    id: `i-${at}`,
    tasks: { web: Math.min(2, tasks - 2 * at) },
  }));
}

describe('a deployment', () => {
  it.each([
    ['100/200', 4, [100, 200], 4],
    ['100/150, which ECS rounds down', 3, [100, 150], 1],
    ['100/150', 4, [100, 150], 2],
    ['50/100, where tasks stop first', 4, [50, 100], 0],
    ['100/150 with one task, where nothing may start', 1, [100, 150], 0],
    ['100/200 with one task', 1, [100, 200], 1],
    ['100/125 with three, where nothing may start', 3, [100, 125], 0],
    ['0/100', 2, [0, 100], 0],
  ] as const)('of %s may start so many more than run', (_, desired, bounds, more) => {
    const { scenario } = decided({ hosts: full(desired), services: [rollout({ desired, bounds })] });
    expect(scenario('deployment')?.tasks ?? 0).toBe(more);
  });

  it('is bought room for before ECS fails to place its tasks', () => {
    const { plan } = decided({ hosts: full(4), services: [rollout({ desired: 4, bounds: [100, 200] })] });
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'deployment-surge', fromUnits: 4, targetUnits: 7 }]);
  });

  it('needs no more room than its new definition still lacks tasks', () => {
    const { scenario } = decided({
      hosts: full(6),
      services: [{ ...rollout({ desired: 4, bounds: [100, 200], done: 3 }), runningCount: 6 }],
    });
    expect(scenario('deployment')).toMatchObject({ tasks: 1 });
  });

  it('counts what is starting as started', () => {
    const { scenario } = decided({
      hosts: full(4),
      services: [rollout({ desired: 4, bounds: [100, 200], done: 0, pending: 3 })],
    });
    expect(scenario('deployment')).toMatchObject({ tasks: 1 });
  });

  it('needs no room beside the tasks that are missing anyway, where these are more', () => {
    const services = [{ ...rollout({ desired: 6, bounds: [100, 120] }), runningCount: 4 }];
    const { scenario, target } = decided({ hosts: full(4), services });
    expect(scenario('now')).toMatchObject({ tasks: 2 });
    expect(scenario('deployment')).toMatchObject({ tasks: 3 });
    expect(target.reason).toBe('pending-tasks');
  });

  it('that is finished needs none', () => {
    const services = [{ ...rollout({ desired: 4, bounds: [100, 200] }), isDeploying: false }];
    expect(decided({ hosts: full(4), services }).scenario('deployment')).toBeUndefined();
  });

  it('of a daemon needs none: its old task stops first', () => {
    const logs = { ...rollout({ desired: 1, bounds: [0, 100] }), schedulingStrategy: 'DAEMON' as const };
    expect(decided({ hosts: full(1), services: [logs] }).scenario('deployment')).toBeUndefined();
  });
});
