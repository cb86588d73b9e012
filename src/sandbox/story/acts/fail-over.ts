// Act 5: the leader is killed with SIGKILL, so it cannot give its lease up. The standby must notice by itself.
import type { Expectation } from '../expectation.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import { leader, leaderSince, passesSince } from '../watching.ts';

export async function failOver(stage: Stage): Promise<Expectation[]> {
  await until(stage, 'a controller to lead', 30_000, () => leader(stage) !== null);
  const killed = leader(stage) ?? '';
  const killedAt = stage.driver.now;
  stage.processes.kill(killed, 'SIGKILL');
  stage.marks.kills.push({ name: killed, at: killedAt });
  stage.tell({ kind: 'note', text: `${killed}, the leader, is killed with SIGKILL` });
  // Whoever it is: that it is the standby, and when, is for the figures to say.
  await until(stage, 'the lease to be taken again', 20_000, () => leaderSince(stage, killedAt) !== null);
  const takenAt = stage.driver.now;
  await until(stage, 'the new leader to act', 20_000, () => passesSince(stage, leader(stage) ?? '', takenAt) > 0);
  return [];
}
