// Nothing drains for ever: whoever is DRAINING is gone, or back in service, in the end.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { Invariant } from './invariant.ts';

/** Twice the longest time that the product gives a drain before it ends or gives it up, and room for what comes between. */
const LONGEST_MS = 3 * 3_600_000;

export const drainsEnd: Invariant = {
  name: 'nothing drains for ever',
  watch({ stage, weather, afterStep }, broken) {
    const since = new Map<string, number>();
    let lookedAtMs = 0;
    afterStep(() => {
      const { elapsedMs } = stage.time;
      // It is about hours.
      if (elapsedMs - lookedAtMs < 60_000) return;
      lookedAtMs = elapsedMs;
      for (const { ec2, status, attributes } of stage.cluster.containerInstances.values()) {
        const isOurs = status === 'DRAINING' && ec2.isUp && attributes.has(ATTRIBUTE.retiring);
        if (!isOurs) since.delete(ec2.id);
        else if (!since.has(ec2.id)) since.set(ec2.id, elapsedMs);
        const lastedMs = Math.min(
          elapsedMs - (since.get(ec2.id) ?? elapsedMs),
          weather.fairForMs('no-leader', 'api-trouble'),
        );
        if (lastedMs <= LONGEST_MS) continue;
        since.set(ec2.id, elapsedMs);
        broken(`${ec2.id} has been draining for ${lastedMs / 60_000} min`);
      }
    });
  },
};
