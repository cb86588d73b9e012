// What a standby saw, and what it is worth to the leader it becomes: a large cluster on paper, passes 15 s apart.
import { describe, expect, it } from 'vitest';
import { Observer } from '../../src/controller/observe.ts';
import type { Gap } from '../../src/model/snapshot.ts';
import { aSnapshot, NOW } from '../support/builders.ts';
import { paperSources } from '../support/paper-sources.ts';
import { steppedClock } from '../support/stepped-clock.ts';

const PASS_MS = 15_000;
const LOOK_MS = 45_000;

function aStandby({ instances, services }: { instances: number; services: number }) {
  const clock = steppedClock(NOW);
  const snapshot = aSnapshot({
    hosts: Array.from({ length: instances }, (_, index) => ({ id: `i-${index}` })),
    services: Array.from({ length: services }, (_, index) => ({ name: `s${index}` })),
  });
  const observer = new Observer(paperSources(snapshot, clock));
  const look = async (): Promise<readonly Gap[]> => (await observer.observe({ lookAt: [] })).gaps;
  return {
    clock,
    observer,
    look,
    /** Reads until it has everything, and then looks now and then for so long. */
    async stand(forMs = 180_000) {
      for (let looks = 0; looks === 0 || observer.isStillReading; looks += 1) {
        if (looks > 100) throw new Error('it never has all of it');
        clock.advance(PASS_MS);
        await look();
      }
      for (let passedMs = 0; passedMs < forMs; passedMs += LOOK_MS) {
        clock.advance(LOOK_MS);
        await look();
      }
    },
    /** The gaps of each pass as leader until there is none. */
    async lead() {
      observer.quicken();
      const passes: (readonly Gap[])[] = [];
      while (passes.length === 0 || passes.at(-1)?.length !== 0) {
        if (passes.length > 20) throw new Error(`still ${JSON.stringify(passes.at(-1))}`);
        passes.push(await look());
        clock.advance(PASS_MS);
      }
      return passes;
    },
  };
}

describe('a leader that stood by', () => {
  it('sees all of a small cluster in its first pass', async () => {
    const standby = aStandby({ instances: 20, services: 20 });
    await standby.stand();
    standby.clock.advance(LOOK_MS);
    expect(await standby.lead()).toEqual([[]]);
  });

  it('sees all of a large cluster in its first pass, and gives nothing away by what it saw long ago', async () => {
    const standby = aStandby({ instances: 5_000, services: 600 });
    await standby.stand();
    standby.clock.advance(LOOK_MS);
    const passes = await standby.lead();
    // Nothing but age: that forbids shrinking, and nothing else.
    expect(new Set(passes.flat().map(({ part }) => part))).toEqual(new Set(['age']));
    expect(passes[0]?.[0]?.why).toMatch(/^seen while standing by, and to be looked at again: \d+ container instances/);
    expect(passes.length).toBeLessThanOrEqual(8);
  });

  it('may be elected long after its last look, and then trusts nothing that it has not looked at again', async () => {
    const standby = aStandby({ instances: 5_000, services: 600 });
    await standby.stand(0);
    standby.clock.advance(3_600_000);
    standby.observer.quicken();
    const [gap] = await standby.look();
    const counts = [...(gap?.why.matchAll(/\d+/g) ?? [])].map(Number);
    // Some of each have been looked at in this very pass.
    expect(counts.length).toBeGreaterThanOrEqual(2);
    expect(counts[0]).toBeGreaterThan(2_000);
    expect(counts[0]).toBeLessThan(5_000);
  });

  it('is held up by age no second time', async () => {
    const standby = aStandby({ instances: 5_000, services: 600 });
    await standby.stand();
    await standby.lead();
    standby.clock.advance(120_000);
    expect(await standby.look()).toEqual([]);
  });
});

describe('a leader that did not stand by', () => {
  it('has a large cluster to read first, and is blind until then', async () => {
    const passes = await aStandby({ instances: 5_000, services: 600 }).lead();
    expect(passes.length).toBeGreaterThan(2);
    expect(passes[0]?.map(({ part }) => part)).toContain('container-instances');
  });
});
