import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import { decided } from '../support/decided.ts';

const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 2 }], targetUnits: 0 };
const tight = {
  name: 'tight',
  shape: { cpuUnits: 64, memoryMiB: 7_650 },
  desiredCount: 1,
  placementFailure: 'no room',
};

describe('what a type registers', () => {
  it('is estimated low before the first of it has joined', () => {
    expect(decided({ services: [tight], fleet }).report.unschedulable).toMatchObject([{ nearestType: 'm5.large' }]);
  });

  it('stays known when the last instance of the type has left', () => {
    const { memory } = decided({ hosts: [{ id: 'i-1' }], fleet });
    expect(memory.sizes).toEqual({ 'm5.large': { cpuUnits: 2048, memoryMiB: 7_690, gpus: 0 } });
    const after = decided({ services: [tight], fleet }, { memory });
    expect(after.report.unschedulable).toEqual([]);
    expect(after.target.reason).toBe('pending-tasks');
    expect(decided({ services: [tight], fleet }, { memory: NO_MEMORY }).target.reason).toBe('keep');
  });
});
