// One plan of a cluster in a few words, proved sound, with the two lookups that most tests of the planner make.
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { check } from '../../src/plan/check.ts';
import { checkRestraint } from '../../src/plan/check-restraint.ts';
import { plan } from '../../src/plan/decide.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import type { ScenarioName } from '../../src/plan/report.ts';
import { aHeadroom, aPolicy, aSnapshot, type ClusterSpec, NOW } from './builders.ts';

interface Circumstances {
  readonly headroom?: Partial<Policy['headroom']>;
  readonly policy?: Partial<Policy>;
  readonly memory?: Memory;
  readonly now?: number;
}

export type Decided = ReturnType<typeof decidedOn>;

/** Nothing is promised unless `headroom` says so. */
export function decided(spec: ClusterSpec, circumstances: Circumstances = {}) {
  return decidedOn(aSnapshot(spec), circumstances);
}

export function decidedOn(snapshot: ClusterSnapshot, { headroom, policy, memory, now = NOW }: Circumstances = {}) {
  const intent = aPolicy({ headroom: aHeadroom({ largestTasks: 0, ...headroom }), ...policy });
  const planned = plan({ snapshot, policy: intent, memory: memory ?? NO_MEMORY, now });
  check({ plan: planned.plan, snapshot, policy: intent, now });
  checkRestraint({ ...planned, snapshot, policy: intent, now });
  const { report } = planned;
  return {
    ...planned,
    target: report.target,
    /** The line of the shape that a service, a family or a pin uses. */
    line: (user: string) => report.shapes.find(({ users }) => users.includes(user)),
    scenario: (name: ScenarioName, lost?: string) =>
      report.scenarios.find((each) => each.name === name && (lost === undefined || each.lost === lost)),
    standing: (id: string) => report.ledger.find(({ instanceId }) => instanceId === id)?.standing,
    isLargest: report.shapes.filter(({ isLargest }) => isLargest).map(({ shape }) => shape),
  };
}
