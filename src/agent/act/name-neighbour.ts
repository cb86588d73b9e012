// Writes on the container instance what else here answers interruption notices, so that the controller can name it for the
// whole cluster. It is no secret and no hurry: whatever keeps it from being written, the log has said it.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { Neighbour } from '../neighbours.ts';
import { persist } from './persist.ts';
import { type Acting, ourselves, WRITE_LIMIT_MS } from './self.ts';

// As many hosts of one image may start at once, and ECS takes forty writes a second from all of an account.
const PATIENCE = { baseMs: 30_000, capMs: 30_000 };
const GIVEN_UP_AFTER_MS = 600_000;
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html */
const VALUE_LENGTH = 128;

/** Once; nothing where there is nobody whose work may harm. */
export async function nameNeighbour(
  acting: Acting,
  neighbours: readonly Neighbour[],
  signal: AbortSignal,
): Promise<void> {
  const value = otherDrainerAmong(neighbours);
  if (value === null) return;
  const endeavour = {
    doing: `writing the attribute ${ATTRIBUTE.otherDrainer}`,
    untilAt: acting.clock.now() + GIVEN_UP_AFTER_MS,
    limitMs: WRITE_LIMIT_MS,
    whenThrottled: PATIENCE,
  };
  await persist(acting, endeavour, signal, async (within) => {
    const { cluster, arn } = await ourselves(acting, within);
    await cluster.setAttribute(arn, ATTRIBUTE.otherDrainer, value, within);
  });
}

/** The first that may harm, as an attribute value: `lifecycled:lifecycled.service`. The log has them all. */
export function otherDrainerAmong(neighbours: readonly Neighbour[]): string | null {
  const harmful = neighbours.find(({ kind, isHarmless }) => !isHarmless && kind !== 'unreadable-ecs-config');
  if (harmful === undefined) return null;
  return `${harmful.kind}:${harmful.found}`.replace(/[^\w\-./\\@:]/g, '-').slice(0, VALUE_LENGTH);
}
