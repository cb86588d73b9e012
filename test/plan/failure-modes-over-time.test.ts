// Failure modes of the usual metric that show only over several looks: room that arrivals break up (F1), a larger task
// definition that comes and goes (F10), thresholds that chase each other (F14), and what looking costs (F15).
import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../src/controller/observe/call-budget.ts';
import type { PlacementStrategy } from '../../src/model/service.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { plan } from '../../src/plan/decide.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import { aHeadroom, anInstanceType, aPolicy, aShape, aSnapshot, type Host, NOW } from '../support/builders.ts';
import { LARGEST_TASK, naiveCallsPerSecond, naiveSchedulable, naiveSize } from '../support/naive-metric.ts';
import { steppedClock } from '../support/stepped-clock.ts';

const DAY_MS = 86_400_000;
const big = { name: 'big', shape: LARGEST_TASK };
const atWork: Host = { id: 'i-work', containerInstance: { registered: LARGEST_TASK }, tasks: { big: 1 } };

/** The same cluster, looked at some time later. */
function later(snapshot: ClusterSnapshot, byMs: number): ClusterSnapshot {
  return { ...snapshot, observedAt: snapshot.observedAt + byMs };
}

describe('room for the largest task, of which the usual metric says that it is there (F1)', () => {
  /** Three instances with room for one more each; six small tasks come and go every four minutes. */
  function afterHoursOf(placementStrategy: readonly PlacementStrategy[]) {
    const policy = aPolicy({ headroom: aHeadroom({ arrivalQuantile: 0.95 }) });
    const hosts = [
      atWork,
      ...['i-1', 'i-2', 'i-3'].map((id) => ({ id, containerInstance: { registered: LARGEST_TASK } })),
    ];
    const small = { name: 'small', shape: { cpuUnits: 128, memoryMiB: 128 }, placementStrategy };
    const looks = Array.from({ length: 120 }, (_, look) => {
      const count = look % 2 === 0 ? 0 : 6;
      const services = [big, { ...small, runningCount: count, desiredCount: count }];
      return later(aSnapshot({ hosts, services }), look * 120_000);
    });
    let memory: Memory = NO_MEMORY;
    const reports = looks.map((snapshot) => {
      const planned = plan({ snapshot, policy, memory, now: snapshot.observedAt });
      memory = planned.memory;
      return planned.report;
    });
    const [last, report] = [looks.at(-1), reports.at(-1)];
    if (last === undefined || report === undefined) throw new Error('nothing was looked at');
    return { naive: naiveSchedulable(last, LARGEST_TASK), report };
  }

  it('is broken up by the next small tasks where their service spreads', () => {
    const { naive, report } = afterHoursOf([{ type: 'spread', field: 'instanceId' }]);
    expect(naive).toBe(3);
    expect(report.scenarios.find(({ name }) => name === 'promise')).toMatchObject({ unplaced: 0 });
    expect(report.scenarios.find(({ name }) => name === 'arrivals')).toMatchObject({ tasks: 8, unplaced: 2 });
    expect(report.target.reason).toBe('expected-arrivals');
  });

  it('stays whole where their service packs', () => {
    const { naive, report } = afterHoursOf([{ type: 'binpack', field: 'cpu' }]);
    expect(naive).toBe(3);
    expect(report.scenarios.find(({ name }) => name === 'arrivals')).toMatchObject({ tasks: 8, unplaced: 0 });
    expect(report.target.reason).toBe('keep');
  });
});

describe('a larger task definition (F10)', () => {
  const HUGE = { cpuUnits: 4096, memoryMiB: 12_288 };
  const hosts: readonly Host[] = [atWork, { id: 'i-1' }];
  const policy = aPolicy({ headroom: aHeadroom({ forgetLargestMs: DAY_MS }) });

  it('that is only registered takes the usual metric to nothing, and changes nothing here', () => {
    const snapshot = aSnapshot({ hosts, services: [big] });
    const [model] = snapshot.definitions;
    if (model === undefined) throw new Error('the snapshot has no definition');
    const huge = { ...model, arn: `${model.arn}-huge` as typeof model.arn, family: 'huge', shape: aShape(HUGE) };
    const registered = { ...snapshot, definitions: [...snapshot.definitions, huge] };
    const [before, after] = [snapshot, registered].map((each) =>
      plan({ snapshot: each, policy, memory: NO_MEMORY, now: NOW }),
    );
    expect([naiveSchedulable(snapshot, LARGEST_TASK), naiveSchedulable(registered, HUGE)]).toEqual([2, 0]);
    expect(after?.report).toEqual(before?.report);
    expect(after?.plan).toEqual(before?.plan);
  });

  it('counts the moment somebody uses it, and still a while after nobody does', () => {
    const used = aSnapshot({ hosts, services: [big, { name: 'huge', shape: HUGE, desiredCount: 1 }] });
    const unused = aSnapshot({ hosts, services: [big] });
    const first = plan({ snapshot: used, policy, memory: NO_MEMORY, now: NOW });
    const largestAfter = (byMs: number) => {
      const { report } = plan({ snapshot: later(unused, byMs), policy, memory: first.memory, now: NOW + byMs });
      return report.shapes.filter(({ isLargest }) => isLargest).map(({ shape }) => shape);
    };
    expect(first.report.target.reason).toBe('pending-tasks');
    expect(largestAfter(DAY_MS / 2)).toEqual(['4096cpu/12288MiB']);
    expect(largestAfter(DAY_MS + 1)).toEqual(['1024cpu/2048MiB']);
  });
});

describe('an instance that holds more of the largest task than lies between two thresholds (F14)', () => {
  const TASK = { cpuUnits: 8192, memoryMiB: 8192 };
  const TYPE = anInstanceType({ name: 'm5.24xlarge', nominal: { cpuUnits: 98_304, memoryMiB: 393_216 } });
  const PASSES = 20;

  /** Eleven tasks run all the time, and an instance holds twelve. */
  function cluster(instances: number, now: number): ClusterSnapshot {
    const hosts = Array.from(
      { length: instances },
      (_, index): Host => ({
        id: `i-${index}`,
        type: TYPE.name,
        containerInstance: { registered: { cpuUnits: 98_304, memoryMiB: 370_000 }, seenAt: now },
        tasks: index === 0 ? { steady: 11 } : {},
      }),
    );
    return aSnapshot({
      hosts,
      services: [{ name: 'steady', shape: TASK }],
      fleet: { options: [{ instanceType: TYPE.name, weightUnits: 1 }] },
      snapshot: { instanceTypes: [TYPE], observedAt: now },
    });
  }

  it('makes the usual rule add and remove it for ever', () => {
    let instances = 1;
    const sizes = Array.from({ length: PASSES }, () => {
      instances = naiveSize(instances, naiveSchedulable(cluster(instances, NOW), TASK));
      return instances;
    });
    expect(sizes.slice(0, 6)).toEqual([2, 1, 2, 1, 2, 1]);
    expect(changesIn([1, ...sizes])).toBe(PASSES);
  });

  it('is added here once, and stays', () => {
    let [instances, memory]: [number, Memory] = [1, NO_MEMORY];
    const sizes = Array.from({ length: PASSES }, (_, pass) => {
      const now = NOW + pass * 60_000;
      const planned = plan({ snapshot: cluster(instances, now), policy: aPolicy(), memory, now });
      memory = planned.memory;
      instances = planned.report.target.proposedUnits;
      return instances;
    });
    expect(changesIn([1, ...sizes])).toBe(1);
    expect(sizes.at(-1)).toBe(2);
  });
});

describe('looking at the cluster (F15)', () => {
  const { clusterResources } = AWS_LIMITS;

  it('costs the usual way all that AWS allows at 600 instances, and eight times that at 5,000', () => {
    expect(naiveCallsPerSecond(600)).toBe(clusterResources.perSecond);
    expect(naiveCallsPerSecond(5_000) / clusterResources.perSecond).toBeCloseTo(8.33, 2);
  });

  // That this suffices to keep 5,000 instances in view is measured by `npm run bench`.
  it('costs us a tenth of what AWS allows, however large the cluster is', async () => {
    const clock = steppedClock();
    const budget = new CallBudget({ limit: clusterResources, share: DEFAULT_SHARE, clock });
    let calls = 0;
    for (let pass = 0; pass < 240; pass += 1) {
      for (; budget.available() > 0; calls += 1) await budget.call(async () => ({ tries: 1 }));
      clock.advance(15_000);
    }
    expect(calls / 3_600 / clusterResources.perSecond).toBeLessThanOrEqual(0.101);
  });
});

function changesIn(sizes: readonly number[]): number {
  return sizes.filter((size, at) => at > 0 && size !== sizes[at - 1]).length;
}
