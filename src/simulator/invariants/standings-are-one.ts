// Every instance of the fleet has one standing in the report: no two, and none only for one that nobody could know yet.
import type { Invariant } from './invariant.ts';

/** The ledger is made of what was read before: who came during a pass is in the next. */
const LATE_MS = 60_000;
/** Calls that hang make minutes of a pass. */
const LATE_IN_TROUBLE_MS = 180_000;

export const standingsAreOne: Invariant = {
  name: 'every instance is in exactly one standing',
  watch({ stage, weather, onPass }, broken) {
    onPass((who, { report }) => {
      const ids = new Set<string>();
      for (const { instanceId } of report.ledger) {
        if (ids.has(instanceId)) broken(`${who} counts ${instanceId} twice`);
        ids.add(instanceId);
      }
      if (report.gaps.length > 0) return;
      const lateMs = weather.fairForMs('api-trouble') > LATE_IN_TROUBLE_MS ? LATE_MS : LATE_IN_TROUBLE_MS;
      for (const { id, launchedAt } of stage.fleet.members) {
        if (!ids.has(id) && stage.time.now - launchedAt > lateMs) broken(`${who} does not count ${id}`);
      }
    });
  },
};
