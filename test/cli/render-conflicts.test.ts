import { describe, expect, it } from 'vitest';
import { renderConflicts } from '../../src/cli/render-conflicts.ts';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { renderStatus } from '../../src/cli/render-status.ts';
import { CONFLICT_ADVICE } from '../../src/cli/words.ts';
import { fleetId, instanceId } from '../../src/model/ids.ts';
import { CONFLICT_KINDS, type Conflict } from '../../src/plan/conflicts/conflict.ts';
import { aReport } from '../support/report-builder.ts';

const AT = Date.UTC(2026, 10, 21, 8, 22);
const MOVED: Conflict = {
  kind: 'target-moved',
  fleetId: fleetId('sfr-1'),
  moves: [
    { at: AT + 60_000, fromUnits: 5, fromSince: AT, isFromOurs: true, toUnits: 9 },
    { at: AT + 120_000, fromUnits: 9, fromSince: AT + 60_000, isFromOurs: false, toUnits: 3 },
  ],
};
const ONE_OF_EACH: readonly Conflict[] = [
  MOVED,
  { kind: 'fleet-may-terminate', fleetId: fleetId('sfr-1'), targetUnits: 6 },
  { kind: 'capacity-rebalancing', fleetId: fleetId('sfr-1'), strategy: 'launch-before-terminate' },
  { kind: 'capacity-provider', provider: 'asg', instanceIds: [instanceId('i-1')], ofFleet: 1 },
  { kind: 'foreign-drain', instances: [{ instanceId: instanceId('i-1'), since: AT }] },
  { kind: 'second-drainer', found: 'lifecycled:lifecycled.service', instanceIds: [instanceId('i-1')] },
];
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

describe('who else acts on the same', () => {
  it('takes no line when nobody does', () => {
    expect(renderConflicts(aReport(), 100)).toBe('');
  });

  it('is told with the evidence and with what to do', () => {
    expect(oneLine(renderConflicts(aReport({ conflicts: [MOVED] }), 100))).toBe(
      'CONFLICT somebody else moves the target capacity of the fleet [target-moved]: ' +
        'the controller asked for 5 (2026-11-21T08:22:00Z), and it is seen at 9 (2026-11-21T08:23:00Z); ' +
        'it was 9 (2026-11-21T08:23:00Z), and it is seen at 3 (2026-11-21T08:24:00Z) ' +
        `To do ${CONFLICT_ADVICE['target-moved']}`,
    );
  });

  it('is told in two lines each, of every kind', () => {
    expect(ONE_OF_EACH.map(({ kind }) => kind)).toEqual(CONFLICT_KINDS);
    const text = renderConflicts(aReport({ conflicts: ONE_OF_EACH }), 100);
    expect(text.match(/^CONFLICT /gm)).toHaveLength(CONFLICT_KINDS.length);
    expect(text.match(/^To do /gm)).toHaveLength(CONFLICT_KINDS.length);
  });

  it('stands on both pages', () => {
    const report = aReport({ conflicts: [MOVED] });
    expect(renderPlan({ plan: [], report })).toMatch(/^CONFLICT /m);
    expect(renderStatus({ report, lease: { kept: null, isRenewed: null, watchedMs: 0 } })).toMatch(/^CONFLICT /m);
  });
});
