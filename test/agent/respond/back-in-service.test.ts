import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import { Instance } from './instance.ts';
import { anEvent, aSituation, MINUTE, NOW, QUIET, SECOND, scheduled, shutDown, stepsOf, words } from './situations.ts';

const told = { hooksLimitMs: 10 * SECOND, hasWebhooks: true };
const empty = { tasks: [], isComplete: true };

describe('back in service', () => {
  const drained = { cause: 'maintenance/instance-event-1', since: NOW - MINUTE };

  it('takes back what we set, and tells only when that is done', () => {
    const instance = new Instance();
    instance.settle(aSituation({ signals: scheduled(anEvent()), here: empty, settings: told }));
    expect(stepsOf(aSituation({ memory: instance.memory, settings: told }))).toEqual(['undrain', 'clear-notice']);
    instance.done.length = 0;
    instance.settle(aSituation({ settings: told }));
    expect(instance.done).toEqual(['undrain', 'clear-notice', 'run-hooks uncordoned', 'send-webhooks uncordoned']);
  });

  it('answers the same cause anew when it comes back', () => {
    const instance = new Instance();
    for (const signals of [scheduled(anEvent()), {}, scheduled(anEvent())]) {
      instance.settle(aSituation({ signals, here: empty, settings: told }));
    }
    expect(instance.done.filter((one) => ['drain', 'undrain', 'run-hooks notice'].includes(one))).toEqual([
      'drain',
      'run-hooks notice',
      'undrain',
      'drain',
      'run-hooks notice',
    ]);
  });

  it('leaves alone what an operator drained', () => {
    const instance = new Instance();
    instance.draining = 'operator';
    instance.settle(aSituation({ signals: scheduled(anEvent()), here: empty }));
    instance.settle(aSituation());
    expect([instance.draining, instance.notice]).toEqual(['operator', null]);
  });

  it.each(['interruption', 'host-shutdown', 'target-state', 'maintenance', 'rebalance'] as const)(
    'waits until it is known that there is no %s',
    (kind) => {
      const { signals, ...situation } = aSituation({ memory: { ...NO_MEMORY, drained } });
      const { [kind]: _, ...others } = signals;
      expect(respond({ ...situation, signals: others }).steps).toEqual([]);
      expect(respond({ ...situation, signals }).steps.map(words)).toEqual(['undrain']);
    },
  );

  it('does not wait for a source that is to be ignored', () => {
    const { signals, ...situation } = aSituation({
      memory: { ...NO_MEMORY, drained },
      settings: { hostShutdown: { response: 'ignore' } },
    });
    const { 'host-shutdown': _, ...others } = signals;
    expect(respond({ ...situation, signals: others }).steps.map(words)).toEqual(['undrain']);
  });

  it('tells it once, also where what stood before is to be ignored since a restart', () => {
    const instance = new Instance();
    instance.settle(aSituation({ signals: shutDown(NOW + MINUTE), here: empty, settings: told }));
    const { 'host-shutdown': _, ...unheard } = QUIET;
    const ignoring = aSituation({ settings: { ...told, hostShutdown: { response: 'ignore' } } });
    instance.settle({ ...ignoring, signals: unheard });
    expect(instance.done.filter((one) => one === 'run-hooks uncordoned')).toHaveLength(1);
    expect(instance.memory).toEqual(NO_MEMORY);
  });
});
