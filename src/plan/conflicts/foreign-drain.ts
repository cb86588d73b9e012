// Instances that drain, and whose drain nobody here ordered: ECS does not say who did. An agent writes why it drains, the
// controller marks, an operator's command cordons; so what lasts without any of these is another drainer's, or somebody's
// who used the console and forgot. It is left as it is: whoever drains has a reason until he is asked.
import { ATTRIBUTE, isOperatorsDrain } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { Holding } from '../ledger.ts';
import type { Conflict } from './conflict.ts';

// An agent sets DRAINING first and writes the notice after it, with a thousand others minutes later; ECS's own draining
// before an instance ends takes two minutes.
const TOLD_AFTER_MS = 600_000;

/** Since when each has drained so, epoch milliseconds. */
export type ForeignDrains = Readonly<Record<InstanceId, number>>;

export function foreignDrains(holdings: readonly Holding[], before: ForeignDrains, now: number): ForeignDrains {
  const since: Record<InstanceId, number> = {};
  for (const holding of holdings) {
    if (!isForeignDrain(holding)) continue;
    const { instanceId } = holding;
    // A clock that was put back makes nobody drain for longer.
    since[instanceId] = Math.min(before[instanceId] ?? now, now);
  }
  return since;
}

export function foreignDrain(drains: ForeignDrains, now: number): Conflict[] {
  // Object.entries forgets what the keys are.
  const instances = (Object.entries(drains) as [InstanceId, number][])
    .filter(([, since]) => now - since >= TOLD_AFTER_MS)
    .map(([instanceId, since]) => ({ instanceId, since }));
  return instances.length === 0 ? [] : [{ kind: 'foreign-drain', instances }];
}

/** It drains, and nobody of ours has written why. */
export function isForeignDrain({ standing, containerInstance }: Holding): boolean {
  return standing === 'draining' && containerInstance !== null && !isExplained(containerInstance);
}

/** Whatever the text, also that of a later version: somebody of ours wrote why. */
function isExplained({ attributes }: ContainerInstance): boolean {
  return (
    attributes[ATTRIBUTE.notice] !== undefined ||
    attributes[ATTRIBUTE.retiring] !== undefined ||
    isOperatorsDrain(attributes[ATTRIBUTE.cordoned])
  );
}
