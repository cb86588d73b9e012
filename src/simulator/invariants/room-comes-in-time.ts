// A task that ECS wants to run finds its place in time, as long as the market gives capacity, the maximum allows it and
// somebody leads who can reach AWS.
import type { Invariant } from './invariant.ts';

/**
 * From asking until an instance takes tasks it is two minutes in this world at most; the rest is for the promise that was
 * eaten meanwhile, for a second ask where the first came in vain, and for a service that is replaced in steps.
 */
const IN_TIME_MS = 600_000;

export const roomComesInTime: Invariant = {
  name: 'room that is short comes back in time',
  watch({ stage, weather, afterStep }, broken) {
    const late = new Set<string>();
    afterStep(() => {
      for (const { name, wants, schedulingStrategy } of stage.cluster.services.values()) {
        const [since] = wants;
        if (schedulingStrategy === 'DAEMON' || since === undefined || stage.time.now - since <= IN_TIME_MS) {
          late.delete(name);
        } else if (
          !late.has(name) &&
          weather.fairForMs('no-leader', 'api-trouble', 'drought', 'at-maximum') > IN_TIME_MS
        ) {
          late.add(name);
          broken(`${name} has waited for ${wants.length} tasks since ${(stage.time.now - since) / 1_000} s`);
        }
      }
    });
  },
};
