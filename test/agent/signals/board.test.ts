import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SignalBoard } from '../../../src/agent/signals/board.ts';
import type { MaintenanceEvent } from '../../../src/ports/metadata.ts';

const never = new AbortController().signal;
const NOTICE = { kind: 'interruption', action: 'terminate', deadlineAt: 1_790_000_000_000 } as const;
const EVENT: MaintenanceEvent = { id: 'e-1', code: 'system-reboot', state: 'active', notBeforeAt: 1_790_000_000_000 };

describe('the board', () => {
  it('knows nothing of a kind until it is told, if only that there is nothing', () => {
    const board = new SignalBoard();
    expect(board.signals).toEqual({});
    board.put('rebalance', null);
    expect(board.signals).toEqual({ rebalance: null });
  });

  it('keeps the last of each kind', () => {
    const board = new SignalBoard();
    board.put('interruption', NOTICE);
    board.put('rebalance', { kind: 'rebalance', noticedAt: 1 });
    board.put('interruption', { ...NOTICE, action: 'stop' });
    expect(board.signals).toEqual({
      interruption: { ...NOTICE, action: 'stop' },
      rebalance: { kind: 'rebalance', noticedAt: 1 },
    });
  });

  it('does not change when the same is said again', () => {
    const board = new SignalBoard();
    board.put('maintenance', { kind: 'maintenance', events: [{ ...EVENT }] });
    const seen = board.signals;
    board.put('maintenance', { kind: 'maintenance', events: [{ ...EVENT }] });
    expect(board.signals).toBe(seen);
    board.put('maintenance', { kind: 'maintenance', events: [{ ...EVENT, state: 'canceled' }] });
    expect(board.signals).not.toBe(seen);
  });

  it('wakes everybody who waits', async () => {
    const board = new SignalBoard();
    const waiting = [board.changed(board.signals, never), board.changed(board.signals, never)];
    board.put('interruption', NOTICE);
    await Promise.all(waiting);
    expect(board.signals.interruption).toEqual(NOTICE);
  });

  it('does not let somebody wait who has seen something else', async () => {
    const board = new SignalBoard();
    const seen = board.signals;
    board.put('interruption', null);
    await expect(board.changed(seen, never)).resolves.toBeUndefined();
  });

  it('lets go of whoever is told to stop', async () => {
    const board = new SignalBoard();
    const controller = new AbortController();
    const waiting = board.changed(board.signals, controller.signal);
    controller.abort();
    await waiting;
    await board.changed(board.signals, AbortSignal.abort());
    expect(board.signals).toEqual({});
  });

  it('is another object exactly when it says something else', () => {
    const rebalance = { kind: fc.constant('rebalance' as const), noticedAt: fc.nat({ max: 2 }) };
    const said = fc.option(fc.record(rebalance, { noNullPrototype: true }));
    const property = fc.property(fc.array(said), (puts) => {
      const board = new SignalBoard();
      for (const put of puts) {
        const before = board.signals;
        board.put('rebalance', put);
        const isNew = JSON.stringify(before.rebalance) !== JSON.stringify(put);
        expect(board.signals !== before).toBe(isNew);
      }
    });
    fc.assert(property);
  });
});
