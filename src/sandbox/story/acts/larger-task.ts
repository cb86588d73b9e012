// Act 3: a service with a larger task appears. From now on the promised room is counted in that larger task.
import { PROMISED_TASKS, REPORT, REPORT_COUNT } from '../cast.ts';
import type { Expectation } from '../expectation.ts';
import { isFulfilledAndJoined } from '../fleet.ts';
import { roomFor } from '../room.ts';
import { areAllSteady, markDemand, register } from '../services.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

export async function largerTask(stage: Stage): Promise<Expectation[]> {
  const { cluster, driver, world } = stage;
  const before = roomFor(cluster, REPORT);
  stage.tell({
    kind: 'note',
    text: `service report appears, ${REPORT_COUNT} tasks of ${REPORT.cpuUnits} cpu units and ${REPORT.memoryMiB} MiB; there is room for ${before}`,
  });
  const definition = register(stage, REPORT);
  markDemand(stage, 'report');
  driver.inPresent(() => world.ecs.createService(cluster, { name: 'report', definition, desiredCount: REPORT_COUNT }));
  await until(stage, 'the report tasks to run', 30_000, () => areAllSteady(stage));
  await until(
    stage,
    `room for ${PROMISED_TASKS} more report tasks`,
    30_000,
    () => roomFor(cluster, REPORT) >= PROMISED_TASKS,
  );
  await until(stage, 'every launched instance to join', 15_000, () => isFulfilledAndJoined(stage));
  const room = roomFor(cluster, REPORT);
  return [
    {
      act: 3,
      name: `the promise is now ${PROMISED_TASKS} of the larger task`,
      held: room >= PROMISED_TASKS,
      detail: `room for ${room} more report tasks beside the ${REPORT_COUNT} that run`,
    },
  ];
}
