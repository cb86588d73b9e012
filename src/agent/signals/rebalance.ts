// The rebalance recommendation: EC2 sees an elevated risk of an interruption. It may come well before a notice, with one,
// or without one ever following.
import type { InstanceMetadata } from '../../ports/metadata.ts';
import type { SignalSource } from './signal.ts';

export function rebalanceSource(metadata: InstanceMetadata, periodMs: number): SignalSource<'rebalance'> {
  return {
    kind: 'rebalance',
    periodMs,
    isMetadata: true,
    async read(signal) {
      const recommendation = await metadata.rebalanceRecommendation(signal);
      return recommendation === null ? null : { kind: 'rebalance', noticedAt: recommendation.noticedAt };
    },
  };
}
