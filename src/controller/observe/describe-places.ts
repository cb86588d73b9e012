// How many container instances a pass describes, between those that are urgent and those whose turn has come.
import { MOST } from '../../ports/cluster-reads.ts';

/**
 * How many to describe in full batches: the urgent ones whatever the budget, and of the ordinary batches those that are
 * left, at least a quarter of them and one. A crisis slows the rotation down and never stops it.
 */
export function placesFor(urgent: number, ordinaryBatches: number): number {
  const urgentBatches = Math.ceil(urgent / MOST.containerInstances);
  return (
    Math.max(ordinaryBatches, urgentBatches + Math.max(1, Math.ceil(ordinaryBatches / 4))) * MOST.containerInstances
  );
}
