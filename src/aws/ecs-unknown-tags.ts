// Names the tags of the ECS cluster that were meant for us and are nothing we know: somebody waits for them to do something.
import type { Tag } from '@aws-sdk/client-ecs';
import { isOrderTag, ORDER_TAG } from '../model/orders.ts';
import type { SetAside } from '../model/snapshot.ts';
import { INTENT_PREFIX } from './ecs-intents.ts';

/** Tags that begin as ours do and are none. */
export function unknownTags(tags: readonly Tag[]): SetAside[] {
  return tags.flatMap(({ key = '' }): SetAside[] => {
    const isOurs = isOrderTag(key) || key.startsWith(INTENT_PREFIX);
    if (isOurs || !/^spotkeeper\b/i.test(key)) return [];
    const known = `${ORDER_TAG.stop}, ${ORDER_TAG.pause} or ${INTENT_PREFIX}NAME`;
    return [{ kind: 'tag', subject: key, reason: 'unknown-tag', detail: `expected ${known}` }];
  });
}
