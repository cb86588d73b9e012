// Act 6: the load falls. The controller retires what is not needed any more, one instance at a time.
import { WEB_COUNT } from '../cast.ts';
import type { Expectation } from '../expectation.ts';
import { areAllSteady, setDesired } from '../services.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

/** Two show that the second waits for the first; more would only take longer. */
const RETIREMENTS = 2;

export async function calm(stage: Stage): Promise<Expectation[]> {
  const { history } = stage.world;
  const startedAt = stage.driver.now;
  const retired = () =>
    new Set(
      history
        .of('instance-ending')
        .filter((event) => event.at >= startedAt && event.cause === 'terminate-call')
        .map((event) => event.instanceId),
    );
  const gone = () => history.of('instance-terminated').filter((event) => retired().has(event.instanceId)).length;
  stage.tell({ kind: 'note', text: `web is to run ${WEB_COUNT} tasks again, report none` });
  setDesired(stage, 'web', WEB_COUNT);
  setDesired(stage, 'report', 0);
  await until(stage, `${RETIREMENTS} instances to be retired`, 40_000, () => gone() >= RETIREMENTS);
  await until(stage, 'every task to run', 15_000, () => areAllSteady(stage));
  return [];
}
