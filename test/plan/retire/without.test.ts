// Whether an instance may leave: only where its tasks find another place, wherever ECS may put them.
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/plan/decide.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Policy } from '../../../src/plan/policy.ts';
import { aHeadroom, aPolicy, aSnapshot, type ClusterSpec, NOW } from '../../support/builders.ts';

/** Who leaves, and why the others do not. */
function scaleInOf(spec: ClusterSpec, headroom: Partial<Policy['headroom']> = {}) {
  const policy = aPolicy({ headroom: aHeadroom({ largestTasks: 0, ...headroom }) });
  return plan({ snapshot: aSnapshot(spec), policy, memory: NO_MEMORY, now: NOW }).report.scaleIn;
}

const web = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const big = { registered: { cpuUnits: 8192, memoryMiB: 31_000 } };

describe('an instance', () => {
  it('stays while it runs what no type of the fleet could host any more', () => {
    const huge = { name: 'huge', shape: { cpuUnits: 6000, memoryMiB: 8192 } };
    const hosts = [
      { id: 'i-1', type: 'm5.2xlarge', containerInstance: big, tasks: { huge: 1 } },
      { id: 'i-2', tasks: { web: 2 } },
    ];
    const { victims, unremovable } = scaleInOf({ hosts, services: [huge, web] });
    expect(victims[0]?.instanceId).toBe('i-2');
    expect(unremovable).toContainEqual({ instanceId: 'i-1', reason: 'room-needed' });
  });

  it('may leave where another one that is there hosts what no type of the fleet could', () => {
    const huge = { name: 'huge', shape: { cpuUnits: 6000, memoryMiB: 8192 } };
    const hosts = [
      { id: 'i-1', type: 'm5.2xlarge', containerInstance: big, tasks: { huge: 1 } },
      { id: 'i-2', type: 'm5.2xlarge', containerInstance: big, tasks: { web: 1 } },
      { id: 'i-3', tasks: { web: 2 } },
    ];
    expect(scaleInOf({ hosts, services: [huge, web] }).victims[0]?.instanceId).toBe('i-1');
  });

  it('stays where ECS, by memory alone, would put its tasks into the room that is promised', () => {
    const small = { name: 'small', shape: { cpuUnits: 500, memoryMiB: 1000 } };
    const others = [
      { id: 'i-cpu', isMember: false, containerInstance: { registered: { cpuUnits: 8192, memoryMiB: 5000 } } },
      { id: 'i-memory', isMember: false, containerInstance: { registered: { cpuUnits: 2048, memoryMiB: 7690 } } },
      { id: 'i-tight', isMember: false, containerInstance: { registered: { cpuUnits: 600, memoryMiB: 1200 } } },
    ];
    const hosts = [{ id: 'i-1', tasks: { small: 1 } }, ...others];
    const pins = [{ cpuUnits: 100, memoryMiB: 7000, gpus: 0, tasks: 1 }];
    expect(scaleInOf({ hosts, services: [small] }, { pins })).toMatchObject({ victims: [], reason: 'no-surplus' });
    expect(scaleInOf({ hosts, services: [small] }).victims[0]?.instanceId).toBe('i-1');
  });
});
