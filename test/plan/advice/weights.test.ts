import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetOption } from '../../../src/model/fleet.ts';
import { weightAdvice } from '../../../src/plan/advice/weights.ts';
import type { WeightAdvice } from '../../../src/plan/report.ts';
import { aShape } from '../../support/builders.ts';
import { emptyRoomsOf, someEmptyRooms, someNeeds } from '../../support/empty-rooms.ts';

const NO_NAMES = new Map<string, string>();
const EVEN_ENOUGH = 0.02;

function optionsOf(weights: Readonly<Record<string, number>>): FleetOption[] {
  return Object.entries(weights).map(([instanceType, weightUnits]) => ({ instanceType, weightUnits }));
}

function recommendedOf(advice: WeightAdvice | null): Record<string, number> {
  return Object.fromEntries((advice?.types ?? []).map((type) => [type.instanceType, type.recommendedWeight]));
}

// What 2xlarge instances register of 16, 32 and 64 GiB.
const C_M_R = {
  'c5.2xlarge': { cpuUnits: 8_192, memoryMiB: 15_600 },
  'm5.2xlarge': { cpuUnits: 8_192, memoryMiB: 31_500 },
  'r5.2xlarge': { cpuUnits: 8_192, memoryMiB: 63_500 },
};
const VCPU = { 'c5.2xlarge': 8, 'm5.2xlarge': 8, 'r5.2xlarge': 8 };

describe('weights by vCPU', () => {
  const memoryShaped = aShape({ cpuUnits: 4_096, memoryMiB: 14_336 });
  const advice = weightAdvice(optionsOf(VCPU), emptyRoomsOf(C_M_R), [memoryShaped], NO_NAMES);

  it('lose half of what was asked for with tasks of 4 vCPU and 14 GiB (F12)', () => {
    expect(advice).toMatchObject({ shape: '4096cpu/14336MiB', loss: 0.5 });
    expect(advice?.types.map(({ slots, slotsPerUnit }) => [slots, slotsPerUnit])).toEqual([
      [1, 0.125],
      [2, 0.25],
      [2, 0.25],
    ]);
  });

  it('are better as one unit a slot', () => {
    expect(recommendedOf(advice)).toEqual({ 'c5.2xlarge': 1, 'm5.2xlarge': 2, 'r5.2xlarge': 2 });
  });

  it('are right for tasks shaped like cpu', () => {
    const cpuShaped = aShape({ cpuUnits: 2_048, memoryMiB: 2_048 });
    expect(weightAdvice(optionsOf(VCPU), emptyRoomsOf(C_M_R), [cpuShaped], NO_NAMES)).toBeNull();
  });
});

describe('weight advice', () => {
  it('is none while nothing is promised, or no size is known', () => {
    expect(weightAdvice(optionsOf(VCPU), emptyRoomsOf(C_M_R), [], NO_NAMES)).toBeNull();
    expect(weightAdvice(optionsOf(VCPU), new Map(), [aShape()], NO_NAMES)).toBeNull();
  });

  it('is none for weights that differ by rounding alone', () => {
    const empty = emptyRoomsOf({ a: { cpuUnits: 99_000, memoryMiB: 99 }, b: { cpuUnits: 99_000, memoryMiB: 196 } });
    expect(
      weightAdvice(optionsOf({ a: 1, b: 2 }), empty, [aShape({ cpuUnits: 1, memoryMiB: 1 })], NO_NAMES),
    ).toBeNull();
  });

  it('rounds to small weights where they are even enough', () => {
    const empty = emptyRoomsOf({ a: { cpuUnits: 99_000, memoryMiB: 99 }, b: { cpuUnits: 99_000, memoryMiB: 196 } });
    const advice = weightAdvice(optionsOf({ a: 1, b: 1 }), empty, [aShape({ cpuUnits: 1, memoryMiB: 1 })], NO_NAMES);
    expect(recommendedOf(advice)).toEqual({ a: 1, b: 2 });
  });

  it('names a type that hosts none, though the others are even', () => {
    const empty = emptyRoomsOf({ a: { memoryMiB: 8_000 }, b: { memoryMiB: 500 } });
    const advice = weightAdvice(optionsOf({ a: 1, b: 1 }), empty, [aShape({ memoryMiB: 4_000 })], NO_NAMES);
    expect(advice).toMatchObject({ loss: 0, types: [{ slots: 2 }, { slots: 0, slotsPerUnit: 0 }] });
  });

  it('is silent on a shape that no type hosts', () => {
    const empty = emptyRoomsOf({ a: {}, b: {} });
    expect(weightAdvice(optionsOf({ a: 1, b: 9 }), empty, [aShape({ memoryMiB: 99_000 })], NO_NAMES)).toBeNull();
  });

  it('speaks of the shape that loses most, by its name in the report', () => {
    const shapes = [aShape({ cpuUnits: 2_048, memoryMiB: 100 }), aShape({ cpuUnits: 4_096, memoryMiB: 14_336 })];
    const names = new Map([['4096cpu/14336MiB', '4096cpu/14336MiB#3']]);
    const advice = weightAdvice(optionsOf(VCPU), emptyRoomsOf(C_M_R), shapes, names);
    expect(advice).toMatchObject({ shape: '4096cpu/14336MiB#3', loss: 0.5 });
  });

  it('keeps the present weights where better ones for one shape are as bad for another', () => {
    const shapes = [aShape({ cpuUnits: 4_096, memoryMiB: 14_336 }), aShape({ cpuUnits: 2_048, memoryMiB: 100 })];
    const advice = weightAdvice(optionsOf(VCPU), emptyRoomsOf(C_M_R), shapes, NO_NAMES);
    expect(recommendedOf(advice)).toEqual(VCPU);
  });

  it('gives each half of a mixed fleet the weights of its own shapes', () => {
    const traits = { attributes: {}, agentVersion: null, registeredAt: null, runningTaskCount: null };
    const of = (architecture: 'x86_64' | 'arm64', memoryMiB: number) => ({
      cpuUnits: 8_192,
      memoryMiB,
      traits: { ...traits, architecture },
    });
    const empty = emptyRoomsOf({
      x: of('x86_64', 4_000),
      y: of('x86_64', 8_000),
      g: of('arm64', 9_000),
      h: of('arm64', 3_000),
    });
    const shapes = (['x86_64', 'arm64'] as const).map((architecture) =>
      aShape({ cpuUnits: 1, memoryMiB: architecture === 'arm64' ? 3_000 : 4_000, architecture }),
    );
    const advice = weightAdvice(optionsOf({ x: 2, y: 2, g: 2, h: 2 }), empty, shapes, NO_NAMES);
    expect(recommendedOf(advice)).toEqual({ x: 1, y: 2, g: 3, h: 1 });
  });

  it('counts a type once, with its first weight', () => {
    const options = [...optionsOf(VCPU), ...optionsOf({ 'c5.2xlarge': 1 })];
    const advice = weightAdvice(
      options,
      emptyRoomsOf(C_M_R),
      [aShape({ cpuUnits: 4_096, memoryMiB: 14_336 })],
      NO_NAMES,
    );
    expect(advice?.types.map(({ weightUnits }) => weightUnits)).toEqual([8, 8, 8]);
  });
});

describe('for all fleets and shapes', () => {
  const fleets = someEmptyRooms.chain((empty) =>
    fc.record({
      empty: fc.constant(empty),
      weights: fc.tuple(...[...empty.keys()].map(() => fc.double({ min: 0.5, max: 32, noNaN: true }))),
    }),
  );
  const cases = fc.record({ fleet: fleets, needs: fc.array(someNeeds, { minLength: 1, maxLength: 4 }) });

  function advised({ fleet: { empty, weights }, needs }: typeof cases extends fc.Arbitrary<infer Case> ? Case : never) {
    const options = [...empty.keys()].map((instanceType, at) => ({ instanceType, weightUnits: weights[at] ?? 1 }));
    return { empty, shapes: needs.map(aShape), advice: weightAdvice(options, empty, needs.map(aShape), NO_NAMES) };
  }

  it('no shape loses more with the recommended weights than the worst does with the present ones', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { empty, shapes, advice } = advised(each);
        if (advice === null) return;
        const again = weightAdvice(optionsOf(recommendedOf(advice)), empty, shapes, NO_NAMES);
        expect(again?.loss ?? 0).toBeLessThanOrEqual(Math.max(advice.loss, EVEN_ENOUGH));
      }),
      { numRuns: 500 },
    );
  });

  it('a single shape loses next to nothing with them', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { empty, shapes, advice } = advised({ ...each, needs: each.needs.slice(0, 1) });
        if (advice === null) return;
        const again = weightAdvice(optionsOf(recommendedOf(advice)), empty, shapes, NO_NAMES);
        expect(again?.loss ?? 0).toBeLessThanOrEqual(EVEN_ENOUGH);
      }),
      { numRuns: 500 },
    );
  });

  it('following the advice ends it: a second time it recommends no other weights', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { empty, shapes, advice } = advised(each);
        if (advice === null) return;
        const followed = recommendedOf(advice);
        const again = weightAdvice(optionsOf(followed), empty, shapes, NO_NAMES);
        if (again !== null) expect(recommendedOf(again)).toEqual(followed);
      }),
      { numRuns: 500 },
    );
  });

  it('recommended weights are whole numbers of at least 1, or the present ones', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const types = advised(each).advice?.types ?? [];
        const isKept = types.every(({ weightUnits, recommendedWeight }) => weightUnits === recommendedWeight);
        const isWhole = types.every(({ recommendedWeight: weight }) => Number.isInteger(weight) && weight >= 1);
        expect(isKept || isWhole).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
