import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { renderRestraint } from '../../src/cli/render-restraint.ts';
import { fleetId } from '../../src/model/ids.ts';
import type { Action } from '../../src/plan/plan.ts';
import { aReport, aRestraint } from '../support/report-builder.ts';

const RAISE: Action = {
  kind: 'set-target',
  fleetId: fleetId('sfr-1'),
  fromUnits: 4,
  targetUnits: 6,
  reason: 'pending-tasks',
};
const PAUSE = { of: 'everything', until: Date.UTC(2026, 10, 21, 13), by: 'alice', reason: 'load test' } as const;
const page = (over: Parameters<typeof aRestraint>[0]) => renderRestraint(aReport({ restraint: aRestraint(over) }), 100);

describe('what holds the controller back', () => {
  it('takes no line when nothing does', () => {
    expect(page({})).toBe('');
  });

  it('is told with who said it, why and until when', () => {
    expect(page({ pause: PAUSE, holds: ['paused'], held: [{ action: RAISE, why: 'paused' }] })).toBe(
      'PAUSED    until 2026-11-21T13:00:00Z by alice: load test; nothing is done [paused]\nHeld back 1 action',
    );
    expect(page({ pause: { ...PAUSE, of: 'shrinking', by: '', reason: '' }, holds: ['shrinking-paused'] })).toBe(
      'PAUSED    until 2026-11-21T13:00:00Z; nothing that shrinks is done [shrinking-paused]',
    );
    expect(page({ stop: { key: 'spotkeeper.stop', text: 'incident 4711' }, holds: ['stopped'] })).toMatch(
      /^STOPPED {3}the kill switch is on.*\[stopped\]: *\s*incident 4711$/s,
    );
  });

  it('names the kill switch by its key as it is on the cluster', () => {
    expect(page({ stop: { key: 'Spotkeeper.Stop', text: '' }, holds: ['stopped'] })).toContain('`Spotkeeper.Stop`');
  });

  it('is told in full when several things do', () => {
    const text = page({ mode: 'recommend', holds: ['recommend', 'frozen'], frozen: ['partial-view', 'many-lost'] });
    expect(text.match(/^(Mode|FROZEN) /gm)).toEqual(['Mode ', 'FROZEN ', 'FROZEN ']);
  });

  it('stands beside each action that it holds back', () => {
    const restraint = aRestraint({ pause: PAUSE, holds: ['paused'], held: [{ action: RAISE, why: 'paused' }] });
    const text = renderPlan({ plan: [RAISE], report: aReport({ restraint }) });
    expect(text).toMatch(/1\. set the target capacity of sfr-1 from 4 to 6 units: .*- held back\s+\[paused\]/s);
    expect(renderPlan({ plan: [RAISE], report: aReport() })).not.toContain('held back');
  });
});
