// `spotkeeper uncordon`: tasks may be placed on these instances again. It takes back DRAINING only where an operator set
// it through us, and never where an instance is about to end: there it would invite tasks to be killed.
import { ATTRIBUTE, OPERATORS_DRAIN, parseEnding, parseNotice } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { inTurns } from './in-turns.ts';
import { factOf, idsOf, type Outcome } from './outcome.ts';

/** Why an instance is left as it is. */
export type Refusal =
  /** It has an interruption notice, or its Auto Scaling group ends it. */
  | 'noticed'
  /** The controller has chosen it to leave. */
  | 'retiring'
  /** It is DRAINING, not by these commands, and its agent answers maintenance, a shutdown or a recommendation. */
  | 'agent-answers'
  /** It is DRAINING, and that was not set by these commands. */
  | 'drained-by-others';

export interface Uncordoned extends Outcome {
  readonly result: 'uncordoned' | 'active' | 'not-cordoned' | 'refused' | 'failed';
  /** The attribute's value before; null when there was none. */
  readonly cordonedBefore: string | null;
  /** The notice that its agent answers, as the attribute says it; null when there is none. */
  readonly notice: string | null;
  readonly refusal: Refusal | null;
}

export function uncordon(cluster: Cluster, instances: readonly ContainerInstance[]): Promise<Uncordoned[]> {
  return inTurns(instances, async (instance): Promise<Uncordoned> => {
    const { attributes } = instance;
    const cordonedBefore = attributes[ATTRIBUTE.cordoned] ?? null;
    const base = { ...idsOf(instance), cordonedBefore, notice: attributes[ATTRIBUTE.notice] ?? null };
    try {
      const done = await uncordonOne(cluster, instance);
      return { ...base, isRefused: done.refusal !== null, failure: null, ...done };
    } catch (error) {
      return { ...base, isRefused: false, failure: factOf(error), result: 'failed', refusal: null };
    }
  });
}

type Done = Pick<Uncordoned, 'result' | 'refusal'>;

async function uncordonOne(cluster: Cluster, instance: ContainerInstance): Promise<Done> {
  const { arn, attributes, status } = instance;
  const refusal = endOf(instance);
  if (refusal !== null) return { result: 'refused', refusal };
  const value = attributes[ATTRIBUTE.cordoned];
  const isOurDrain = value === OPERATORS_DRAIN && status === 'DRAINING';
  // ACTIVE first, and the mark after it: cut short between the two, the same command finishes it.
  if (isOurDrain) {
    await cluster.reactivate(arn);
    const late = await endSince(cluster, instance);
    if (late !== null) return { result: 'refused', refusal: late };
  }
  if (value !== undefined) await cluster.removeAttribute(arn, ATTRIBUTE.cordoned);
  if (isOurDrain) return { result: 'active', refusal: null };
  if (status === 'DRAINING') {
    const isAgents = parseNotice(attributes[ATTRIBUTE.notice]) !== null;
    return { result: 'refused', refusal: isAgents ? 'agent-answers' : 'drained-by-others' };
  }
  return { result: value === undefined ? 'not-cordoned' : 'uncordoned', refusal: null };
}

/** A notice that came while we worked: its DRAINING may be the one that we just took back, so it is set again. */
async function endSince(cluster: Cluster, { arn }: ContainerInstance): Promise<Refusal | null> {
  const now = await cluster.containerInstance(arn);
  const refusal = now === null ? null : endOf(now);
  if (refusal !== null) await cluster.drain(arn);
  return refusal;
}

function endOf({ attributes }: ContainerInstance): Refusal | null {
  if (parseEnding(attributes[ATTRIBUTE.notice]) !== null) return 'noticed';
  return attributes[ATTRIBUTE.retiring] === undefined ? null : 'retiring';
}
