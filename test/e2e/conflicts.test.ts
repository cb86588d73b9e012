// Somebody else moves the target of a fleet that the real controller manages, by the AWS API as anybody would.
import { afterEach, describe, expect, it } from 'vitest';
import { createEc2Client } from '../../src/aws/ec2-instances.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import { fleetId } from '../../src/model/ids.ts';
import type { Conflict } from '../../src/plan/conflicts/conflict.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { readExposition } from '../support/exposition.ts';
import type { RunningScript } from '../support/script.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

const passes = () => stage.requests('ListServices').length;

async function get(controller: RunningScript, path: string): Promise<Response> {
  const address = /"healthz":"([\d.:]+)"/.exec(controller.stderr())?.[1];
  return fetch(`http://${address}${path}`);
}

async function conflictsOf(controller: RunningScript): Promise<readonly Conflict[]> {
  const page: unknown = await (await get(controller, '/status.json')).json();
  // The leader's own report, which the test then looks into.
  return (page as { report: { conflicts: readonly Conflict[] } }).report.conflicts;
}

const gaugeOf = async (controller: RunningScript) =>
  readExposition(await (await get(controller, '/metrics')).text()).series.find(
    ({ name, labels }) => name === 'spotkeeper_conflict' && labels.kind === 'target-moved',
  )?.value;

describe('a target that somebody else moves', () => {
  it('is told within two passes with what stood and what it is now, and in the log once; our own asks never are', async () => {
    stage = await setControllerStage();
    const controller = await stage.start('controller-a', await stage.configure({ headroom: { largestTasks: 0 } }));
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 6 });
    await until('the controller to ask for room', () => stage.requests('ModifySpotFleetRequest').length > 0);
    // A pass a second: by then the target has stood for longer than any answer may be old.
    const calm = passes();
    await until('the target to have stood for half a minute', () => passes() >= calm + 36, 120_000);
    expect([await conflictsOf(controller), await gaugeOf(controller)]).toEqual([[], 0]);
    const stood = stage.fleet.targetUnits;
    const moved = stood + 5;
    await createSpotFleet({
      id: fleetId(stage.fleetId),
      client: createEc2Client({ region: 'us-east-1' }),
    }).setTargetCapacity({ targetUnits: moved });
    await until('the fleet to take it in', () => stage.fleet.targetUnits === moved && stage.fleet.state === 'active');
    // The one that runs may have looked before; two follow, and a third begins when they have ended.
    const before = passes();
    await until('two whole passes', () => passes() >= before + 4);
    expect(await conflictsOf(controller)).toMatchObject([
      { kind: 'target-moved', fleetId: stage.fleetId, moves: [{ fromUnits: stood, isFromOurs: true, toUnits: moved }] },
    ]);
    expect(await gaugeOf(controller)).toBe(1);
    const later = passes();
    await until('more passes', () => passes() >= later + 3);
    expect(controller.stderr().match(/somebody else acts on what the controller manages/g)).toHaveLength(1);
    expect(controller.stderr()).not.toContain('nobody else is seen');
  }, 180_000);
});
