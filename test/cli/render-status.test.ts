import { describe, expect, it } from 'vitest';
import { type LeaseFacts, renderStatus } from '../../src/cli/render-status.ts';
import type { Part } from '../../src/model/snapshot.ts';
import { aLine, anUnschedulable, aReport, aShape } from '../support/report-builder.ts';

const lease = ({ isReleased = false, isRenewed = true } = {}): LeaseFacts => ({
  kept: { holder: 'host/1/ab', leaseDurationMs: 15_000, version: 'v', isReleased },
  isRenewed: isReleased ? null : isRenewed,
  watchedMs: 3_004,
});

describe('the status', () => {
  it('shows the leader, the fleet and where every instance stands', () => {
    const ledger = [aLine('i-1'), aLine('i-22', { standing: 'launching', zone: null, taskCount: 0 })];
    expect(renderStatus({ report: aReport({ ledger }), lease: lease() })).toBe(
      `Cluster   production, seen 2026-11-21T08:22:00Z
Fleet     target 6, fulfilled 6, usable 6, leaving 0, short 0 (units)
Leader    host/1/ab, renewed just now (lease of 15 s)

instance  type       zone        units  tasks  standing
i-1       m6i.large  eu-west-1a      2      4  serving    takes tasks
i-22      m6i.large  ?               2      0  launching  launched, not yet known to ECS

2 instances: 1 serving, 1 launching

No task is waiting for room.
`,
    );
  });

  it.each([
    ['nobody ever led', { kept: null, isRenewed: null, watchedMs: 0 }, 'Leader    nobody has led yet'],
    ['the leader gave up', lease({ isReleased: true }), 'Leader    nobody; host/1/ab gave the lease up'],
    [
      'nobody renews the lease',
      lease({ isRenewed: false }),
      'Leader    not seen to be alive: held last by host/1/ab, not renewed while looked at for 3.0 s (lease\n          of 15 s)',
    ],
    ['the lease cannot be read', { unseen: 'reading: Rate exceeded' }, 'Leader    not seen: reading: Rate exceeded'],
  ] as const)('says so when %s', (_name, facts, expected) => {
    expect(renderStatus({ report: aReport(), lease: facts })).toContain(`${expected}\n`);
  });

  it('lists the tasks that wait, and those that no instance could ever take', () => {
    const report = aReport({
      shapes: [aShape({ pending: 5 })],
      unschedulable: [anUnschedulable({ shape: '9cpu/9MiB', nearestType: null })],
    });
    expect(renderStatus({ report, lease: lease() })).toContain(
      'Tasks waiting for room\n  5 of 1024cpu/2048MiB (web)\n  9cpu/9MiB (huge): fits no instance type of the fleet\n',
    );
  });

  it('of an empty cluster says that there are no instances', () => {
    expect(renderStatus({ report: aReport({ ledger: [] }), lease: lease() })).toContain('No instances.');
  });

  it.each(['fleet', 'container-instances'] as const)('does not say that nobody is there without the %s', (part) => {
    const gaps = [{ part, why: 'throttled' }];
    const none = renderStatus({ report: aReport({ ledger: [], gaps }), lease: lease() });
    expect(none).not.toContain('No instances.');
    expect(none).toMatch(/^Instances not known: the .* not seen\.$/m);
    expect(renderStatus({ report: aReport({ gaps }), lease: lease() })).toMatch(
      /; not to be relied on, the .* not seen$/m,
    );
  });

  it.each(['fleet', 'container-instances', 'services', 'definitions', 'tasks'] as const)(
    'does not say that no task waits without the %s',
    (part) => {
      const page = renderStatus({ report: aReport({ gaps: [{ part, why: 'throttled' }] }), lease: lease() });
      expect(page).not.toContain('No task is waiting');
      expect(page).toMatch(/^Whether tasks are waiting for room is not known: the .* not seen\.$/m);
    },
  );

  it('shows no figure of the fleet that could not be worked out', () => {
    const fleetWithout = (part: Part) =>
      /^Fleet .*$/m.exec(
        renderStatus({ report: aReport({ gaps: [{ part, why: 'throttled' }] }), lease: lease() }),
      )?.[0];
    expect(fleetWithout('services')).toBe(
      'Fleet     target 6, fulfilled 6, usable 6, leaving 0, short unknown (units)',
    );
    expect(fleetWithout('container-instances')).toBe(
      'Fleet     target 6, fulfilled 6, usable not seen, leaving not seen, short unknown (units)',
    );
    expect(fleetWithout('fleet')).toBe('Fleet     not seen');
  });

  it('says right below the heading why a controller would not start', () => {
    const page = renderStatus({ report: aReport(), lease: lease(), unfit: 'sfr-1 is of type request' });
    expect(page).toContain('\n\nUNFIT     a controller would not start: sfr-1 is of type request\n\n');
  });

  it('shows no number of tasks for an instance that was not looked at', () => {
    const ledger = [aLine('i-1', { taskCount: null })];
    expect(renderStatus({ report: aReport({ ledger }), lease: lease() })).toMatch(/^i-1 .* 2 {6}\? {2}serving/m);
  });

  it('leaves the words of the standings out of a narrow terminal', () => {
    const page = renderStatus({ report: aReport(), lease: lease(), width: 60 });
    expect(page).toContain('i-1       m6i.large  eu-west-1a      2      4  serving\n');
    expect(page).not.toContain('takes tasks');
  });
});
