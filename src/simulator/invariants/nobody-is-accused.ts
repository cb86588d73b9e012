// Nobody is said to have moved the target who did not: what a leader asked for, or its predecessor, is not somebody else's.
import type { Invariant } from './invariant.ts';

export const nobodyIsAccused: Invariant = {
  name: 'a target is said to be moved by somebody else only where somebody moved it there',
  watch({ stage, onPass }, broken) {
    const theirs = new Set(
      stage.scenario.happenings.flatMap((happening) => (happening.kind === 'operator-target' ? happening.units : [])),
    );
    onPass((who, { report }) => {
      for (const conflict of report.conflicts) {
        if (conflict.kind !== 'target-moved') continue;
        for (const { fromUnits, toUnits } of conflict.moves) {
          if (!theirs.has(toUnits)) broken(`${who} says so of ${toUnits}, after ${fromUnits}`);
        }
      }
    });
  },
};
