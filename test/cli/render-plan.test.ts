import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { containerInstanceArn, fleetId, instanceId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { aReport, aShape } from './a-report.ts';

const on = { instanceId: instanceId('i-1'), containerInstanceArn: containerInstanceArn('arn:1') };

describe('the plan report', () => {
  it('of a calm cluster says that there is nothing to do, and why', () => {
    expect(renderPlan({ plan: [], report: aReport() })).toBe(`Cluster   production, seen 2026-11-21T08:22:00Z
Fleet     target 6, fulfilled 6, usable 6, leaving 0, short 0 (units)

task shape       largest  schedulable now  in flight  promised  pending  short  services
1024cpu/2048MiB  yes                    3          0         2        0      0  web

Target    stays at 6 units: the target is right [keep]
Scale-in  nobody leaves: the room of every instance is needed [no-surplus]

Nothing to do.
`);
  });

  it('shows the largest shapes first', () => {
    const shapes = [aShape({ shape: '1cpu/1MiB', isLargest: false }), aShape({ shape: '9cpu/9MiB' })];
    const page = renderPlan({ plan: [], report: aReport({ shapes }) });
    expect(page.indexOf('9cpu')).toBeLessThan(page.indexOf('1cpu/1MiB'));
  });

  it('numbers the actions in their order, each with its reason', () => {
    const plan: Plan = [
      { kind: 'reactivate', reason: 'need-returned', ...on },
      { kind: 'set-target', fleetId: fleetId('sfr-1'), fromUnits: 6, targetUnits: 8, reason: 'pending-tasks' },
      { kind: 'mark-retiring', reason: 'excess', ...on },
      { kind: 'drain', reason: 'excess', ...on },
      { kind: 'terminate', reason: 'excess', ...on },
    ];
    expect(renderPlan({ plan, report: aReport() })).toContain(`Would do, in this order
  1. take i-1 back into service: its room is needed after all
  2. set the target capacity of sfr-1 from 6 to 8 units: tasks that ECS wants running have no place
  3. mark i-1 as retiring: its room is not needed
  4. drain i-1: its room is not needed
  5. terminate i-1, which is empty: its room is not needed
`);
  });

  it('shows where the target goes', () => {
    const target = { ...aReport().target, reason: 'pending-tasks', shortUnits: 2, proposedUnits: 8 } as const;
    expect(renderPlan({ plan: [], report: aReport({ target }) })).toContain(
      'Target    6 -> 8 units: tasks that ECS wants running have no place [pending-tasks]',
    );
  });

  it('says why each instance may not leave', () => {
    const scaleIn = {
      reason: 'no-candidate',
      victim: null,
      unremovable: [{ instanceId: instanceId('i-1'), reason: 'standalone-task' }],
    } as const;
    expect(renderPlan({ plan: [], report: aReport({ scaleIn }) })).toContain(
      'May not leave\n  i-1 runs a standalone task, which ECS would not start again elsewhere [standalone-task]\n',
    );
  });

  it('names the nearest type and what it lacks for a shape that fits none', () => {
    const unschedulable = [
      {
        shape: '99999cpu/1MiB',
        services: ['huge'],
        nearestType: 'm6i.large',
        missing: { cpuUnits: 97_951, memoryMiB: 0 },
      },
    ];
    expect(renderPlan({ plan: [], report: aReport({ unschedulable }) })).toContain(
      '  99999cpu/1MiB (huge); the nearest, m6i.large, lacks 97951 cpu units\n',
    );
  });

  it('shows what could not be seen, and no figures of a fleet that was not', () => {
    const report = aReport({ gaps: [{ part: 'fleet', why: 'describing sfr-1: Rate exceeded' }], shapes: [] });
    const page = renderPlan({ plan: [], report });
    expect(page).toContain('Could not see\n  the fleet: describing sfr-1: Rate exceeded\n');
    expect(page).toContain('Fleet     not seen\n');
    expect(page).not.toContain('units');
  });
});
