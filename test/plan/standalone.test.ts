// Standalone tasks: families that run them, and intents of somebody who will start them.
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../src/model/snapshot.ts';
import { aDefinition, aSnapshot, type ClusterSpec, definitionArnOf, NOW } from '../support/builders.ts';
import { decided, decidedOn } from '../support/decided.ts';

const SHAPE = { cpuUnits: 1024, memoryMiB: 2048 };
const report = aDefinition({ name: 'report', shape: SHAPE });
const later = aDefinition({ name: 'report', revision: 2, shape: { cpuUnits: 2048, memoryMiB: 4096 } });
const intent = (more: Partial<Intent> = {}): Intent => ({
  name: 'tonight',
  taskDefinition: report.arn,
  count: 3,
  until: NOW + 60_000,
  ...more,
});
/** A cluster that knows the definitions of reports. */
function cluster(spec: ClusterSpec, intents: readonly Intent[] = []) {
  const snapshot = aSnapshot(spec);
  return { ...snapshot, definitions: [...snapshot.definitions, report, later], intents };
}

describe('an intent', () => {
  it('wants room for its tasks', () => {
    const { line, plan } = decidedOn(cluster({ hosts: [{ id: 'i-1' }] }, [intent()]));
    expect(line('family:report')).toMatchObject({ shape: '1024cpu/2048MiB', pending: 3, schedulableNow: 2, short: 1 });
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks', targetUnits: 3 }]);
  });

  it('wants less for each of them that runs already', () => {
    const hosts = [{ id: 'i-1', tasks: { 'family:report': 2 } }];
    expect(decidedOn(cluster({ hosts }, [intent()])).line('family:report')).toMatchObject({ pending: 1 });
    expect(decidedOn(cluster({ hosts }, [intent({ count: 2 })])).line('family:report')).toMatchObject({ pending: 0 });
  });

  it.each([
    ['wants nothing any more once it is over', intent({ until: NOW }), undefined],
    ['wants its room to the last moment', intent({ until: NOW + 1 }), 3],
    [
      'of a definition that nobody knows wants nothing',
      intent({ taskDefinition: definitionArnOf('unknown') }),
      undefined,
    ],
    ['for no tasks wants nothing', intent({ count: 0 }), undefined],
  ])('%s', (_, wanted, pending) => {
    const { line, target } = decidedOn(cluster({ hosts: [{ id: 'i-1' }, { id: 'i-2' }] }, [wanted]));
    expect(line('family:report')?.pending || undefined).toBe(pending);
    expect(target.shortUnits).toBe(0);
  });

  it('is added to others of the same definition, and stands beside those of another revision', () => {
    const { line, report: told } = decidedOn(cluster({}, [intent(), intent({ name: 'more', count: 2 })]));
    expect(line('family:report')).toMatchObject({ pending: 5 });
    expect(told.shapes).toHaveLength(1);
    const both = decidedOn(cluster({}, [intent(), intent({ name: 'other', count: 2, taskDefinition: later.arn })]));
    expect(both.report.shapes.map(({ shape, pending }) => [shape, pending])).toEqual([
      ['2048cpu/4096MiB', 2],
      ['1024cpu/2048MiB', 3],
    ]);
  });
});

describe('a family that runs standalone tasks', () => {
  const hosts = [{ id: 'i-1', tasks: { 'family:report': 1 } }, { id: 'i-2' }];

  it('counts among the largest while they run, and has nothing pending', () => {
    const { line } = decidedOn(cluster({ hosts }), { headroom: { largestTasks: 1 } });
    expect(line('family:report')).toMatchObject({ isLargest: true, promised: 1, pending: 0 });
  });

  it('still does for a while after its last task', () => {
    const headroom = { largestTasks: 1, forgetLargestMs: 60_000 };
    const { memory } = decidedOn(cluster({ hosts }), { headroom });
    const without = cluster({ hosts: [{ id: 'i-1' }] });
    const seen = (byMs: number) => decidedOn(without, { headroom, memory, now: NOW + byMs }).line('family:report');
    expect(seen(60_000)).toMatchObject({ promised: 1 });
    expect(seen(60_001)).toBeUndefined();
  });

  it('keeps its instance: nobody would start its tasks again', () => {
    const { report: told } = decidedOn(cluster({ hosts }));
    expect(told.scaleIn.victims[0]?.instanceId).toBe('i-2');
    const alone = decidedOn(cluster({ hosts: hosts.slice(0, 1) }));
    expect(alone.report.scaleIn.unremovable).toEqual([{ instanceId: 'i-1', reason: 'standalone-task' }]);
  });

  it('takes no other group’s count when it runs two revisions', () => {
    const web = { name: 'web', shape: SHAPE };
    const snapshot = cluster({
      hosts: [
        { id: 'i-1', zone: 'a', tasks: { 'family:report': 1 } },
        { id: 'i-2', zone: 'b', tasks: { 'family:report': 1, web: 1 } },
        { id: 'i-3', zone: 'c', tasks: { web: 2 } },
      ],
      services: [web],
    });
    const tasks = snapshot.tasks.map((entry, at) => ({
      ...entry,
      tasks: entry.tasks.map((task) =>
        at === 0 && task.group === 'family:report' ? { ...task, taskDefinition: later.arn } : task,
      ),
    }));
    const { scenario } = decidedOn({ ...snapshot, tasks }, { headroom: { survive: 'pool' } });
    expect(scenario('pool-loss', 'm5.large/c')).toMatchObject({ tasks: 2 });
  });
});

describe('a service of the same name as a family', () => {
  it('is not the family', () => {
    const hosts = [{ id: 'i-1', tasks: { 'family:report': 1, report: 1 } }];
    const { report: told } = decided({ hosts, services: [{ name: 'report', shape: SHAPE, desiredCount: 2 }] });
    expect(told.shapes).toMatchObject([{ users: ['family:report', 'report'], pending: 1 }]);
  });
});
