import { describe, expect, it } from 'vitest';
import type { Ec2Instance } from '../../../src/world/ec2/instance.ts';
import { anEc2, aPlainFleetRequest, aSteadyFleet, type Ec2Half } from './an-ec2.ts';

/** A running instance of a fleet that replaces nothing, and its boots and losses of power. */
function oneInstance(): { half: Ec2Half; instance: Ec2Instance; heard: string[] } {
  const half = anEc2({ settings: { hibernateAfterMs: 2_000 } });
  const heard: string[] = [];
  half.ec2.listen({
    onBooted: ({ bootCount }) => heard.push(`boot ${bootCount}`),
    onPowerOff: ({ state }) => heard.push(`power-off ${state}`),
    onTerminated: () => heard.push('terminated'),
  });
  const [instance] = aSteadyFleet(half, aPlainFleetRequest({ type: 'request', targetUnits: 1 })).members;
  if (instance === undefined) throw new Error('the fleet launched nothing');
  return { half, instance, heard };
}

describe('an interruption that stops', () => {
  it('cuts the power at the deadline and leaves an instance that can be started again', () => {
    const { half, instance, heard } = oneInstance();
    expect(half.ec2.sendNotice(instance.id, { action: 'stop' })).toBe(true);
    expect(instance.notice).toMatchObject({ action: 'stop', deadlineAt: half.agenda.now + 120_000 });
    half.pass(120_000);
    expect(instance).toMatchObject({ state: 'stopping', isUp: false, stateReason: 'Server.SpotInstanceShutdown' });
    half.pass(20_000);
    expect(instance.state).toBe('stopped');
    expect(half.ec2.startInstance(instance.id)).toBe(true);
    expect(instance).toMatchObject({ state: 'pending', notice: null, launchedAt: half.agenda.now });
    half.pass(40_000);
    expect(instance).toMatchObject({ state: 'running', isUp: true, bootCount: 2 });
    expect(heard).toEqual(['boot 1', 'power-off stopping', 'boot 2']);
  });

  it('takes the instance out of its fleet, which launches another', () => {
    const half = anEc2();
    const fleet = aSteadyFleet(half, aPlainFleetRequest({ targetUnits: 1 }));
    const [first] = fleet.members;
    half.ec2.sendNotice(first?.id ?? '', { action: 'stop' });
    half.pass(130_000);
    expect(fleet.members).toHaveLength(1);
    expect(fleet.members).not.toContain(first);
  });

  it('is over for an instance that is terminated while it is stopped', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.stopInstance(instance.id);
    half.pass(20_000);
    half.ec2.terminate([instance.id]);
    half.pass(20_000);
    expect(instance.state).toBe('terminated');
    expect(half.ec2.startInstance(instance.id)).toBe(false);
    expect(heard).toEqual(['boot 1', 'power-off stopping', 'terminated']);
  });

  it('cannot be started before it has stopped', () => {
    const { half, instance } = oneInstance();
    expect(half.ec2.startInstance(instance.id)).toBe(false);
    half.ec2.stopInstance(instance.id);
    expect(half.ec2.startInstance(instance.id)).toBe(false);
  });
});

describe('an interruption that hibernates', () => {
  it('leaves no two minutes', () => {
    const { half, instance } = oneInstance();
    half.ec2.sendNotice(instance.id, { action: 'hibernate' });
    half.pass(1_999);
    expect(instance).toMatchObject({ isUp: true, notice: { action: 'hibernate' } });
    half.pass(1);
    expect(instance).toMatchObject({ state: 'stopping', isUp: false });
  });
});

describe('a notice that is withdrawn', () => {
  it('is followed by nothing, and may be given anew', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.sendNotice(instance.id);
    half.pass(100_000);
    expect(half.ec2.withdrawNotice(instance.id)).toBe(true);
    expect(half.ec2.withdrawNotice(instance.id)).toBe(false);
    half.pass(100_000);
    expect(instance).toMatchObject({ state: 'running', notice: null });
    expect(half.ec2.sendNotice(instance.id)).toBe(true);
    half.pass(119_999);
    expect(heard).toEqual(['boot 1']);
    half.pass(1);
    expect(heard).toEqual(['boot 1', 'power-off shutting-down']);
  });

  it('is no more when its deadline has come', () => {
    const { half, instance } = oneInstance();
    half.ec2.sendNotice(instance.id);
    half.pass(120_000);
    expect(half.ec2.withdrawNotice(instance.id)).toBe(false);
  });
});

describe('a reboot', () => {
  it('is a loss of power and another boot of an instance that stays running', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.sendNotice(instance.id);
    expect(half.ec2.reboot(instance.id)).toBe(true);
    expect(half.ec2.reboot(instance.id)).toBe(false);
    expect(instance).toMatchObject({ state: 'running', isUp: false });
    half.pass(30_000);
    expect(instance).toMatchObject({ isUp: true, bootCount: 2, notice: { action: 'terminate' } });
    expect(heard).toEqual(['boot 1', 'power-off running', 'boot 2']);
  });

  it('never comes up when the instance ends meanwhile', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.reboot(instance.id);
    half.ec2.terminate([instance.id]);
    half.pass(300_000);
    expect(heard).toEqual(['boot 1', 'power-off running', 'terminated']);
  });

  it('comes up once when the instance is stopped and started meanwhile', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.reboot(instance.id);
    half.ec2.stopInstance(instance.id);
    half.pass(20_000);
    half.ec2.startInstance(instance.id);
    half.pass(300_000);
    expect(heard).toEqual(['boot 1', 'power-off running', 'boot 2']);
  });
});

describe('scheduled maintenance', () => {
  it('is announced, and moves to the history once', () => {
    const { half, instance } = oneInstance();
    const id = half.ec2.scheduleMaintenance(instance.id, { code: 'system-reboot', notBeforeAt: 1 });
    expect(id).toMatch(/^instance-event-0[0-9a-f]{16}$/);
    expect(instance.maintenance).toMatchObject([{ id, state: 'active', description: 'scheduled system-reboot' }]);
    expect(half.ec2.finishMaintenance(instance.id, id, 'canceled')).toBe(true);
    expect(half.ec2.finishMaintenance(instance.id, id, 'completed')).toBe(false);
    expect(instance.maintenance).toMatchObject([{ id, state: 'canceled' }]);
  });

  it('touches nothing by itself when its time comes', () => {
    const { half, instance, heard } = oneInstance();
    half.ec2.scheduleMaintenance(instance.id, { code: 'instance-stop', notBeforeAt: half.agenda.now + 1_000 });
    half.pass(60_000);
    expect(heard).toEqual(['boot 1']);
  });
});
