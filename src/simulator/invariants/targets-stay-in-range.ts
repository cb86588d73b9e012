// The target that a controller asks for lies within the operator's minimum and maximum.
import type { Invariant } from './invariant.ts';

export const targetsStayInRange: Invariant = {
  name: 'a controller asks for no target outside of minimum and maximum',
  watch({ stage }, broken) {
    const { minUnits, maxUnits } = stage.policy.fleet;
    stage.wire.listen(({ caller, doing }) => {
      const units = Number(/^setting the target capacity of \S+ to (\d+)$/.exec(doing)?.[1] ?? Number.NaN);
      if (units < minUnits || units > maxUnits) broken(`${caller.process.name} asked for ${units}`);
    });
  },
};
