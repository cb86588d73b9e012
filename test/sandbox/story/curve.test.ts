import { describe, expect, it } from 'vitest';
import { capacityCurve } from '../../../src/sandbox/story/figures/curve.ts';
import { anEvidence, arnOf, at, draining, ending, joined, launched, noticed, request, target } from './an-evidence.ts';

const units = (evidence: Parameters<typeof anEvidence>[0]) =>
  capacityCurve(anEvidence(evidence)).map((point) => [
    (point.at - at(0)) / 1_000,
    point.targetUnits,
    point.fulfilledUnits,
    point.usableUnits,
  ]);

const start = [target(0, 4), launched(1, 'i-1', 4), joined(3, 'i-1')];

describe('capacity over time', () => {
  it('counts an instance as fulfilled from its launch and as usable from its joining', () => {
    expect(units({ events: start })).toEqual([
      [0, 4, 0, 0],
      [1, 4, 4, 0],
      [3, 4, 4, 4],
    ]);
  });

  it('counts a noticed instance as fulfilled until it ends, and not as usable', () => {
    expect(units({ events: [...start, noticed(5, 'i-1'), draining(6, 'i-1'), ending(9, 'i-1')] }).slice(3)).toEqual([
      [5, 4, 4, 0],
      [9, 4, 0, 0],
    ]);
  });

  it('counts an instance that was set back to ACTIVE as usable again', () => {
    const back = request(7, 'controller-a', 'UpdateContainerInstancesState', {
      containerInstances: [arnOf('i-1')],
      status: 'ACTIVE',
    });
    expect(units({ events: [...start, draining(6, 'i-1')], records: [back] }).slice(3)).toEqual([
      [6, 4, 4, 0],
      [7.1, 4, 4, 4],
    ]);
  });

  it('leaves out instances that no fleet launched', () => {
    const alone = { ...launched(1, 'i-2', 1), fleetId: null };
    expect(units({ events: [target(0, 4), alone] as typeof start })).toEqual([[0, 4, 0, 0]]);
  });
});
