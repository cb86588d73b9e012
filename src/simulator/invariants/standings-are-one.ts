// Every instance of the fleet has one standing in the report: no two, and none only for one that nobody could know yet.
import type { Invariant } from './invariant.ts';

/** The ledger is made of what was read before, and calls that hang make minutes of a pass: who came meanwhile is in the next. */
const LATE_MS = 180_000;

export const standingsAreOne: Invariant = {
  name: 'every instance is in exactly one standing',
  watch({ stage, onPass }, broken) {
    onPass((who, { report }) => {
      const ids = new Set<string>();
      for (const { instanceId } of report.ledger) {
        if (ids.has(instanceId)) broken(`${who} counts ${instanceId} twice`);
        ids.add(instanceId);
      }
      if (report.gaps.length > 0) return;
      for (const { id, launchedAt } of stage.fleet.members) {
        if (!ids.has(id) && stage.time.now - launchedAt > LATE_MS) broken(`${who} does not count ${id}`);
      }
    });
  },
};
