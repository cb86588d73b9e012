// Tasks that ask to be left alone.
import { describe, expect, it } from 'vitest';
import { taskArn } from '../../../src/model/ids.ts';
import { arnOf, aSnapshot } from '../../support/builders.ts';
import { decidedOn } from '../../support/decided.ts';

const snapshot = aSnapshot({
  hosts: [
    { id: 'i-1', tasks: { web: 1 } },
    { id: 'i-2', tasks: { web: 1 } },
  ],
  services: [{ name: 'web', desiredCount: 2 }],
  fleet: { targetUnits: 4 },
});

const protectedOn = (...ids: string[]) =>
  ['i-1', 'i-2'].map((id) => ({
    containerInstanceArn: arnOf(id),
    protectedTasks: ids.includes(id) ? [taskArn(`arn:aws:ecs:r:1:task/c/${id}`)] : [],
  }));

describe('an instance with a protected task', () => {
  it('is not chosen, and another one is', () => {
    const { scaleIn } = decidedOn({ ...snapshot, protection: protectedOn('i-1') }).report;
    expect(scaleIn.victims.map(({ instanceId }) => instanceId)).toEqual(['i-2']);
    expect(scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'protected-task' });
  });

  it('keeps everybody where all have one', () => {
    const { plan, report } = decidedOn({ ...snapshot, protection: protectedOn('i-1', 'i-2') });
    expect(plan).toEqual([]);
    expect(report.scaleIn.reason).toBe('no-candidate');
  });
});

describe('an instance of whose tasks nobody asked', () => {
  it('is not chosen, and is to be asked about', () => {
    const { plan, report, memory } = decidedOn({ ...snapshot, protection: [] });
    expect(plan).toEqual([]);
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'protection-unknown' });
    expect(memory.protectionOf).toEqual([arnOf('i-1'), arnOf('i-2')]);
  });

  it('is chosen where it has none but daemons: they are never protected', () => {
    const idle = aSnapshot({ hosts: [{ id: 'i-1' }] });
    const { report } = decidedOn({ ...idle, protection: [] });
    expect(report.scaleIn.victims.map(({ instanceId }) => instanceId)).toEqual(['i-1']);
  });
});
