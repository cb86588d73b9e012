import { describe, expect, it } from 'vitest';
import { renderGuard } from '../../src/cli/render-guard.ts';
import { PLACEMENT_CONSTRAINT } from '../../src/model/attributes.ts';
import { instanceId } from '../../src/model/ids.ts';
import type { Guard } from '../../src/plan/advice/guard.ts';

const NOTHING: Guard = {
  serviceCount: 2,
  withoutCordon: [],
  withoutReady: [],
  notReady: [],
  silent: [],
  cordoned: [],
};

describe('cordon and readiness in the status', () => {
  it('are not spoken of when every service asks for them and nobody is concerned', () => {
    expect(renderGuard(NOTHING, 'production', 100)).toBe('');
  });

  it('name what lacks the constraint and the fix, a line each', () => {
    const page = renderGuard({ ...NOTHING, withoutCordon: ['web'], withoutReady: ['web'] }, 'production', 1_000);
    expect(page.replace(/\s+/g, ' ')).toBe(
      `Cordon and readiness 1 of 2 services place tasks on instances that are cordoned or not ready: web fix, beside the constraints a service has: aws ecs update-service --cluster production --service NAME --placement-constraints 'type=memberOf,expression=${PLACEMENT_CONSTRAINT}'`,
    );
  });

  it('are told apart where services ask for one of the two', () => {
    const page = renderGuard({ ...NOTHING, withoutCordon: ['a'], withoutReady: ['a', 'b'] }, 'production', 100);
    expect(page).toContain('  1 of 2 services place tasks on cordoned instances: a\n');
    expect(page).toContain('  2 of 2 services place tasks on instances that are not ready: a, b\n');
  });

  it('stay short however large the cluster is', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => instanceId(`i-${index}`));
    const names = ids.map((id) => `service-${id}`);
    const all: Guard = {
      serviceCount: 5_000,
      withoutCordon: names,
      withoutReady: names,
      notReady: ids,
      silent: ids,
      cordoned: ids.map((id) => ({ instanceId: id, by: 'operator' })),
    };
    const page = renderGuard(all, 'production', 100);
    expect(page.split('\n').length).toBeLessThan(15);
    expect(page).toContain('cordoned: 5000 (i-0 by operator, i-1 by operator');
    expect(page).toContain('and 4995 more');
  });
});
