// Act 2: a service's desired count triples. ECS cannot place the new tasks, the controller asks for capacity, instances
// launch, boot and join, and the tasks run.
import { WEB_COUNT } from '../cast.ts';
import type { Expectation } from '../expectation.ts';
import { fleetOf } from '../fleet.ts';
import { areAllSteady, setDesired } from '../services.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

export async function burst(stage: Stage): Promise<Expectation[]> {
  const { history } = stage.world;
  const startedAt = stage.driver.now;
  const before = fleetOf(stage).targetUnits;
  stage.tell({ kind: 'note', text: `web is to run ${WEB_COUNT * 3} tasks in place of ${WEB_COUNT}` });
  setDesired(stage, 'web', WEB_COUNT * 3);
  await until(stage, 'ECS to say that a task cannot be placed', 10_000, () =>
    history.of('placement-failed').some((event) => event.at >= startedAt),
  );
  await until(stage, 'the controller to raise the target', 20_000, () => fleetOf(stage).targetUnits > before);
  await until(stage, `all ${WEB_COUNT * 3} web tasks to run`, 30_000, () => areAllSteady(stage));
  return [];
}
