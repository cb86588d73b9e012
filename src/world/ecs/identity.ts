// Names ECS gives: random hexadecimal ids from the world's own randomness, and ARNs in the form with the cluster's name.
import type { Rng } from '../../ports/rng.ts';
import type { WorldSettings } from '../settings.ts';

/** 32 hexadecimal digits, as in ids of tasks and container instances. */
export function newId(rng: Rng): string {
  let id = '';
  while (id.length < 32) {
    const digits = Math.floor(rng.next() * 0x1_0000_0000);
    id += digits.toString(16).padStart(8, '0');
  }
  return id;
}

export type ArnKind = 'cluster' | 'container-instance' | 'service' | 'task' | 'task-definition';

/** `arn:aws:ecs:us-east-1:123456789012:task/CLUSTER/ID` */
export function ecsArn(settings: WorldSettings, kind: ArnKind, path: string): string {
  return `arn:aws:ecs:${settings.region}:${settings.accountId}:${kind}/${path}`;
}
