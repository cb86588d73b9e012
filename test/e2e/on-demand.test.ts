// A drought of every Spot pool, with the real controller against the sandbox: On-Demand stands in, within its bounds, goes
// back to Spot when there is Spot again, and no task is without a place for it.
import { afterEach, describe, expect, it } from 'vitest';
import { countsOf } from '../../src/world/ecs/service.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

const POOL = ['m5.large', 'us-east-1a'] as const;
const ON_DEMAND = { fallback: { afterSeconds: 1, maximumUnits: 6 }, returnAfterSeconds: 2 };

const web = () => stage.cluster.services.get('web');
const running = () => {
  const service = web();
  return service === undefined ? 0 : countsOf(service).runningCount;
};
const isAllPlaced = () => running() >= (web()?.desiredCount ?? 1);
const standIns = () => stage.fleet.members.filter(({ spotInstanceRequestId }) => spotInstanceRequestId === null);
const want = (desiredCount: number) =>
  stage.sandbox.driver.inPresent(() => {
    const service = web();
    if (service !== undefined) stage.sandbox.world.ecs.updateService(service, { desiredCount });
  });
const offer = (available: number | null) =>
  stage.sandbox.driver.inPresent(() => stage.sandbox.world.ec2.market.setAvailable(...POOL, available));

/** Starts a controller over a calm cluster of two tasks, and lets the pools dry up. */
async function setDrought() {
  stage = await setControllerStage();
  stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 2 });
  // What is assumed of launches is never longer than this, and until some have been seen it is what is waited for.
  const config = await stage.configure({ joinGraceSeconds: 3 }, { onDemand: ON_DEMAND });
  const controller = await stage.start('controller-a', config);
  await until('the first tasks to run', () => isAllPlaced() && stage.requests('ListServices').length > 2);
  offer(0);
  return controller;
}

describe('a drought of every Spot pool', () => {
  it('has On-Demand stand in, and ends with Spot again, the room never lost', async () => {
    const controller = await setDrought();
    want(6);
    await until('the tasks to run on On-Demand', () => isAllPlaced() && standIns().length > 0, 60_000);
    expect(controller.stderr()).toContain('on-demand-fallback');
    expect(stage.fleet.onDemandTargetUnits).toBeLessThanOrEqual(6);

    await until(
      'a return that brings nothing to be taken back',
      () => controller.stderr().includes('spot-not-come'),
      60_000,
    );
    expect(standIns().length).toBeGreaterThan(0);

    offer(null);
    const fewest = { running: Number.POSITIVE_INFINITY };
    await until(
      'everything to be Spot again',
      () => {
        fewest.running = Math.min(fewest.running, running());
        return standIns().length === 0 && stage.fleet.onDemandTargetUnits === 0 && isAllPlaced();
      },
      120_000,
    );
    expect(fewest.running).toBeGreaterThanOrEqual(6);
    expect(controller.stderr()).toContain('on-demand-return');
  }, 240_000);

  it('costs no more than the file allows, however much is short', async () => {
    await setDrought();
    want(40);
    await until('On-Demand to stand in', () => standIns().length === 3, 60_000);
    const before = stage.requests('ListServices').length;
    await until('more passes', () => stage.requests('ListServices').length > before + 6, 60_000);
    expect(standIns()).toHaveLength(3);
    expect(stage.fleet.onDemandTargetUnits).toBe(6);
  }, 180_000);
});
