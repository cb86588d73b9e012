// Act 5: the leader is killed with SIGKILL, so it cannot give its lease up. The standby must notice by itself.
import type { Expectation } from '../expectation.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import { leader, passesSince } from '../watching.ts';

export async function failOver(stage: Stage): Promise<Expectation[]> {
  await until(stage, 'a controller to lead', 10_000, () => leader(stage) !== null);
  const killed = leader(stage) ?? '';
  const killedAt = stage.driver.now;
  stage.processes.kill(killed, 'SIGKILL');
  stage.marks.kills.push({ name: killed, at: killedAt });
  stage.tell({ kind: 'note', text: `${killed}, the leader, is killed with SIGKILL` });
  const next = () => {
    const name = leader(stage);
    return name === killed ? null : name;
  };
  await until(stage, 'the standby to take the lease', 20_000, () => next() !== null);
  const tookOverAt = stage.driver.now;
  await until(stage, 'the new leader to act', 10_000, () => passesSince(stage, next() ?? '', tookOverAt) > 0);
  return [];
}
