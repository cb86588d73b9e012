import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../../src/world/ec2/fleet.ts';
import { aFleetRequest, anEc2, aPlainFleetRequest, aSteadyFleet, type Ec2Half } from './an-ec2.ts';

function subTypes(fleet: Fleet): string[] {
  return fleet.history.records.map(({ subType }) => subType);
}

/** Empties every pool of the fleet. */
function drought(half: Ec2Half, available: number | null = 0): void {
  for (const { instanceType, zone } of half.ec2.market.pools)
    half.ec2.market.setAvailable(instanceType, zone, available);
}

describe('a new Spot fleet', () => {
  it('is submitted until its first review, then active and launching', () => {
    const half = anEc2();
    const fleet = half.ec2.findFleet(half.ec2.addFleet(aFleetRequest()));
    expect(fleet).toMatchObject({ state: 'submitted', fulfilledUnits: 0, activityStatus: 'pending_fulfillment' });
    half.pass(5_000);
    expect(fleet).toMatchObject({ state: 'active', activityStatus: 'fulfilled' });
    expect(fleet.fulfilledUnits).toBeGreaterThanOrEqual(4);
    expect(subTypes(fleet).slice(0, 3)).toEqual(['submitted', 'active', 'launched']);
  });

  it('has an id like those of AWS', () => {
    const half = anEc2();
    expect(half.ec2.addFleet(aFleetRequest())).toMatch(/^sfr-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('overshoots its target when the weight does not divide it', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 38, weightUnits: 8 }));
    expect(fleet.fulfilledUnits).toBe(40);
    expect(fleet.members).toHaveLength(5);
  });

  it.each([
    ['no override', { overrides: [] }],
    ['a fractional target', { targetUnits: 1.5 }],
    ['a target above the quota', { targetUnits: 10_001 }],
    ['a weight of zero', { overrides: [{ instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 0 }] }],
    ['an unknown type', { overrides: [{ instanceType: 'm5.tiny', zone: 'us-east-1a', weightUnits: 1 }] }],
  ])('is refused with %s', (_, change) => {
    expect(() => anEc2().ec2.addFleet(aFleetRequest(change))).toThrow(
      expect.objectContaining({ code: 'InvalidSpotFleetRequestConfig' }),
    );
  });
});

describe('a maintain fleet', () => {
  it('replaces what was terminated by its next review', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    const [victim] = fleet.members;
    half.ec2.terminate([victim?.id ?? '']);
    expect(fleet.fulfilledUnits).toBe(1);
    half.pass(5_000);
    expect(fleet.fulfilledUnits).toBe(2);
    expect(fleet.members).not.toContain(victim);
  });

  it('replaces nothing while it has its target', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 3, weightUnits: 2 }));
    half.ec2.modifyFleet(fleet.id, { targetUnits: 2 });
    half.pass(10_000);
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    half.pass(60_000);
    expect(fleet.members).toHaveLength(1);
  });

  it('replaces a noticed instance only when it has ended, where noticed ones count', () => {
    const half = anEc2({ settings: { noticedCountsAsFulfilled: true } });
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    half.ec2.sendNotice(fleet.members[0]?.id ?? '');
    half.pass(119_000);
    expect(half.history.of('instance-launched')).toHaveLength(2);
    half.pass(6_000);
    expect(half.history.of('instance-launched')).toHaveLength(3);
  });

  it('replaces a noticed instance at its next review, where noticed ones do not count', () => {
    const half = anEc2({ settings: { noticedCountsAsFulfilled: false } });
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    half.ec2.sendNotice(fleet.members[0]?.id ?? '');
    expect(fleet.fulfilledUnits).toBe(1);
    half.pass(5_000);
    expect(fleet).toMatchObject({ fulfilledUnits: 2, members: { length: 3 } });
    half.pass(300_000);
    expect(half.history.of('instance-launched')).toHaveLength(3);
  });
});

describe('a request fleet', () => {
  it('launches its target once and replaces nothing', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ type: 'request', targetUnits: 2 }));
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    half.pass(60_000);
    expect(fleet.fulfilledUnits).toBe(1);
  });

  it('cannot be modified', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ type: 'request' }));
    expect(() => fleet.modify({ targetUnits: 5 })).toThrow(
      expect.objectContaining({ code: 'FleetNotInModifiableState' }),
    );
  });
});

describe('modifying a fleet', () => {
  it('shows the old target while modifying, the new one when active again', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    half.ec2.modifyFleet(fleet.id, { targetUnits: 5 });
    half.pass(2_999);
    expect(fleet).toMatchObject({ state: 'modifying', targetUnits: 2 });
    half.pass(1);
    expect(fleet).toMatchObject({ state: 'active', targetUnits: 5, fulfilledUnits: 5 });
    expect(subTypes(fleet)).toEqual(expect.arrayContaining(['modify_in_progress', 'modify_succeeded']));
    expect(half.history.of('fleet-target').map(({ targetUnits }) => targetUnits)).toEqual([2, 5]);
  });

  it('is refused while an earlier change is worked in, and before the fleet is active', () => {
    const half = anEc2();
    const fleet = half.ec2.findFleet(half.ec2.addFleet(aPlainFleetRequest()));
    const refusal = expect.objectContaining({ code: 'FleetNotInModifiableState' });
    expect(() => fleet.modify({ targetUnits: 5 })).toThrow(refusal);
    half.pass(5_000);
    fleet.modify({ targetUnits: 5 });
    expect(() => fleet.modify({ targetUnits: 6 })).toThrow(refusal);
  });

  it('keeps replacing what dies, by the old target, while it is modifying', () => {
    const half = anEc2({ settings: { fleetModifyMs: [30_000, 30_000] } });
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 3 }));
    fleet.modify({ targetUnits: 2 });
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    half.pass(6_000);
    expect(fleet).toMatchObject({ state: 'modifying', fulfilledUnits: 3 });
  });

  it('keeps the target and policy that a change does not name', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 3 }));
    fleet.modify({ excessCapacityTerminationPolicy: 'default' });
    half.pass(3_000);
    expect(fleet).toMatchObject({ targetUnits: 3, excessCapacityTerminationPolicy: 'default' });
    fleet.modify({ targetUnits: 2 });
    half.pass(3_000);
    expect(fleet).toMatchObject({ targetUnits: 2, excessCapacityTerminationPolicy: 'default' });
  });

  it('ends nothing under noTermination', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 4 }));
    fleet.modify({ targetUnits: 0 });
    half.pass(600_000);
    expect(fleet).toMatchObject({ targetUnits: 0, fulfilledUnits: 4, activityStatus: 'fulfilled' });
  });

  it('ends the excess under default, each with its notice first', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 4 }));
    fleet.modify({ targetUnits: 1, excessCapacityTerminationPolicy: 'default' });
    half.pass(3_000);
    expect(fleet.members.filter(({ notice }) => notice !== null)).toHaveLength(3);
    expect(fleet.activityStatus).toBe('pending_termination');
    expect(subTypes(fleet).filter((subType) => subType === 'termination_notified')).toHaveLength(3);
    half.pass(120_000);
    expect(fleet.fulfilledUnits).toBe(1);
    expect(new Set(half.history.of('instance-ending').map(({ cause }) => cause))).toEqual(new Set(['fleet-scale-in']));
    half.pass(60_000);
    expect(fleet.fulfilledUnits).toBe(1);
  });

  it('never sheds below the target: an overshoot smaller than a weight stays', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 8, weightUnits: 4 }));
    fleet.modify({ targetUnits: 5, excessCapacityTerminationPolicy: 'default' });
    half.pass(600_000);
    expect(fleet.fulfilledUnits).toBe(8);
    expect(half.history.of('notice')).toEqual([]);
  });
});

describe('a drought', () => {
  it('is an error that the history says once, and launching resumes when it ends', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aFleetRequest());
    drought(half);
    fleet.modify({ targetUnits: 20 });
    half.pass(60_000);
    expect(fleet).toMatchObject({ activityStatus: 'error', fulfilledUnits: expect.any(Number) });
    expect(fleet.fulfilledUnits).toBeLessThan(20);
    expect(subTypes(fleet).filter((subType) => subType === 'allLaunchSpecsTemporarilyBlacklisted')).toHaveLength(1);
    drought(half, null);
    half.pass(5_000);
    expect(fleet.activityStatus).toBe('fulfilled');
  });

  it('in one zone sends launches to the other', () => {
    const half = anEc2();
    const request = aFleetRequest({ targetUnits: 12 });
    const fleet = half.ec2.findFleet(half.ec2.addFleet(request));
    for (const { instanceType } of request.overrides) half.ec2.market.setAvailable(instanceType, 'us-east-1a', 0);
    half.pass(10_000);
    expect(new Set(fleet.members.map(({ zone }) => zone))).toEqual(new Set(['us-east-1b']));
  });

  it('is not over because instances were interrupted; what is given up can be had again', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    drought(half);
    half.ec2.sendNotice(fleet.members[0]?.id ?? '');
    half.pass(200_000);
    expect(fleet.fulfilledUnits).toBe(1);
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    half.pass(5_000);
    expect(fleet.fulfilledUnits).toBe(1);
  });

  it('differs from the account having reached its Spot limit', () => {
    const half = anEc2();
    half.ec2.market.instanceLimit = 1;
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    expect(fleet.fulfilledUnits).toBe(1);
    expect(subTypes(fleet)).toContain('spotInstanceCountLimitExceeded');
  });

  it('is what a maximum price below every pool looks like', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aFleetRequest({ maxPricePerUnitHour: 0.0001 }));
    expect(fleet).toMatchObject({ fulfilledUnits: 0, activityStatus: 'error' });
  });
});

describe('cancelling a fleet', () => {
  it('ends its instances when told to, and then is cancelled', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    half.ec2.cancelFleet(fleet.id, { terminateInstances: true });
    expect(fleet).toMatchObject({ state: 'cancelled', fulfilledUnits: 0 });
    half.pass(60_000);
    expect([...half.ec2.instances.values()].map(({ state }) => state)).toEqual(['terminated', 'terminated']);
  });

  it('lets its instances run otherwise, replaces none, and is cancelled with the last of them', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    half.ec2.cancelFleet(fleet.id, { terminateInstances: false });
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    half.pass(60_000);
    expect(fleet).toMatchObject({ state: 'cancelled_running', fulfilledUnits: 1 });
    half.ec2.terminate([fleet.members[0]?.id ?? '']);
    expect(fleet.state).toBe('cancelled');
  });

  it('stops a change that was being worked in', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 2 }));
    fleet.modify({ targetUnits: 5 });
    half.ec2.cancelFleet(fleet.id, { terminateInstances: false });
    half.pass(60_000);
    expect(fleet).toMatchObject({ state: 'cancelled_running', targetUnits: 2, fulfilledUnits: 2 });
  });
});
