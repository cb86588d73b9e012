// Nobody who was launched a moment ago is chosen to leave without a cause from outside: that would be money for nothing.
import { ATTRIBUTE, parseRetirement, type RetirementReason } from '../../model/attributes.ts';
import { findContainerInstance } from '../../world/ecs/cluster.ts';
import type { Invariant } from './invariant.ts';

/** What only our own wish for less ends. */
const OUR_WISH: ReadonlySet<RetirementReason> = new Set(['excess', 'consolidation']);

export const instancesGrowOld: Invariant = {
  name: 'no instance leaves before its minimum age for our own reasons',
  watch({ stage }, broken) {
    const { minimumAgeMs } = stage.policy.retirement;
    stage.world.history.subscribe((event) => {
      if (event.kind !== 'container-instance-draining') return;
      const instance = findContainerInstance(stage.cluster, event.containerInstanceArn);
      const reason = parseRetirement(instance?.attributes.get(ATTRIBUTE.retiring) ?? undefined)?.reason;
      if (instance === undefined || reason === undefined || !OUR_WISH.has(reason)) return;
      const ageMs = event.at - instance.ec2.launchedAt;
      if (ageMs < minimumAgeMs) broken(`${event.instanceId} is to leave for ${reason} after ${ageMs / 1_000} s`);
    });
  },
};
