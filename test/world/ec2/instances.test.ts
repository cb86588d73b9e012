import { describe, expect, it } from 'vitest';
import type { Ec2Instance } from '../../../src/world/ec2/instance.ts';
import { anEc2, aPlainFleetRequest, aSteadyFleet, type Ec2Half, START_AT } from './an-ec2.ts';

const UNKNOWN = 'i-00000000000000000';

/** A world half with one running instance of a fleet that replaces nothing, and what listeners heard of it. */
function oneInstance(): { half: Ec2Half; instance: Ec2Instance; heard: string[] } {
  const half = anEc2();
  const heard: string[] = [];
  half.ec2.listen({
    onBooted: ({ state, isUp }) => heard.push(`booted ${state} ${isUp}`),
    onPowerOff: ({ state, isUp }) => heard.push(`power-off ${state} ${isUp}`),
    onTerminated: ({ state }) => heard.push(`terminated ${state}`),
  });
  const [instance] = aSteadyFleet(half, aPlainFleetRequest({ type: 'request', targetUnits: 1 })).members;
  if (instance === undefined) throw new Error('the fleet launched nothing');
  return { half, instance, heard };
}

describe('the life of an instance', () => {
  it('is pending, running, booted in the times the settings give', () => {
    const half = anEc2();
    const fleet = half.ec2.findFleet(half.ec2.addFleet(aPlainFleetRequest({ targetUnits: 1 })));
    half.pass(5_000);
    const [instance] = fleet.members;
    expect(instance).toMatchObject({ state: 'pending', isUp: false, launchedAt: START_AT + 5_000 });
    half.pass(10_000);
    expect(instance).toMatchObject({ state: 'running', isUp: false });
    half.pass(30_000);
    expect(instance).toMatchObject({ state: 'running', isUp: true });
  });

  it('looks like an instance of AWS and belongs to its fleet and cluster', () => {
    const { instance } = oneInstance();
    expect(instance.id).toMatch(/^i-0[0-9a-f]{16}$/);
    expect(instance.subnetId).toMatch(/^subnet-0[0-9a-f]{16}$/);
    expect(instance.privateIp).toMatch(/^10\.0\.\d{1,2}\.\d{1,3}$/);
    expect(instance).toMatchObject({ instanceType: 'm6i.large', zone: 'us-east-1a', clusterName: 'production' });
  });

  it('loses its power two minutes after a notice, by Spot', () => {
    const { half, instance, heard } = oneInstance();
    expect(half.ec2.sendNotice(instance.id)).toBe(true);
    half.pass(119_999);
    expect(instance.isUp).toBe(true);
    half.pass(1);
    expect(instance).toMatchObject({ state: 'shutting-down', stateReason: 'Server.SpotInstanceTermination' });
    half.pass(20_000);
    expect(instance).toMatchObject({ state: 'terminated', terminatedAt: half.agenda.now });
    expect(heard).toEqual(['booted running true', 'power-off shutting-down false', 'terminated terminated']);
  });

  it('loses its power at once when terminated by a call', () => {
    const { half, instance } = oneInstance();
    expect(half.ec2.terminate([instance.id])).toEqual([
      { instanceId: instance.id, previousState: 'running', currentState: 'shutting-down' },
    ]);
    expect(instance).toMatchObject({ isUp: false, stateReason: 'Client.UserInitiatedShutdown', notice: null });
  });

  it('ends once when it is terminated after its notice', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.sendNotice(instance.id);
    half.ec2.terminate([instance.id]);
    half.pass(300_000);
    expect(half.history.of('instance-ending').map(({ cause }) => cause)).toEqual(['terminate-call']);
    expect(heard.filter((line) => line.startsWith('power-off'))).toHaveLength(1);
    expect(half.history.of('instance-terminated')).toHaveLength(1);
  });

  it('ends once when its deadline comes, or another call, while it is shutting down', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.sendNotice(instance.id);
    half.pass(110_000);
    half.ec2.terminate([instance.id]);
    expect(half.ec2.terminate([instance.id])).toMatchObject([{ previousState: 'shutting-down' }]);
    half.pass(300_000);
    expect(instance.stateReason).toBe('Client.UserInitiatedShutdown');
    expect(half.history.of('instance-ending')).toHaveLength(1);
    expect(heard.slice(1)).toEqual(['power-off shutting-down false', 'terminated terminated']);
  });

  it('gets no notice when it is ending, and no second one', () => {
    const { half, instance } = oneInstance();
    expect(half.ec2.sendNotice(instance.id)).toBe(true);
    expect(half.ec2.sendNotice(instance.id)).toBe(false);
    half.ec2.terminate([instance.id]);
    expect(half.ec2.sendNotice(instance.id)).toBe(false);
    expect(half.history.of('notice')).toHaveLength(1);
  });

  it('gets no notice when it is on-demand', () => {
    const half = anEc2();
    const id = half.ec2.launchOnDemand({ instanceType: 'm5.large', zone: 'us-east-1a', clusterName: null });
    expect(half.ec2.sendNotice(id)).toBe(false);
  });

  it('says nothing of booting or power-off when it ends before it has booted', () => {
    const half = anEc2();
    const heard: string[] = [];
    half.ec2.listen({
      onBooted: () => heard.push('booted'),
      onPowerOff: () => heard.push('power-off'),
      onTerminated: () => heard.push('terminated'),
    });
    const id = half.ec2.launchOnDemand({ instanceType: 'm5.large', zone: 'us-east-1a', clusterName: null });
    half.ec2.terminate([id]);
    half.pass(300_000);
    expect(heard).toEqual(['terminated']);
  });

  it('can be terminated again, and stays as it was', () => {
    const { half, instance } = oneInstance();
    half.ec2.terminate([instance.id]);
    half.pass(60_000);
    expect(half.ec2.terminate([instance.id])).toEqual([
      { instanceId: instance.id, previousState: 'terminated', currentState: 'terminated' },
    ]);
    expect(half.history.of('instance-ending')).toHaveLength(1);
  });

  it('is forgotten an hour after it terminated', () => {
    const { half, instance } = oneInstance();
    half.ec2.terminate([instance.id]);
    half.pass(3_600_000);
    expect(half.ec2.instances.has(instance.id)).toBe(true);
    half.pass(60_000);
    expect(half.ec2.instances.has(instance.id)).toBe(false);
  });
});

describe('TerminateInstances', () => {
  it('ends nothing when one of the ids is unknown', () => {
    const { half, instance } = oneInstance();
    expect(() => half.ec2.terminate([instance.id, UNKNOWN])).toThrow(
      expect.objectContaining({ code: 'InvalidInstanceID.NotFound', message: expect.stringContaining(UNKNOWN) }),
    );
    expect(instance.state).toBe('running');
  });
});

describe('history', () => {
  it('holds the life of an interrupted instance in order', () => {
    const { half, instance } = oneInstance();
    half.ec2.sendNotice(instance.id);
    half.pass(300_000);
    const kinds = half.history.events.filter((event) => 'instanceId' in event).map(({ kind }) => kind);
    expect(kinds).toEqual(['instance-launched', 'instance-booted', 'notice', 'instance-ending', 'instance-terminated']);
  });
});
