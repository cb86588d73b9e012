import { describe, expect, it } from 'vitest';
import { RestraintLog } from '../../src/controller/restraint-log.ts';
import { fleetId } from '../../src/model/ids.ts';
import type { Action } from '../../src/plan/plan.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { aRestraint } from '../support/report-builder.ts';

type Given = Parameters<typeof aRestraint>[0];

/** What is said when one pass after the other finds these. */
function saidBy(...passes: Given[]): string[] {
  const { logger, lines } = keepingLogger();
  const log = new RestraintLog(logger);
  for (const each of passes) log.note(aRestraint(each));
  return lines.map(({ level, message }) => `${level}: ${message}`);
}

const PAUSE = { of: 'everything', until: 1_000, by: 'alice', reason: 'x' } as const;
const paused: Given = { pause: PAUSE, holds: ['paused'] };
const frozen: Given = { holds: ['frozen'], frozen: ['many-lost'] };
const raise = (targetUnits: number): Action => ({
  kind: 'set-target',
  fleetId: fleetId('sfr-1'),
  fromUnits: 4,
  targetUnits,
  reason: 'pending-tasks',
});
const recommending = (...actions: Action[]): Given => ({
  mode: 'recommend',
  holds: ['recommend'],
  held: actions.map((action) => ({ action, why: 'recommend' })),
});

describe('the log of what holds the controller back', () => {
  it('says a pause when it begins and when it ends', () => {
    expect(saidBy({}, paused, paused, {}, {})).toEqual(['warn: paused: nothing is done', 'info: the pause is over']);
  });

  it('says a pause again when it is another one', () => {
    expect(saidBy(paused, { ...paused, pause: { ...PAUSE, until: 2_000 } })).toHaveLength(2);
  });

  it('names the kill switch by its key as it is on the cluster', () => {
    const stop = { key: 'Spotkeeper.Stop', text: '' };
    expect(saidBy({ stop, holds: ['stopped'] })).toEqual([
      'warn: the kill switch is on: nothing is done until the tag Spotkeeper.Stop is removed',
    ]);
  });

  it('says a freeze as an error, once, and that it is over', () => {
    const said = saidBy(frozen, frozen, {});
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^error: frozen: many instances went out of sight/);
    expect(said[1]).toMatch(/^info: no longer frozen/);
  });

  it('recommends each action once, until it is another', () => {
    const would = (...passes: Given[]) => saidBy(...passes).filter((line) => line === 'info: would do').length;
    expect(would(recommending(raise(6)), recommending(raise(6)))).toBe(1);
    expect(would(recommending(raise(6)), recommending(raise(7)), recommending())).toBe(2);
    expect(would({ mode: 'observe', holds: ['observe'], held: [{ action: raise(6), why: 'observe' }] })).toBe(0);
  });
});
