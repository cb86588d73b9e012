import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { containerInstanceArn, fleetId, instanceId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { aLine, anUnschedulable, aReport, aScenario, aShape } from '../support/report-builder.ts';

const on = { instanceId: instanceId('i-1'), containerInstanceArn: containerInstanceArn('arn:1') };

describe('the plan report', () => {
  it('of a calm cluster says that there is nothing to do, and why', () => {
    expect(renderPlan({ plan: [], report: aReport() })).toBe(`Cluster   production, seen 2026-11-21T08:22:00Z
Fleet     target 6, fulfilled 6, usable 6, leaving 0, short 0 (units)
Lead time half of what launches takes tasks within 1 min 35 s, nearly all within 3 min (learned)

largest tasks       free now  promised  after loss  in flight  pending  short
A  1024cpu/2048MiB         3         2           -          0        0      0

A  used by web

Every scenario holds [now, promise].

Target    stays at 6 units: the target is right [keep]
Scale-in  nobody leaves: the room of every instance is needed [no-surplus]

Nothing to do.
`);
  });

  it('numbers the actions in their order, each with its reason', () => {
    const plan: Plan = [
      { kind: 'reactivate', reason: 'need-returned', ...on },
      { kind: 'set-target', fleetId: fleetId('sfr-1'), fromUnits: 6, targetUnits: 8, reason: 'pending-tasks' },
      { kind: 'mark-retiring', reason: 'excess', since: 0, ...on },
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
      victims: [],
      unremovable: [{ instanceId: instanceId('i-1'), reason: 'standalone-task' }],
    } as const;
    expect(renderPlan({ plan: [], report: aReport({ scaleIn }) })).toContain(
      'May not leave\n  i-1: runs a standalone task, which ECS would not start again elsewhere [standalone-task]\n',
    );
  });

  it('names many instances that may not leave by their reason, and counts the rest', () => {
    const unremovable = Array.from({ length: 900 }, (_, index) => ({
      instanceId: instanceId(`i-${index}`),
      reason: 'room-needed' as const,
    }));
    const scaleIn = { reason: 'no-candidate', victims: [], unremovable } as const;
    expect(renderPlan({ plan: [], report: aReport({ scaleIn }) })).toContain(
      'May not leave\n  i-0, i-1, i-2, i-3 and 896 more: its room is needed',
    );
  });

  it('says which scenario is short of most', () => {
    const target = { ...aReport().target, scenario: 'pool-loss', shortUnits: 9 } as const;
    expect(renderPlan({ plan: [], report: aReport({ target }) })).toContain(
      'Short of  9 units, most of all for: the loss of one pool [pool-loss]\n',
    );
  });

  it('says whether a lead time is learned or assumed', () => {
    const leadTime = { p50Ms: 60_000, p95Ms: 150_000, isLearned: false };
    expect(renderPlan({ plan: [], report: aReport({ leadTime }) })).toContain(
      'within 1 min, nearly all within 2 min 30 s (assumed)',
    );
  });

  it('names what was set aside, with where and why', () => {
    const report = aReport({
      setAside: [
        { kind: 'service', subject: 'web', reason: 'malformed-expression', detail: 'column 17: expected a value' },
      ],
    });
    expect(renderPlan({ plan: [], report })).toContain(`Set aside: seen, and part of no decision
  service web: a placement constraint cannot be read [malformed-expression]: column 17: expected a
    value
`);
  });

  it('shows single instances only when asked', () => {
    expect(renderPlan({ plan: [], report: aReport() })).not.toContain('i-1');
    expect(renderPlan({ plan: [], report: aReport(), isByInstance: true })).toContain('i-1');
  });

  it.each([40, 60, 80, 100])('keeps within %i columns, ids and expressions aside', (width) => {
    const report = aReport({
      shapes: [aShape({ short: 1, obstacle: 'eni', afterLoss: { pool: 'm6i.large eu-west-1a', schedulable: 1 } })],
      ledger: [aLine('i-0123456789abcdef0', { schedulable: [0], obstacles: ['distinct-instance'] })],
      scenarios: [aScenario({ name: 'arrivals', unplaced: 3, shortUnits: 4 })],
      unschedulable: [anUnschedulable()],
    });
    const page = renderPlan({ plan: [], report, isByInstance: true, width });
    expect(page.split('\n').filter((line) => line.length > width)).toEqual([]);
  });

  it('shows what could not be seen, and no figures of a fleet that was not', () => {
    const report = aReport({ gaps: [{ part: 'fleet', why: 'describing sfr-1: Rate exceeded' }], shapes: [] });
    const page = renderPlan({ plan: [], report });
    expect(page).toContain('Could not see\n  the fleet: describing sfr-1: Rate exceeded\n');
    expect(page).toContain('Fleet     not seen\n');
    expect(page).not.toContain('units');
  });

  it.each(['fleet', 'container-instances', 'services'] as const)(
    'does not say that there is nothing to do without the %s',
    (part) => {
      const page = renderPlan({ plan: [], report: aReport({ gaps: [{ part, why: 'throttled' }] }) });
      expect(page).not.toContain('Nothing to do');
      expect(page).toMatch(/^What there is to do is not known: the .* not seen\.$/m);
    },
  );

  it('without a lesser part says that there is nothing to do as far as could be seen', () => {
    const page = renderPlan({ plan: [], report: aReport({ gaps: [{ part: 'tasks', why: 'throttled' }] }) });
    expect(page).toContain('Nothing to do, as far as could be seen.\n');
  });
});
