// `spotkeeper replace`: an operator wants these instances replaced. What is set is a wish that the controller reads; it
// launches the replacements first, and how many go at once its budgets say. The wish stands until the instance is gone, and
// while it stands it can be taken back.
import { ATTRIBUTE, formatReplaceWish, parseEnding, parseRetirement } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { type Followed, type Following, follow } from './follow-drain.ts';
import { inTurns } from './in-turns.ts';
import { factOf, idsOf, type Outcome } from './outcome.ts';

/** Why an instance is left as it is. */
export type ReplaceRefusal =
  /** It has an interruption notice, or its Auto Scaling group ends it: it is replaced in any case. */
  | 'noticed'
  /** The controller has chosen it to leave for another reason. */
  | 'retiring'
  /** It is DRAINING by somebody else's decision: the controller replaces only what serves until then. */
  | 'draining';

export interface Replaced extends Outcome {
  readonly result:
    | 'wished'
    | 'wished-already'
    | 'would-wish'
    | 'taken-back'
    | 'would-take-back'
    | 'no-wish'
    | 'refused'
    | 'failed';
  /** The wish as it is written on the instance now; null when there is none. */
  readonly wish: string | null;
  readonly refusal: ReplaceRefusal | null;
}

export interface ReplaceOrder {
  readonly isUndo: boolean;
  /** Says what would be done, and does nothing. */
  readonly isDryRun: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function replace(
  cluster: Pick<Cluster, 'setAttribute' | 'removeAttribute'>,
  instances: readonly ContainerInstance[],
  order: ReplaceOrder,
): Promise<Replaced[]> {
  return inTurns(instances, async (instance): Promise<Replaced> => {
    const base = { ...idsOf(instance), wish: instance.attributes[ATTRIBUTE.replace] ?? null };
    try {
      const done = order.isUndo ? await takeBack(cluster, instance, order) : await wish(cluster, instance, order);
      return { ...base, isRefused: done.refusal !== null, failure: null, ...done };
    } catch (error) {
      return { ...base, isRefused: false, failure: factOf(error), result: 'failed', refusal: null };
    }
  });
}

type Done = Pick<Replaced, 'result' | 'refusal'> & Partial<Pick<Replaced, 'wish'>>;

async function wish(
  cluster: Pick<Cluster, 'setAttribute'>,
  instance: ContainerInstance,
  { isDryRun, now }: ReplaceOrder,
): Promise<Done> {
  if (instance.attributes[ATTRIBUTE.replace] !== undefined) return { result: 'wished-already', refusal: null };
  const refusal = refusalOf(instance);
  if (refusal !== null) return { result: 'refused', refusal };
  if (isDryRun) return { result: 'would-wish', refusal };
  const value = formatReplaceWish(now);
  await cluster.setAttribute(instance.arn, ATTRIBUTE.replace, value);
  return { result: 'wished', refusal, wish: value };
}

function refusalOf({ attributes, status }: ContainerInstance): ReplaceRefusal | null {
  if (parseEnding(attributes[ATTRIBUTE.notice]) !== null) return 'noticed';
  if (parseRetirement(attributes[ATTRIBUTE.retiring]) !== null) return 'retiring';
  return status === 'ACTIVE' || status === 'REGISTERING' ? null : 'draining';
}

/** The controller sees that the wish is gone, and lets the instance serve again, as long as it is there. */
async function takeBack(
  cluster: Pick<Cluster, 'removeAttribute'>,
  { arn, attributes }: ContainerInstance,
  { isDryRun }: ReplaceOrder,
): Promise<Done> {
  if (attributes[ATTRIBUTE.replace] === undefined) return { result: 'no-wish', refusal: null };
  if (isDryRun) return { result: 'would-take-back', refusal: null };
  await cluster.removeAttribute(arn, ATTRIBUTE.replace);
  return { result: 'taken-back', refusal: null, wish: null };
}

/** Until each has left the cluster, or is not wished to be replaced any more. */
export function followReplacement(
  cluster: Pick<Cluster, 'containerInstance'>,
  arns: readonly ContainerInstanceArn[],
  following: Following,
): Promise<Followed> {
  return follow(arns, following, {
    async leftOn(arn, signal) {
      const instance = await cluster.containerInstance(arn, signal);
      const isThere = instance !== null && instance.status !== 'INACTIVE';
      return isThere && instance.attributes[ATTRIBUTE.replace] !== undefined ? 1 : 0;
    },
    wordsOf(left) {
      const count = left.filter((each) => each > 0).length;
      return `${count} ${count === 1 ? 'instance' : 'instances'} to go`;
    },
  });
}
