import { describe, expect, it } from 'vitest';
import { interruptionSource } from '../../../src/agent/signals/interruption.ts';
import { maintenanceSource } from '../../../src/agent/signals/maintenance.ts';
import { rebalanceSource } from '../../../src/agent/signals/rebalance.ts';
import { targetStateSource } from '../../../src/agent/signals/target-state.ts';
import { Failure } from '../../../src/ports/failure.ts';
import type { InstanceMetadata, MaintenanceEvent } from '../../../src/ports/metadata.ts';
import { quietMetadata } from './quiet-metadata.ts';

const never = new AbortController().signal;
const EVENT: MaintenanceEvent = { id: 'e-1', code: 'system-reboot', state: 'active', notBeforeAt: 1_790_000_000_000 };

const MAKERS = [interruptionSource, rebalanceSource, maintenanceSource, targetStateSource] as const;
const readAll = (metadata: InstanceMetadata) =>
  Promise.all(MAKERS.map((make) => make(metadata, 1_000)).map((source) => source.read(never)));

describe('the signals of the metadata service', () => {
  it('are nothing where it has none', async () => {
    expect(await readAll(quietMetadata())).toEqual([null, null, null, null]);
  });

  it('say what it says', async () => {
    const metadata = quietMetadata({
      interruptionNotice: async () => ({ action: 'stop', deadlineAt: 1 }),
      rebalanceRecommendation: async () => ({ noticedAt: 2 }),
      maintenanceEvents: async () => [EVENT],
      targetLifecycleState: async () => 'Terminated',
    });
    expect(await readAll(metadata)).toEqual([
      { kind: 'interruption', action: 'stop', deadlineAt: 1 },
      { kind: 'rebalance', noticedAt: 2 },
      { kind: 'maintenance', events: [EVENT] },
      { kind: 'target-state', state: 'Terminated' },
    ]);
  });

  it('list events in the same order whichever the service has them in', async () => {
    const other = { ...EVENT, id: 'e-2', state: 'canceled' as const };
    const read = (events: MaintenanceEvent[]) =>
      maintenanceSource(quietMetadata({ maintenanceEvents: async () => events }), 1_000).read(never);
    expect(await read([other, EVENT])).toEqual(await read([EVENT, other]));
  });

  it('are unknown when it cannot be read', async () => {
    const fails = async () => {
      throw new Failure('unavailable', 'reading');
    };
    const metadata = quietMetadata({
      interruptionNotice: fails,
      rebalanceRecommendation: fails,
      maintenanceEvents: fails,
      targetLifecycleState: fails,
    });
    for (const make of MAKERS) {
      await expect(make(metadata, 1_000).read(never)).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('have their period and share the budget of the metadata service', () => {
    const sources = MAKERS.map((make, index) => make(quietMetadata(), index + 1));
    expect(sources.map(({ kind, periodMs, isMetadata }) => [kind, periodMs, isMetadata])).toEqual([
      ['interruption', 1, true],
      ['rebalance', 2, true],
      ['maintenance', 3, true],
      ['target-state', 4, true],
    ]);
  });
});
