// Maintenance that AWS has scheduled for this instance. Every event is handed on in whatever state it is, as one that was
// canceled or completed undoes what an active one did.
import type { InstanceMetadata } from '../../ports/metadata.ts';
import type { SignalSource } from './signal.ts';

export function maintenanceSource(metadata: InstanceMetadata, periodMs: number): SignalSource<'maintenance'> {
  return {
    kind: 'maintenance',
    periodMs,
    isMetadata: true,
    async read(signal) {
      const events = await metadata.maintenanceEvents(signal);
      if (events.length === 0) return null;
      // By their ids, so that the same events in another order are no news.
      return { kind: 'maintenance', events: [...events].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
    },
  };
}
