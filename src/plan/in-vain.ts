// Capacity that came and does not help: the fleet picks the types, and it may pick one that cannot host what is short.
// Asking again would bring the same, up to the maximum, so what came in vain is held against the ask.
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { daemonNames, isDaemonTask } from './daemons.ts';
import type { Demand } from './fits.ts';
import type { Holding } from './ledger.ts';
import type { Standing } from './report.ts';
import { countThatFit, type Room } from './room.ts';

const PRESENT: ReadonlySet<Standing> = new Set<Standing>(['launching', 'joining', 'serving']);

/** Units of instances that run no task but daemons and whose type, even empty, has no room for any of these shapes. */
export function unitsInVain(
  snapshot: ClusterSnapshot,
  holdings: readonly Holding[],
  empty: ReadonlyMap<string, Room>,
  missing: readonly Demand[],
): number {
  const daemons = daemonNames(snapshot.services);
  const busy = new Set(
    snapshot.tasks
      .filter((task) => !isDaemonTask(task, daemons))
      .map(({ containerInstanceArn }) => containerInstanceArn),
  );
  return holdings
    .filter(({ standing, containerInstance }) => PRESENT.has(standing) && !busy.has(containerInstance?.arn ?? null))
    .filter(({ instanceType }) => {
      const room = empty.get(instanceType);
      return room !== undefined && missing.every(({ shape }) => countThatFit(room, shape) === 0);
    })
    .reduce((units, { weightUnits }) => units + weightUnits, 0);
}
