import type { Deployment as AwsDeployment, Service as AwsService } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { readService } from '../../src/aws/ecs-service.ts';

const definition = (revision: number) => `arn:aws:ecs:us-east-1:123456789012:task-definition/web:${revision}`;
const deployment = (status: string, revision: number, count = 1): AwsDeployment => ({
  status,
  taskDefinition: definition(revision),
  desiredCount: count,
  runningCount: count - 1,
  pendingCount: 1,
});
const read = (fields: Partial<AwsService>) => readService({ serviceName: 'web', ...fields });

describe('what a service starts tasks from', () => {
  it('is the definition of its PRIMARY deployment, also while the service still names another', () => {
    const deployments = [deployment('ACTIVE', 2), deployment('PRIMARY', 3)];
    expect(read({ taskDefinition: definition(2), deployments }).taskDefinition).toBe(definition(3));
  });

  it('is its own definition where it has no deployment, and nothing where it names none', () => {
    expect(read({ taskDefinition: definition(2) }).taskDefinition).toBe(definition(2));
    expect(read({}).taskDefinition).toBe('');
  });
});

describe('the deployments of a service', () => {
  it('are read with their counts, and more than one is a deployment under way', () => {
    const service = read({ deployments: [deployment('PRIMARY', 3, 4), deployment('ACTIVE', 2, 2)] });
    expect(service.deployments).toEqual([
      { status: 'PRIMARY', taskDefinition: definition(3), desiredCount: 4, runningCount: 3, pendingCount: 1 },
      { status: 'ACTIVE', taskDefinition: definition(2), desiredCount: 2, runningCount: 1, pendingCount: 1 },
    ]);
    expect(service.isDeploying).toBe(true);
    expect(read({ deployments: [deployment('PRIMARY', 3)] }).isDeploying).toBe(false);
  });

  it('are its task sets where CodeDeploy deploys it', () => {
    const taskSets = [
      { status: 'PRIMARY', taskDefinition: definition(2), computedDesiredCount: 4, runningCount: 4, pendingCount: 0 },
      { status: 'DRAINING', taskDefinition: definition(1), computedDesiredCount: 0, runningCount: 1, pendingCount: 0 },
    ];
    expect(read({ deployments: [], taskSets }).deployments).toEqual([
      { status: 'PRIMARY', taskDefinition: definition(2), desiredCount: 4, runningCount: 4, pendingCount: 0 },
      { status: 'INACTIVE', taskDefinition: definition(1), desiredCount: 0, runningCount: 1, pendingCount: 0 },
    ]);
  });
});

describe('where a service places its tasks', () => {
  it('is bound by its constraints', () => {
    const { placementConstraints } = read({
      placementConstraints: [{ type: 'distinctInstance' }, { type: 'memberOf', expression: ' attribute:a == 1 ' }],
    });
    expect(placementConstraints).toEqual([
      { type: 'distinctInstance' },
      { type: 'memberOf', expression: 'attribute:a == 1' },
    ]);
  });

  it('is bound by an empty expression, which nobody can hold to, where a constraint has none', () => {
    expect(read({ placementConstraints: [{ type: 'memberOf' }] }).placementConstraints).toEqual([
      { type: 'memberOf', expression: '' },
    ]);
  });

  it.each([
    [
      { type: 'spread', field: 'host' },
      { type: 'spread', field: 'instanceId' },
    ],
    [
      { type: 'spread', field: 'instanceId' },
      { type: 'spread', field: 'instanceId' },
    ],
    [
      { type: 'spread', field: 'attribute:Rack' },
      { type: 'spread', field: 'attribute:Rack' },
    ],
    [
      { type: 'binpack', field: 'MEMORY' },
      { type: 'binpack', field: 'memory' },
    ],
    [
      { type: 'binpack', field: 'Cpu' },
      { type: 'binpack', field: 'cpu' },
    ],
    [{ type: 'random' }, { type: 'random' }],
    [{ type: 'binpack', field: 'disk' }, { type: 'random' }],
    [{ type: 'spread' }, { type: 'random' }],
  ] as const)('is ranked by %j as %j', (strategy, expected) => {
    expect(read({ placementStrategy: [strategy] }).placementStrategy).toEqual([expected]);
  });

  it('is unranked and unbound for a service that says nothing', () => {
    expect(read({})).toMatchObject({ placementConstraints: [], placementStrategy: [], deployments: [] });
  });
});

describe('the placement failure of a service', () => {
  const event = (message: string) => ({ message });
  const failure = '(service web) was unable to place a task because no container instance met all of its requirements.';

  it('is the newest one', () => {
    expect(read({ events: [event('(service web) has started 1 tasks'), event(failure)] }).placementFailure).toBe(
      failure,
    );
  });

  it('is history once a steady state came after it', () => {
    const events = [event('(service web) has reached a steady state.'), event(failure)];
    expect(read({ events }).placementFailure).toBeNull();
  });
});
