import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllocationStrategy } from '../../../src/world/ec2/allocation.ts';
import type { Fleet } from '../../../src/world/ec2/fleet.ts';
import { anEc2, type Ec2Half } from './an-ec2.ts';

/** Something that happens to a fleet. `which` picks a member by its place, wrapping around. */
type Step =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'notice' | 'terminate'; readonly which: number }
  | { readonly kind: 'modify'; readonly targetUnits: number };

const STRATEGIES: readonly AllocationStrategy[] = [
  'priceCapacityOptimized',
  'capacityOptimized',
  'diversified',
  'lowestPrice',
];
const TYPES = ['m5.large', 'c6i.xlarge', 'r6i.2xlarge'];

const pass = fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 90_000 }) });
const harm = fc.record({
  kind: fc.constantFrom('notice' as const, 'terminate' as const),
  which: fc.nat({ max: 50 }),
});
const modify = fc.record({ kind: fc.constant('modify' as const), targetUnits: fc.nat({ max: 30 }) });
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(pass, harm, modify), { maxLength: 40 });
const setups = fc.record({
  seed: fc.nat(),
  targetUnits: fc.nat({ max: 30 }),
  weights: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })),
  strategy: fc.constantFrom(...STRATEGIES),
  policy: fc.constantFrom('default' as const, 'noTermination' as const),
  noticedCounts: fc.boolean(),
});
type Setup = typeof setups extends fc.Arbitrary<infer Value> ? Value : never;

function start(setup: Setup): { half: Ec2Half; fleet: Fleet } {
  const half = anEc2({ seed: setup.seed, settings: { noticedCountsAsFulfilled: setup.noticedCounts } });
  const overrides = ['us-east-1a', 'us-east-1b'].flatMap((zone) =>
    TYPES.map((instanceType, index) => ({ instanceType, zone, weightUnits: setup.weights[index] ?? 1 })),
  );
  const { targetUnits, strategy, policy } = setup;
  const id = half.ec2.addFleet({
    targetUnits,
    overrides,
    allocationStrategy: strategy,
    excessCapacityTerminationPolicy: policy,
  });
  return { half, fleet: half.ec2.findFleet(id) };
}

function take(half: Ec2Half, fleet: Fleet, step: Step): void {
  if (step.kind === 'pass') half.pass(step.ms);
  else if (step.kind === 'modify') {
    if (fleet.state === 'active') fleet.modify({ targetUnits: step.targetUnits });
  } else {
    const member = fleet.members[step.which % Math.max(1, fleet.members.length)];
    if (member === undefined) return;
    if (step.kind === 'notice') half.ec2.sendNotice(member.id);
    else half.ec2.terminate([member.id]);
  }
}

function run(setup: Setup, script: readonly Step[], check: (half: Ec2Half, fleet: Fleet) => void): void {
  const { half, fleet } = start(setup);
  for (const step of script) {
    take(half, fleet, step);
    check(half, fleet);
  }
}

/** Lets time pass, looking at every instant at which something happens. */
function passStepwise({ agenda }: Ec2Half, ms: number, look: () => void): void {
  const end = agenda.now + ms;
  for (let at = agenda.nextAt; at !== null && at <= end; at = agenda.nextAt) {
    agenda.advanceTo(at);
    look();
  }
  agenda.advanceTo(end);
}

describe('a maintain fleet in a market with plenty', () => {
  it('is never short of its target for longer than a review period', () => {
    fc.assert(
      fc.property(setups, steps, (setup, script) => {
        const { half, fleet } = start(setup);
        let shortSince = half.agenda.now;
        const look = () => {
          if (fleet.fulfilledUnits >= fleet.targetUnits) shortSince = Number.POSITIVE_INFINITY;
          else shortSince = Math.min(shortSince, half.agenda.now);
          expect(half.agenda.now - shortSince).toBeLessThanOrEqual(half.settings.fleetReviewMs);
        };
        for (const step of script) {
          if (step.kind === 'pass') passStepwise(half, step.ms, look);
          else take(half, fleet, step);
          look();
        }
        passStepwise(half, 300_000, look);
      }),
    );
  });

  it('launches only while units are missing, so it overshoots by less than the largest weight', () => {
    fc.assert(
      fc.property(setups, steps, (setup, script) => {
        const { half, fleet } = start(setup);
        half.history.subscribe((event) => {
          // The launched instance is not a member yet: what was fulfilled before it must have been short.
          if (event.kind === 'instance-launched') expect(fleet.fulfilledUnits).toBeLessThan(fleet.targetUnits);
        });
        for (const step of script) take(half, fleet, step);
      }),
    );
  });

  it('ends no instance by itself under noTermination', () => {
    fc.assert(
      fc.property(setups, steps, (setup, script) => {
        run({ ...setup, policy: 'noTermination' }, script, (half) => {
          expect(half.history.of('instance-ending').filter(({ cause }) => cause === 'fleet-scale-in')).toEqual([]);
        });
      }),
    );
  });

  it('keeps at least its target when it sheds under default', () => {
    fc.assert(
      fc.property(setups, fc.nat({ max: 30 }), (setup, targetUnits) => {
        const { half, fleet } = start({ ...setup, policy: 'default' });
        half.pass(60_000);
        const before = fleet.fulfilledUnits;
        const launched = half.history.of('instance-launched').length;
        fleet.modify({ targetUnits });
        half.pass(600_000);
        expect(fleet.fulfilledUnits).toBeGreaterThanOrEqual(targetUnits);
        if (targetUnits <= before) expect(half.history.of('instance-launched')).toHaveLength(launched);
        expect(fleet.fulfilledUnits - targetUnits).toBeLessThan(Math.max(...setup.weights));
      }),
    );
  });

  it('keeps its books: fulfilled units are the weights of the live instances that carry its id', () => {
    fc.assert(
      fc.property(setups, steps, (setup, script) => {
        run(setup, script, (half, fleet) => {
          const live = [...half.ec2.instances.values()].filter(
            ({ fleetId, state, notice }) =>
              fleetId === fleet.id &&
              (state === 'pending' || state === 'running') &&
              (setup.noticedCounts || notice === null),
          );
          expect(fleet.fulfilledUnits).toBe(live.reduce((sum, { weightUnits }) => sum + weightUnits, 0));
        });
      }),
    );
  });

  it('does the same again for the same seed', () => {
    fc.assert(
      fc.property(setups, steps, (setup, script) => {
        const events = [1, 2].map(() => {
          const { half, fleet } = start(setup);
          for (const step of script) take(half, fleet, step);
          return { world: half.history.events, fleet: fleet.history.records };
        });
        expect(events[0]).toEqual(events[1]);
      }),
      { numRuns: 30 },
    );
  });

  it('does otherwise for another seed', () => {
    const setup: Setup = {
      seed: 1,
      targetUnits: 12,
      weights: [1, 2, 4],
      strategy: 'diversified',
      policy: 'noTermination',
      noticedCounts: true,
    };
    const [one, other] = [1, 2].map((seed) => {
      const { half } = start({ ...setup, seed });
      half.pass(60_000);
      return half.history.events;
    });
    expect(one).not.toEqual(other);
  });
});
