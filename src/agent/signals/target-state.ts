// What an Auto Scaling group wants of this instance; nothing outside of one.
import type { InstanceMetadata } from '../../ports/metadata.ts';
import type { SignalSource } from './signal.ts';

export function targetStateSource(metadata: InstanceMetadata, periodMs: number): SignalSource<'target-state'> {
  return {
    kind: 'target-state',
    periodMs,
    isMetadata: true,
    async read(signal) {
      const state = await metadata.targetLifecycleState(signal);
      return state === null ? null : { kind: 'target-state', state };
    },
  };
}
