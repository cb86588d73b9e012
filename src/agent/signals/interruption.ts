// The interruption notice of a Spot instance: two minutes before `terminate` and `stop`; with `hibernate` it begins at once.
import type { InstanceMetadata } from '../../ports/metadata.ts';
import type { SignalSource } from './signal.ts';

export function interruptionSource(metadata: InstanceMetadata, periodMs: number): SignalSource<'interruption'> {
  return {
    kind: 'interruption',
    periodMs,
    isMetadata: true,
    async read(signal) {
      const notice = await metadata.interruptionNotice(signal);
      return notice === null ? null : { kind: 'interruption', action: notice.action, deadlineAt: notice.deadlineAt };
    },
  };
}
