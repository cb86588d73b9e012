// Every action names its reason, and nobody is ended by a controller who was not marked with one before.
import { ATTRIBUTE, parseRetirement } from '../../model/attributes.ts';
import type { Invariant } from './invariant.ts';

export const actionsHaveReasons: Invariant = {
  name: 'every action has a reason',
  watch({ stage, onAction }, broken) {
    onAction((who, { kind, reason }) => {
      if (typeof reason !== 'string' || reason === '') broken(`${who}: ${kind} without a reason`);
    });
    stage.wire.listen(({ caller, doing }) => {
      const id = /^terminating (\S+)$/.exec(doing)?.[1];
      const registered = id === undefined ? undefined : stage.world.ecs.containerInstanceOf(id);
      // One that has never joined can carry no mark.
      if (registered === undefined) return;
      const mark = registered.attributes.get(ATTRIBUTE.retiring) ?? undefined;
      if (parseRetirement(mark) === null) broken(`${caller.process.name} ended ${id}, which carries no mark`);
    });
  },
};
