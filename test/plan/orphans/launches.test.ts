// Launches that come to nothing, over hours: the asks stop, one is tried now and then, and a success makes up for all.
import { describe, expect, it } from 'vitest';
import { type Memory, NO_MEMORY } from '../../../src/plan/memory.ts';
import { aPolicy, type Host, NOW, type ServiceSpec } from '../../support/builders.ts';
import { type Decided, decided } from '../../support/decided.ts';

const web: ServiceSpec = {
  name: 'web',
  shape: { cpuUnits: 1024, memoryMiB: 2048 },
  desiredCount: 20,
  runningCount: 2,
  placementFailure: 'no room',
};
const MINUTE = 60_000;

interface Launched {
  readonly id: string;
  readonly at: number;
}

/** A fleet whose launches join or not, and a controller that plans every minute and is obeyed at once. */
class Hours {
  #memory: Memory = NO_MEMORY;
  #now = NOW;
  #targetUnits = 2;
  #launched: Launched[] = [];
  #count = 0;
  doJoin = false;
  readonly launches: number[] = [];
  readonly reasons: string[] = [];

  /** So many passes; the last one's decision. */
  play(minutes: number): Decided {
    let last: Decided | null = null;
    for (let minute = 0; minute < minutes; minute += 1) last = this.#pass();
    if (last === null) throw new Error('no pass');
    return last;
  }

  get minute(): number {
    return (this.#now - NOW) / MINUTE;
  }

  #pass(): Decided {
    while (this.#targetUnits > 2 + 2 * this.#launched.length) {
      this.#count += 1;
      this.#launched.push({ id: `i-${String(this.#count).padStart(4, '0')}`, at: this.#now });
      this.launches.push(this.minute);
    }
    const hosts: Host[] = [
      { id: 'i-0', tasks: { web: 2 } },
      ...this.#launched.map(
        ({ id, at }): Host => ({
          id,
          instance: { launchedAt: at },
          containerInstance:
            this.doJoin && this.#now - at >= 2 * MINUTE ? { registeredAt: at + MINUTE, seenAt: this.#now } : null,
        }),
      ),
    ];
    const fleet = { targetUnits: this.#targetUnits, options: [{ instanceType: 'm5.large', weightUnits: 2 }] };
    const snapshot = { observedAt: this.#now };
    const decision = decided({ hosts, services: [web], fleet, snapshot }, { memory: this.#memory, now: this.#now });
    this.#memory = decision.memory;
    this.reasons.push(decision.target.reason);
    for (const action of decision.plan) {
      if (action.kind === 'set-target') this.#targetUnits = action.targetUnits;
      if (action.kind === 'terminate') this.#launched = this.#launched.filter(({ id }) => id !== action.instanceId);
    }
    this.#now += MINUTE;
    return decision;
  }
}

describe('launches that never join', () => {
  it('stop after a few, are ended, and are tried one at a time with growing pauses', () => {
    const hours = new Hours();
    const { report } = hours.play(14);
    const before = hours.launches.length;
    // Nine are needed, and for what is late others are asked for.
    expect(before).toBeGreaterThanOrEqual(9);
    expect(report.launches).toMatchObject({ failed: expect.any(Number), stoppedSince: expect.any(Number) });
    expect(hours.reasons).toContain('launches-stopped');
    hours.play(8 * 60);
    const tries = hours.launches.slice(before);
    const pauses = tries.slice(1).map((minute, at) => minute - (tries[at] ?? 0));
    // In tens, as one is launched a pass after it was asked for, or at once in place of one that was ended.
    expect(pauses.slice(0, 4).map((pause) => Math.round(pause / 10))).toEqual([2, 4, 6, 6]);
    // A member that is just launched, or none: what failed is ended.
    expect(hours.play(1).report.ledger.length).toBeLessThanOrEqual(2);
    expect(hours.reasons.slice(20)).toContain('launches-fail');
  });

  it('are asked for in full again once one has joined', () => {
    const hours = new Hours();
    hours.play(60);
    hours.doJoin = true;
    const { report, target } = hours.play(120);
    expect(report.launches).toEqual({ failed: 0, stoppedSince: null, nextTryAt: null });
    expect(target).toMatchObject({ reason: 'keep', fulfilledUnits: 20 });
  });

  it('do not stop those that join beside them', () => {
    const orphan = (id: string): Host => ({ id, containerInstance: null, instance: { launchedAt: NOW - 11 * MINUTE } });
    const joined: Host = {
      id: 'i-9',
      instance: { launchedAt: NOW - 11 * MINUTE },
      containerInstance: { registeredAt: NOW - 9 * MINUTE },
    };
    const hosts = ['i-1', 'i-2', 'i-3'].map(orphan);
    expect(decided({ hosts }).report.launches.stoppedSince).toBe(NOW);
    expect(decided({ hosts: [...hosts, joined] }).report.launches).toEqual({
      failed: 0,
      stoppedSince: null,
      nextTryAt: null,
    });
  });

  it('are not counted where orphans are kept', () => {
    const hosts = ['i-1', 'i-2', 'i-3'].map(
      (id): Host => ({ id, containerInstance: null, instance: { launchedAt: NOW - 11 * MINUTE } }),
    );
    const orphans = { ...aPolicy().orphans, response: 'keep' as const };
    expect(decided({ hosts }, { policy: { orphans } }).report.launches.failed).toBe(0);
  });
});
