// Passes over clusters at random, written to real files and read back.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RecordedPass } from '../../../src/controller/recording/frame.ts';
import { openRecording, type ReadPass } from '../../../src/controller/recording/read-recording.ts';
import { Recorder } from '../../../src/controller/recording/recorder.ts';
import { RETIREMENT_REASONS } from '../../../src/model/attributes.ts';
import type { ClusterSnapshot } from '../../../src/model/snapshot.ts';
import { plan } from '../../../src/plan/decide.ts';
import { type Memory, NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Policy } from '../../../src/plan/policy.ts';
import { RotatedLines } from '../../../src/runtime/rotated-lines.ts';
import { aPolicy, aRetirement, aSnapshot, NOW } from '../../support/builders.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { somePolicies, someWorlds } from '../../support/some-worlds.ts';
import { mixed, snapshotOf } from '../../support/wide-clusters.ts';

const MIB = 1_048_576;
const PASS_MS = 15_000;

/** As every policy that comes from a file: its numbers are finite, so text can hold them. */
const finite = (policy: Policy): Policy => ({
  ...policy,
  retirement: aRetirement({
    drain: Object.fromEntries(
      RETIREMENT_REASONS.map((reason) => [reason, { limitMs: 600_000, end: 'give-up' }]),
    ) as Policy['retirement']['drain'], // every reason, which fromEntries cannot say
  }),
});

function aPass(snapshot: ClusterSnapshot, { now = NOW, policy = finite(aPolicy()), memory = NO_MEMORY } = {}) {
  const input = { snapshot, policy, memory, now };
  const { plan: actions, report, memory: next } = plan(input);
  return { pass: { input, plan: actions, report, failure: null } satisfies RecordedPass, memory: next };
}

/** A pass over a cluster of so many instances that each run a task. */
function aQuietPass(now: number, instances = 3): RecordedPass {
  const hosts = Array.from({ length: instances }, (_, index) => ({ id: `i-${index}`, tasks: { web: 1 } }));
  return aPass(aSnapshot({ hosts, services: [{ name: 'web' }], snapshot: { observedAt: now } }), { now }).pass;
}

function stage({ directory = aFolder(), maximumBytes = 64 * MIB } = {}) {
  const { logger, lines: said } = keepingLogger();
  const recorder = new Recorder({ lines: new RotatedLines({ directory, maximumBytes }), logger });
  const files = () => readdirSync(directory).sort();
  const path = (index: number) => join(directory, files()[index] ?? 'nothing');
  // Its file is closed, wherever a test leaves it.
  onTestFinished(() => recorder.close());
  return { directory, recorder, said, files, path };
}

async function readBack(directory: string, from = 0) {
  const recording = await openRecording(directory);
  const passes: ReadPass[] = [];
  for await (const pass of recording.passesSince(from)) passes.push(pass);
  return { passes, damaged: recording.damaged, recording };
}

const text = (value: unknown): string => JSON.stringify(value);
/** What a pass was, without what only a reader knows. */
const factsOf = ({ input, plan: actions, report, failure }: RecordedPass) =>
  text([input.snapshot, input.policy, input.memory, input.now, actions, report, failure]);

describe('a recording', () => {
  it('gives back every pass as it was, and planned again each gives the same plan and report', async () => {
    const days = fc.record({
      first: someWorlds(6),
      changes: fc.array(fc.tuple(someWorlds(6), fc.nat(0x1f_ffff)), { minLength: 1, maxLength: 5 }),
      policy: somePolicies.map(finite),
      // Small files, so that some recordings have several.
      maximumBytes: fc.constantFrom(64 * MIB, 400_000),
    });
    await fc.assert(
      fc.asyncProperty(days, async ({ first, changes, policy, maximumBytes }) => {
        const { directory, recorder } = stage({ maximumBytes });
        let [world, memory, now]: [typeof first, Memory, number] = [first, NO_MEMORY, NOW];
        const facts: string[] = [];
        for (const [fresh, mask] of changes) {
          world = mixed(world, fresh, mask);
          const made = aPass({ ...snapshotOf(world), observedAt: now }, { now, policy, memory });
          facts.push(factsOf(made.pass));
          recorder.record(made.pass);
          await recorder.idle();
          memory = made.memory;
          now += PASS_MS;
        }
        await recorder.close();
        const { passes, damaged } = await readBack(directory);
        expect(damaged).toEqual([]);
        expect(passes.map(factsOf)).toEqual(facts);
        for (const { input, plan: actions, report } of passes) {
          const again = plan(input);
          expect(text([again.plan, again.report])).toBe(text([actions, report]));
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('has what was seen when, although the next observation moves that in place', async () => {
    const { directory, recorder } = stage();
    const pass = aQuietPass(NOW);
    recorder.record(pass);
    for (const instance of pass.input.snapshot.containerInstances) {
      (instance as { seenAt: number }).seenAt = NOW + PASS_MS;
    }
    recorder.record({ ...pass, input: { ...pass.input, now: NOW + PASS_MS } });
    await recorder.close();
    const { passes } = await readBack(directory);
    const seen = passes.map(({ input }) => input.snapshot.containerInstances.map(({ seenAt }) => seenAt));
    expect(seen).toEqual([Array(3).fill(NOW), Array(3).fill(NOW + PASS_MS)]);
  });

  it('takes little room for a pass in which nothing happens, however large the cluster', async () => {
    const { recorder, path } = stage();
    const pass = aQuietPass(NOW, 200);
    recorder.record(pass);
    await recorder.idle();
    const whole = readFileSync(path(0)).length;
    const later = {
      ...pass.input,
      now: NOW + PASS_MS,
      snapshot: { ...pass.input.snapshot, observedAt: NOW + PASS_MS },
    };
    recorder.record({ ...pass, input: later });
    await recorder.idle();
    expect(whole).toBeGreaterThan(100_000);
    expect(readFileSync(path(0)).length - whole).toBeLessThan(300);
    await recorder.close();
  });

  it('begins a file for each reign', async () => {
    const { directory, recorder, files } = stage();
    recorder.begin();
    recorder.record(aQuietPass(NOW));
    await recorder.idle();
    recorder.begin();
    recorder.record(aQuietPass(NOW + PASS_MS));
    await recorder.close();
    expect(files()).toEqual(['20261121T120000.000Z.jsonl.gz', '20261121T120015.000Z.jsonl.gz']);
    expect((await readBack(directory)).passes.map(({ at }) => at)).toEqual([NOW, NOW + PASS_MS]);
  });

  it('can be read from an instant on, and knows its beginning and its end', async () => {
    const { directory, recorder } = stage();
    for (let pass = 0; pass < 4; pass += 1) {
      if (pass === 2) recorder.begin();
      recorder.record(aQuietPass(NOW + pass * PASS_MS));
      await recorder.idle();
    }
    await recorder.close();
    const { passes, recording } = await readBack(directory, NOW + PASS_MS);
    expect(passes.map(({ at }) => (at - NOW) / PASS_MS)).toEqual([1, 2, 3]);
    expect(recording.beganAt).toBe(NOW);
    expect(await recording.lastAt()).toBe(NOW + 3 * PASS_MS);
  });

  it('is empty where nothing was ever recorded', async () => {
    const { passes, recording } = await readBack(join(aFolder(), 'nowhere'));
    expect(passes).toEqual([]);
    expect(recording.beganAt).toBeNull();
    expect(await recording.lastAt()).toBeNull();
  });
});

describe('a recording that was hurt', () => {
  async function ofTwo() {
    const { directory, recorder, path } = stage();
    recorder.record(aQuietPass(NOW));
    await recorder.idle();
    recorder.record(aQuietPass(NOW + PASS_MS));
    await recorder.idle();
    return { directory, recorder, path };
  }

  it('in the middle of its last line, as by a crash, is whole up to there, and nothing to talk about', async () => {
    const { directory, path } = await ofTwo();
    const size = readFileSync(path(0)).length;
    truncateSync(path(0), size - 20);
    const { passes, damaged } = await readBack(directory);
    expect(passes.map(({ at }) => at)).toEqual([NOW]);
    expect(damaged).toEqual([]);
  });

  it('in a line that others follow is read up to there, and the file is named', async () => {
    const { directory, path } = await ofTwo();
    const [first = '', second = ''] = readFileSync(path(0), 'utf8').split('\n');
    writeFileSync(path(0), `${first}\n{"cut\n${second}\n`);
    const { passes, damaged } = await readBack(directory);
    expect(passes.map(({ at }) => at)).toEqual([NOW]);
    expect(damaged).toEqual(['20261121T120000.000Z.jsonl']);
  });

  it('in a compressed file is read as far as it goes, and the file is named', async () => {
    const { directory, recorder, path } = await ofTwo();
    await recorder.close();
    const size = readFileSync(path(0)).length;
    truncateSync(path(0), size - 30);
    expect((await readBack(directory)).damaged).toEqual(['20261121T120000.000Z.jsonl.gz']);
  });

  it('or is of a version to come is not guessed at', async () => {
    const { directory, path } = await ofTwo();
    appendFileSync(path(0), `${text({ format: 2, at: NOW + 2 * PASS_MS, missed: 0, change: null })}\n`);
    const { passes, damaged } = await readBack(directory);
    expect(passes).toHaveLength(2);
    expect(damaged).toHaveLength(1);
  });
});

describe('a recorder that cannot write', () => {
  it('says so once and when it ends, with how many passes are missing; then it is whole again', async () => {
    const directory = join(aFolder(), 'recording');
    writeFileSync(directory, 'a file where the directory should be');
    const { recorder, said } = stage({ directory });
    for (let pass = 0; pass < 3; pass += 1) {
      recorder.record(aQuietPass(NOW + pass * PASS_MS));
      await recorder.idle();
    }
    rmSync(directory);
    recorder.record(aQuietPass(NOW + 3 * PASS_MS));
    await recorder.idle();
    await recorder.close();
    expect(said.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'passes cannot be recorded; all else goes on'],
      ['info', 'passes are recorded again'],
    ]);
    expect(said[1]?.fields).toEqual({ missed: 3 });
    expect((await readBack(directory)).passes).toMatchObject([{ at: NOW + 3 * PASS_MS, missed: 3 }]);
  });

  it('begins a new file when the directory is gone and there again', async () => {
    const { directory, recorder } = stage();
    recorder.record(aQuietPass(NOW));
    await recorder.idle();
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    recorder.begin();
    recorder.record(aQuietPass(NOW + PASS_MS));
    await recorder.idle();
    recorder.record(aQuietPass(NOW + 2 * PASS_MS));
    await recorder.close();
    expect((await readBack(directory)).passes.at(-1)).toMatchObject({ at: NOW + 2 * PASS_MS });
  });

  it('says so when its directory was deleted while it leads, and begins anew with all there is', async () => {
    const { directory, recorder, said } = stage();
    recorder.record(aQuietPass(NOW));
    await recorder.idle();
    rmSync(directory, { recursive: true });
    for (const pass of [1, 2, 3]) {
      recorder.record(aQuietPass(NOW + pass * PASS_MS));
      await recorder.idle();
    }
    expect(said.map(({ message }) => message)).toEqual([
      'passes cannot be recorded; all else goes on',
      'passes are recorded again',
    ]);
    expect((await readBack(directory)).passes).toMatchObject([
      { at: NOW + 2 * PASS_MS, missed: 1 },
      { at: NOW + 3 * PASS_MS, missed: 0 },
    ]);
  });
});

describe('a disk that is slower than the passes', () => {
  /** Lines that are written when the test says so. */
  class HeldLines {
    isAtStart = true;
    readonly written: number[] = [];
    #finish: () => void = () => {};

    append(_line: string, at: number): Promise<void> {
      return new Promise((resolve) => {
        this.#finish = () => {
          this.written.push(at);
          resolve();
        };
      });
    }

    async end(): Promise<void> {}

    async finish(): Promise<void> {
      this.#finish();
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  it('holds up no pass: one is written, the newest waits, and what lies between is left out and counted', async () => {
    const lines = new HeldLines();
    const { logger, lines: said } = keepingLogger();
    const recorder = new Recorder({ lines, logger });
    for (const pass of [1, 2, 3, 4]) recorder.record(aQuietPass(pass));
    await lines.finish();
    await lines.finish();
    expect(lines.written).toEqual([1, 4]);
    expect(said.map(({ message }) => message)).toEqual([
      'passes come faster than they can be recorded; some are left out of the record',
    ]);
    for (let pass = 5; pass < 40; pass += 1) {
      recorder.record(aQuietPass(pass));
      await lines.finish();
    }
    expect(said.slice(1)).toMatchObject([{ level: 'info', fields: { missed: 2 } }]);
  });
});
