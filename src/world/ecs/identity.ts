// Names ECS gives: random hexadecimal ids from the world's own randomness, and ARNs in the form with the cluster's name.
import type { Rng } from '../../ports/rng.ts';
import type { WorldSettings } from '../settings.ts';

/** 32 hexadecimal digits, as in ids of tasks and container instances. */
export function newId(rng: Rng): string {
  let id = '';
  while (id.length < 32)
    id += Math.floor(rng.next() * 0x10000)
      .toString(16)
      .padStart(4, '0');
  return id;
}

export type ArnKind = 'cluster' | 'container-instance' | 'service' | 'task' | 'task-definition';

/** `arn:aws:ecs:us-east-1:123456789012:task/CLUSTER/ID` */
export function ecsArn(settings: WorldSettings, kind: ArnKind, path: string): string {
  return `arn:aws:ecs:${settings.region}:${settings.accountId}:${kind}/${path}`;
}
