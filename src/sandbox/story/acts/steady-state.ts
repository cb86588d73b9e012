// Act 1: a cluster at its fleet's minimum, services placed, two controllers of which one leads, an agent everywhere.

import { memberOf } from '../../../world/ecs/placement-constraint.ts';
import {
  BOUNDS,
  FLEET_UNITS,
  IMPORT,
  LARGEST_TYPE,
  LOG_ROUTER,
  PROMISED_TASKS,
  WEB,
  WEB_COUNT,
  WORKER,
  WORKER_COUNT,
} from '../cast.ts';
import type { Expectation } from '../expectation.ts';
import { fleetOf, isFulfilledAndJoined } from '../fleet.ts';
import { roomFor } from '../room.ts';
import { areAllSteady, register } from '../services.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import { areAllAgentsWatching, leader, passesSince } from '../watching.ts';

/** Two passes that change nothing show that the controller is content. */
const CONTENT_PASSES = 2;

export async function steadyState(stage: Stage): Promise<Expectation[]> {
  await until(stage, 'the first instances to join the cluster', 20_000, () => isFulfilledAndJoined(stage));
  placeServices(stage);
  stage.startControllers();
  await until(stage, 'every task to run', 15_000, () => areAllSteady(stage));
  await until(stage, 'an agent to watch on every instance', 15_000, () => areAllAgentsWatching(stage));
  await until(stage, 'a controller to lead', 15_000, () => leader(stage) !== null);
  const steadyAt = stage.driver.now;
  await until(stage, 'the leader to look twice and be content', 20_000, () => {
    const name = leader(stage);
    return name !== null && passesSince(stage, name, steadyAt) >= CONTENT_PASSES;
  });
  const { targetUnits } = fleetOf(stage);
  const room = roomFor(stage.cluster, WEB);
  return [
    {
      act: 1,
      name: "the target stays at the fleet's minimum",
      held: targetUnits === FLEET_UNITS.min,
      detail: `target ${targetUnits}, minimum ${FLEET_UNITS.min}`,
    },
    {
      act: 1,
      name: `there is room for ${PROMISED_TASKS} more of the largest task`,
      held: room >= PROMISED_TASKS,
      detail: `room for ${room} more web tasks`,
    },
  ];
}

function placeServices(stage: Stage): void {
  const { driver, world, cluster } = stage;
  const [router, web, worker, nightly] = [LOG_ROUTER, WEB, WORKER, IMPORT].map((part) => register(stage, part));
  if (router === undefined || web === undefined || worker === undefined || nightly === undefined) return;
  driver.inPresent(() => {
    world.ecs.createService(cluster, { name: 'log-router', definition: router, schedulingStrategy: 'DAEMON' });
    world.ecs.createService(cluster, { name: 'web', definition: web, desiredCount: WEB_COUNT, bounds: BOUNDS.web });
    world.ecs.createService(cluster, {
      name: 'worker',
      definition: worker,
      desiredCount: WORKER_COUNT,
      bounds: BOUNDS.worker,
    });
    // On one of the largest: act 4 takes it away, and that loss must not go unnoticed.
    const placementConstraints = [memberOf(`attribute:ecs.instance-type == ${LARGEST_TYPE}`)];
    world.ecs.runTask(cluster, { definition: nightly, placementConstraints });
  });
  stage.tell({
    kind: 'note',
    text: `services web (${WEB_COUNT}), worker (${WORKER_COUNT}), log-router (one on every instance), and one standalone task`,
  });
}
