// Never more leave for our own reasons than the budgets allow at once.
import { ATTRIBUTE, parseRetirement } from '../../model/attributes.ts';
import type { Stage } from '../play/stage.ts';
import type { Invariant } from './invariant.ts';

/** Who has gone since the controller looked was counted by it. */
const SEEN_MS = 60_000;

export const budgetsHold: Invariant = {
  name: 'no more leave at once than a budget allows',
  watch({ stage }, broken) {
    const atOnce = stage.policy.retirement.budgets.filter(({ withinMs }) => withinMs === null);
    stage.world.history.subscribe((event) => {
      if (event.kind !== 'container-instance-draining') return;
      const leaving = zonesOfRetiring(stage);
      const subject = leaving.get(event.instanceId);
      if (subject === undefined) return;
      for (const { most, isPerZone } of atOnce) {
        const isMeant = (zone: string) => !isPerZone || zone === subject;
        const among = zonesOfFleet(stage).filter(isMeant).length;
        const now = [...leaving.values()].filter(isMeant).length;
        const allowed = 'count' in most ? most.count : Math.ceil(most.share * among);
        if (now > allowed) broken(`${now} of ${among} leave with ${event.instanceId}, and ${allowed} may`);
      }
    });
  },
};

/** By instance, of those that drain by a mark of ours and still run. */
function zonesOfRetiring({ cluster }: Stage): Map<string, string> {
  const zones = new Map<string, string>();
  for (const { ec2, status, attributes } of cluster.containerInstances.values()) {
    const isMarked = parseRetirement(attributes.get(ATTRIBUTE.retiring) ?? undefined) !== null;
    if (status === 'DRAINING' && ec2.isUp && isMarked) zones.set(ec2.id, ec2.zone);
  }
  return zones;
}

function zonesOfFleet({ world, fleet, time }: Stage): string[] {
  return [...world.ec2.instances.values()]
    .filter(({ fleetId, terminatedAt }) => fleetId === fleet.id && time.now - (terminatedAt ?? time.now) < SEEN_MS)
    .map(({ zone }) => zone);
}
