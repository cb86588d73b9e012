// Who else acts on what is ours, for people: what, the evidence, and what there is to do. High on every page: whatever
// else stands there may be undone by the other at any time.
import { formatInstant } from '../model/instant.ts';
import type { Conflict } from '../plan/conflicts/conflict.ts';
import type { TargetMove } from '../plan/conflicts/target-watch.ts';
import type { PlanReport } from '../plan/report.ts';
import { listed, wrap } from './layout.ts';
import { CONFLICT_ADVICE, CONFLICT_WORDS } from './words.ts';

const LABEL = 10;
const MOST_INSTANCES = 4;

/** Empty when there is none. */
export function renderConflicts({ conflicts }: Pick<PlanReport, 'conflicts'>, width: number): string {
  return conflicts
    .flatMap((conflict) => [
      `CONFLICT  ${CONFLICT_WORDS[conflict.kind]} [${conflict.kind}]: ${evidenceWords(conflict)}`,
      `To do     ${CONFLICT_ADVICE[conflict.kind]}`,
    ])
    .map((line) => wrap(line, width, LABEL))
    .join('\n');
}

/** What it is concluded from. */
export function evidenceWords(conflict: Conflict): string {
  switch (conflict.kind) {
    case 'target-moved':
      return conflict.moves.map(moveWords).join('; ');
    case 'fleet-may-terminate':
      return `the excess capacity termination policy of ${conflict.fleetId}, whose target is ${conflict.targetUnits}, is default`;
    case 'capacity-rebalancing':
      return `${conflict.fleetId} has the replacement strategy ${conflict.strategy}`;
    case 'capacity-provider': {
      const { provider, instanceIds, ofFleet } = conflict;
      return `${provider} has ${listed(instanceIds, MOST_INSTANCES)}, ${ofFleet} of them of the fleet`;
    }
    case 'foreign-drain': {
      const instances = conflict.instances.map(
        ({ instanceId, since }) => `${instanceId} since ${formatInstant(since)}`,
      );
      return listed(instances, MOST_INSTANCES);
    }
    case 'second-drainer':
      return `${conflict.found} on ${listed(conflict.instanceIds, MOST_INSTANCES)}`;
    default:
      return conflict satisfies never;
  }
}

function moveWords({ at, fromUnits, fromSince, isFromOurs, toUnits }: TargetMove): string {
  const before = isFromOurs ? `the controller asked for ${fromUnits}` : `it was ${fromUnits}`;
  return `${before} (${formatInstant(fromSince)}), and it is seen at ${toUnits} (${formatInstant(at)})`;
}
