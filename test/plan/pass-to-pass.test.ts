// What is kept from pass to pass (holdings, rooms, what fits them, what was found out about shapes) saves time and changes
// nothing: a process that has seen a cluster change plans as one that has just started.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { poolsAtRisk } from '../../src/plan/capacity/pool-check.ts';
import { type Planned, plan } from '../../src/plan/decide.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aPolicy, aSnapshot, NOW } from '../support/builders.ts';
import { somePolicies, someWorlds } from '../support/some-worlds.ts';
import { sharing, unshared } from '../support/structural-sharing.ts';
import { mixed, snapshotOf, type World } from '../support/wide-clusters.ts';

/** A cluster at rest, but for how many tasks its services want from pass to pass. */
const someRestful = fc
  .record({
    policy: somePolicies,
    first: someWorlds(6),
    steps: fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, 4, -1), { minLength: 12, maxLength: 12 }), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ policy, first, steps }) => {
    const snapshots = [snapshotOf(first)];
    for (const step of steps) {
      const [before] = snapshots.slice(-1);
      if (before !== undefined) snapshots.push(sharing(before, wanting(before, step)));
    }
    return { policy, snapshots };
  });

function wanting(snapshot: ClusterSnapshot, more: readonly number[]): ClusterSnapshot {
  const services = snapshot.services.map((service, at) => {
    return { ...service, desiredCount: Math.max(0, service.desiredCount + (more[at % more.length] ?? 0)) };
  });
  return { ...snapshot, services };
}

/** A cluster, and what of it is exchanged from pass to pass. */
const someRestless = fc
  .record({
    policy: somePolicies,
    first: someWorlds(6),
    changes: fc.array(fc.tuple(someWorlds(6), fc.nat(0x1f_ffff)), { minLength: 1, maxLength: 5 }),
  })
  .map(({ policy, first, changes }) => ({ policy, snapshots: looksAt(first, changes) }));

const someHistories = fc.oneof(someRestless, someRestful);

function looksAt(first: World, changes: readonly (readonly [World, number])[]): ClusterSnapshot[] {
  const snapshots = [snapshotOf(first)];
  let world = first;
  for (const [fresh, mask] of changes) {
    const before = snapshots.at(-1);
    world = mixed(world, fresh, mask);
    if (before !== undefined) snapshots.push(sharing(before, snapshotOf(world)));
  }
  return snapshots;
}

interface Pass {
  readonly snapshot: ClusterSnapshot;
  readonly memory: Memory;
  readonly now: number;
  readonly planned: ReturnType<typeof plain>;
}

/** Every pass in one process, each with the memory of the one before. */
function passes({ policy, snapshots }: { policy: Policy; snapshots: readonly ClusterSnapshot[] }): Pass[] {
  let memory = NO_MEMORY;
  return snapshots.map((snapshot, at) => {
    const now = NOW + at * 15_000;
    const planned = plan({ snapshot, policy, memory, now });
    const pass = { snapshot, memory, now, planned: plain(planned) };
    memory = { ...planned.memory, poolsAtRisk: pass.planned.poolsAtRisk };
    return pass;
  });
}

/** What a pass decides, says, and tells the next one; of the full check only its answer. */
function plain({ plan: actions, report, memory, fullCheck }: Planned) {
  return structuredClone({ actions, report, memory, poolsAtRisk: fullCheck === null ? [] : poolsAtRisk(fullCheck()) });
}

/** Takes the place of whatever the process keeps of its newest pass. */
function forget(): void {
  const other = aSnapshot({ hosts: [{ id: 'i-other' }], services: [{ name: 'other', shape: { cpuUnits: 77 } }] });
  plan({ snapshot: other, policy: aPolicy(), memory: NO_MEMORY, now: NOW });
}

describe('a pass that finds most of the cluster as it was', () => {
  it('plans, reports and remembers what it would if it saw all of it for the first time', () => {
    fc.assert(
      fc.property(someHistories, (history) => {
        for (const { snapshot, memory, now, planned } of passes(history)) {
          forget();
          const anew = plan({ snapshot: unshared(snapshot), policy: history.policy, memory, now });
          expect(planned).toEqual(plain(anew));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('plans as a process that has just started', async () => {
    await fc.assert(
      fc.asyncProperty(someHistories, async (history) => {
        const last = passes(history).at(-1);
        if (last === undefined) return;
        vi.resetModules();
        const fresh = await import('../../src/plan/decide.ts');
        const { snapshot, memory, now, planned } = last;
        const anew = fresh.plan({ snapshot: unshared(snapshot), policy: history.policy, memory, now });
        expect(planned).toEqual(plain(anew));
      }),
      { numRuns: 40 },
    );
  });

  it('plans the same a second time', () => {
    fc.assert(
      fc.property(someHistories, (history) => {
        for (const { snapshot, memory, now, planned } of passes(history)) {
          expect(plain(plan({ snapshot, policy: history.policy, memory, now }))).toEqual(planned);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('does not mind that the observer moves the time of the last look in place', () => {
    const spec = { hosts: [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }], services: [{ name: 'web' }] };
    const snapshot = aSnapshot(spec);
    const policy = aPolicy({ headroom: { ...aPolicy().headroom, largestTasks: 0 } });
    const at = (now: number) =>
      plan({ snapshot: { ...snapshot, observedAt: now }, policy, memory: NO_MEMORY, now }).report.scaleIn.victims[0]
        ?.instanceId ?? null;
    expect(at(NOW)).toBe('i-2');
    expect(at(NOW + 120_000)).toBeNull();
    for (const each of snapshot.containerInstances) Object.assign(each, { seenAt: NOW + 120_000 });
    expect(at(NOW + 120_000)).toBe('i-2');
  });
});
