import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { check } from '../../src/plan/check.ts';
import { plan } from '../../src/plan/decide.ts';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aHeadroom, aPolicy, aSnapshot, type Host, NOW } from '../support/builders.ts';

const status = fc.constantFrom(
  {},
  {},
  {},
  { agentConnected: false },
  { status: 'DRAINING' as const },
  { status: 'DRAINING' as const, attributes: { 'spotkeeper.retiring': 'excess' } },
  { status: 'ACTIVE' as const, attributes: { 'spotkeeper.retiring': 'excess' } },
  { status: 'DRAINING' as const, attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:01:00Z' } },
  { status: 'DRAINING' as const, attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:00:05Z' } },
);
const host = fc.record({
  type: fc.constantFrom('m5.large', 'm5.xlarge'),
  containerInstance: fc.oneof({ weight: 5, arbitrary: status }, { weight: 1, arbitrary: fc.constant(null) }),
  tasks: fc.record({ web: fc.integer({ min: 0, max: 2 }), api: fc.integer({ min: 0, max: 1 }) }),
});
const cluster = fc
  .record({
    hosts: fc.array(host, { maxLength: 6 }),
    extraWeb: fc.integer({ min: -2, max: 6 }),
    extraApi: fc.integer({ min: 0, max: 4 }),
    target: fc.integer({ min: 0, max: 30 }),
    state: fc.constantFrom('active' as const, 'active' as const, 'modifying' as const),
    gaps: fc.constantFrom(
      [],
      [],
      [],
      [{ part: 'tasks' as const, why: 'x' }],
      [{ part: 'services' as const, why: 'x' }],
    ),
  })
  .map(({ hosts, extraWeb, extraApi, target, state, gaps }): ClusterSnapshot => {
    const named = hosts.map((each, index): Host => ({ ...each, id: `i-${index}` }));
    const running = (name: 'web' | 'api') =>
      named.reduce(
        (sum, { tasks, containerInstance }) => sum + (containerInstance === null ? 0 : (tasks?.[name] ?? 0)),
        0,
      );
    return aSnapshot({
      hosts: named.map((each) => (each.containerInstance === null ? { ...each, tasks: {} } : each)),
      services: [
        {
          name: 'web',
          shape: { cpuUnits: 800, memoryMiB: 1500 },
          runningCount: running('web'),
          desiredCount: Math.max(0, running('web') + extraWeb),
        },
        {
          name: 'api',
          shape: { cpuUnits: 256, memoryMiB: 4000, hostPorts: ['tcp:80'] },
          runningCount: running('api'),
          desiredCount: running('api') + extraApi,
        },
      ],
      fleet: { targetUnits: target, state },
      snapshot: { gaps },
    });
  });
const policies = fc
  .record({
    min: fc.integer({ min: 0, max: 6 }),
    spread: fc.integer({ min: 0, max: 40 }),
    largestTasks: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ min, spread, largestTasks }): Policy =>
      aPolicy({
        headroom: aHeadroom({ largestTasks }),
        fleet: { name: 'general', minUnits: min, maxUnits: min + spread },
      }),
  );
const decide = (snapshot: ClusterSnapshot, policy: Policy) => plan({ snapshot, policy, memory: NO_MEMORY, now: NOW });

describe('a plan, whatever the cluster', () => {
  it('keeps every invariant that the check proves', () => {
    fc.assert(
      fc.property(cluster, policies, (snapshot, policy) =>
        check({ plan: decide(snapshot, policy).plan, snapshot, policy, now: NOW }),
      ),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which AWS lists things', () => {
    fc.assert(
      fc.property(cluster, policies, (snapshot, policy) => {
        const mirrored: ClusterSnapshot = {
          ...snapshot,
          fleet: snapshot.fleet && {
            ...snapshot.fleet,
            members: [...snapshot.fleet.members].reverse(),
            options: [...snapshot.fleet.options].reverse(),
          },
          instances: [...snapshot.instances].reverse(),
          instanceTypes: [...snapshot.instanceTypes].reverse(),
          containerInstances: [...snapshot.containerInstances].reverse(),
          services: [...snapshot.services].reverse(),
          tasks: [...snapshot.tasks].reverse(),
        };
        expect(decide(mirrored, policy).plan).toEqual(decide(snapshot, policy).plan);
      }),
      { numRuns: 300 },
    );
  });

  it('is a fixed point for the target: once the fleet shows the asked target, nothing more is asked', () => {
    fc.assert(
      fc.property(cluster, policies, (snapshot, policy) => {
        const { plan: actions } = decide(snapshot, policy);
        const ask = actions.find(({ kind }) => kind === 'set-target');
        if (ask?.kind !== 'set-target' || snapshot.fleet === null) return;
        // The next look with the new target shown, and whoever was called back or told to leave in that state.
        const next = settle(snapshot, actions, ask.targetUnits);
        const again = decide(next, policy).plan;
        // Somebody who was called back for more than was needed may be chosen to leave now, and takes its units along.
        if (again.some(({ kind }) => kind === 'mark-retiring')) return;
        expect(again.filter(({ kind }) => kind === 'set-target')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives every instance exactly one standing', () => {
    fc.assert(
      fc.property(cluster, policies, (snapshot, policy) => {
        const ids = decide(snapshot, policy).report.ledger.map(({ instanceId }) => instanceId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(snapshot.instances.length);
      }),
    );
  });

  it('asks for no more when there is an idle instance more', () => {
    fc.assert(
      fc.property(cluster, policies, (snapshot, policy) => {
        const { fleet } = snapshot;
        if (fleet === null) return;
        const spare = aSnapshot({
          hosts: [
            {
              id: 'i-spare',
              type: 'm5.xlarge',
              containerInstance: { registered: { cpuUnits: 4096, memoryMiB: 15586 } },
            },
          ],
        });
        const richer: ClusterSnapshot = {
          ...snapshot,
          containerInstances: [...snapshot.containerInstances, ...spare.containerInstances],
          instances: [...snapshot.instances, ...spare.instances],
        };
        const short = (of: ClusterSnapshot) => decide(of, policy).report.target.shortUnits;
        expect(short(richer)).toBeLessThanOrEqual(short(snapshot));
      }),
      { numRuns: 300 },
    );
  });
});

function settle(
  snapshot: ClusterSnapshot,
  actions: ReturnType<typeof decide>['plan'],
  targetUnits: number,
): ClusterSnapshot {
  const called = new Set(
    actions.flatMap((action) => (action.kind === 'reactivate' ? [action.containerInstanceArn] : [])),
  );
  const told = new Set(
    actions.flatMap((action) => (action.kind === 'mark-retiring' ? [action.containerInstanceArn] : [])),
  );
  return {
    ...snapshot,
    fleet: snapshot.fleet && { ...snapshot.fleet, targetUnits },
    containerInstances: snapshot.containerInstances.map((each) => {
      if (called.has(each.arn)) return { ...each, status: 'ACTIVE', attributes: {} };
      return told.has(each.arn)
        ? { ...each, status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } }
        : each;
    }),
  };
}
