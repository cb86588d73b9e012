// An instance whose metadata service has nothing to tell, but for what a test says.
import type { InstanceMetadata } from '../../../src/ports/metadata.ts';

export function quietMetadata(over: Partial<InstanceMetadata> = {}): InstanceMetadata {
  return {
    interruptionNotice: async () => null,
    rebalanceRecommendation: async () => null,
    maintenanceEvents: async () => [],
    targetLifecycleState: async () => null,
    region: async () => 'eu-west-1',
    instanceId: async () => 'i-0123456789abcdef0',
    keepsConnections: () => true,
    ...over,
  };
}
