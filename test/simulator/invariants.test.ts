// Each invariant, shown to notice what breaks it: on a stage where somebody does by hand what no process of ours does.
import { describe, expect, test } from 'vitest';
import type { PassResult } from '../../src/controller/pass.ts';
import { ATTRIBUTE, formatRetirement } from '../../src/model/attributes.ts';
import { fleetId } from '../../src/model/ids.ts';
import { type Watch, watchOver } from '../../src/simulator/invariants/watch.ts';
import { type Stage, setStage } from '../../src/simulator/play/stage.ts';
import type { Scenario } from '../../src/simulator/scenario/scenario.ts';
import { Process } from '../../src/simulator/time/process.ts';
import { putAttribute } from '../../src/world/ecs/attributes.ts';
import type { EcsContainerInstance } from '../../src/world/ecs/container-instance.ts';
import { aReport } from '../support/report-builder.ts';
import { calm } from './scenarios/calm.ts';

const MINUTE_MS = 60_000;

interface Scene {
  readonly stage: Stage;
  readonly watch: Watch;
  readonly broken: string[];
  /** The oldest instance of the fleet, which runs tasks. */
  readonly oldest: EcsContainerInstance;
  playFor(minutes: number): Promise<void>;
}

async function onStage(scenario: Scenario = { ...calm, happenings: [] }): Promise<Scene> {
  const broken: string[] = [];
  const ignored = () => {};
  const stage = setStage(scenario, { onSaid: ignored, onPass: ignored, onError: ignored });
  const watch = watchOver(stage, ({ invariant, what }) => broken.push(`${invariant}: ${what}`));
  const playFor = (minutes: number) =>
    stage.time.playUntil(stage.time.now + minutes * MINUTE_MS, () => watch.stepped());
  await playFor(1);
  const oldest = stage.world.ecs.containerInstanceOf(stage.fleet.members[0]?.id ?? '');
  if (oldest === undefined) throw new Error('the stage has an instance');
  return { stage, watch, broken, oldest, playFor };
}

function asController({ stage }: Scene, doing: string): Promise<void> {
  const caller = { process: new Process({ time: stage.time, name: 'controller-x/1' }), beforeWrite: () => {} };
  return stage.wire.call(caller, { api: 'ec2', doing, isWrite: true, signal: undefined, act: () => {} });
}

test('a quiet stage breaks nothing', async () => {
  const scene = await onStage();
  await scene.playFor(60);
  expect(scene.broken).toEqual([]);
});

describe('tasks are told to stop', () => {
  test('an instance that is ended with tasks on it is noticed', async () => {
    const { stage, broken, oldest } = await onStage();
    stage.world.ec2.terminate([oldest.ec2.id]);
    expect(broken[0]).toMatch(/^no task is lost that could have been told to stop in time: .*killed-without-sigterm/);
  });

  test('an interruption that nobody answers is noticed', async () => {
    const { stage, broken, oldest, playFor } = await onStage();
    stage.agents.on(oldest.ec2.id)?.kill();
    stage.world.ec2.sendNotice(oldest.ec2.id);
    await playFor(3);
    expect(broken[0]).toMatch(/^no task is lost that could have been told to stop in time/);
  });

  test('an operator who ends an instance by hand breaks nothing', async () => {
    const { stage, broken, oldest } = await onStage();
    stage.interfered.add(oldest.ec2.id);
    stage.world.ec2.terminate([oldest.ec2.id]);
    expect(broken).toEqual([]);
  });
});

test('a target beyond the maximum is noticed', async () => {
  const scene = await onStage();
  const asked = asController(scene, 'setting the target capacity of sfr-1 to 61');
  await scene.playFor(1);
  await asked;
  expect(scene.broken).toContain(
    'a controller asks for no target outside of minimum and maximum: controller-x/1 asked for 61',
  );
});

test('a write of a controller without the lease is noticed', async () => {
  const scene = await onStage();
  const asked = asController(scene, 'terminating nobody');
  await scene.playFor(1);
  await asked;
  expect(scene.broken[0]).toMatch(/^only the holder of the lease writes: controller-x\/1: terminating nobody/);
});

describe('standings', () => {
  const passWith = (ids: readonly string[]) =>
    // Of a pass the invariant looks at these alone.
    ({
      report: { gaps: [], conflicts: [], ledger: ids.map((instanceId) => ({ instanceId })) },
    }) as unknown as PassResult;

  test('an instance that is counted twice is noticed, and one that is not counted', async () => {
    const { stage, watch, broken, playFor } = await onStage();
    await playFor(4);
    const [first = '', ...others] = stage.fleet.members.map(({ id }) => id);
    watch.passed('controller-a', passWith([first, first, ...others]));
    watch.passed('controller-a', passWith(others));
    expect(broken).toEqual([
      'every instance is in exactly one standing: controller-a counts i1 twice',
      'every instance is in exactly one standing: controller-a does not count i1',
    ]);
  });
});

test('a task that waits although the market gives is noticed', async () => {
  const giant = { name: 'giant', cpuUnits: 8_192, memoryMiB: 1_024, desiredCount: 1, stopTimeoutSeconds: 2 };
  const { broken, playFor } = await onStage({ ...calm, services: [...calm.services, giant], happenings: [] });
  await playFor(30);
  expect(broken.filter((what) => what.startsWith('room that is short comes back in time: giant'))).toHaveLength(1);
});

test('a young instance that is to leave as excess is noticed', async () => {
  const { stage, broken, oldest } = await onStage();
  putAttribute(oldest, { name: ATTRIBUTE.retiring, value: formatRetirement('excess', stage.time.now) });
  stage.world.ecs.setStatus(oldest, 'DRAINING');
  expect(broken[0]).toMatch(
    /^no instance leaves before its minimum age for our own reasons: i1 is to leave for excess/,
  );
});

test('more that leave at once than the budget allows are noticed', async () => {
  const { stage, broken, playFor } = await onStage();
  await playFor(6);
  const registered = stage.fleet.members.flatMap(({ id }) => stage.world.ecs.containerInstanceOf(id) ?? []);
  for (const instance of registered.slice(0, 3)) {
    putAttribute(instance, { name: ATTRIBUTE.retiring, value: formatRetirement('drift', stage.time.now) });
    stage.world.ecs.setStatus(instance, 'DRAINING');
  }
  expect(broken).toEqual([
    expect.stringMatching(/^no more leave at once than a budget allows: 2 of \d+ leave with i2, and 1 may$/),
    expect.stringMatching(/^no more leave at once than a budget allows: 3 of \d+ leave with i3, and 1 may$/),
  ]);
});

test('an action without a reason is noticed, and an end without a mark', async () => {
  const scene = await onStage();
  scene.watch.acted('controller-a', { kind: 'drain', reason: '' });
  const asked = asController(scene, `terminating ${scene.oldest.ec2.id}`);
  await scene.playFor(1);
  await asked;
  expect(scene.broken).toContain('every action has a reason: controller-a: drain without a reason');
  expect(scene.broken).toContain('every action has a reason: controller-x/1 ended i1, which carries no mark');
});

test('a drain that nobody ends is noticed', async () => {
  const { stage, broken, oldest, playFor } = await onStage();
  putAttribute(oldest, { name: ATTRIBUTE.retiring, value: 'somebody-elses-word' });
  stage.world.ecs.setStatus(oldest, 'DRAINING');
  await playFor(4 * 60);
  expect(broken).toEqual([expect.stringMatching(/^nothing drains for ever: i1 has been draining for/)]);
});

test('an accusation of somebody who moved no target is noticed, and of somebody who did is not', async () => {
  const happenings = [{ kind: 'operator-target', units: 9, atMinutes: 1 }] as const;
  const { watch, broken } = await onStage({ ...calm, happenings });
  const accusing = (toUnits: number): PassResult => {
    const move = { at: 0, fromUnits: 6, fromSince: 0, isFromOurs: true, toUnits };
    const report = aReport({ conflicts: [{ kind: 'target-moved', fleetId: fleetId('sfr-1'), moves: [move] }] });
    return { report: { ...report, ledger: [] }, placementFailures: 0, failure: null };
  };
  watch.passed('controller-a', accusing(9));
  watch.passed('controller-a', accusing(8));
  const said = broken.filter((line) => line.startsWith('a target is said to be moved'));
  expect(said).toEqual([expect.stringMatching(/controller-a says so of 8, after 6$/)]);
});
