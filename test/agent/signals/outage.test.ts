import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outage } from '../../../src/agent/signals/outage.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const NOTICES = { kind: 'interruption', isMetadata: true } as const;
const REBALANCE = { kind: 'rebalance', isMetadata: true } as const;
const HOST = { kind: 'host-shutdown', isMetadata: false } as const;
const ERR = new Failure('timed-out', 'reading');

function anOutage() {
  const clock = steppedClock();
  const { logger, lines } = keepingLogger();
  const heard: boolean[] = [];
  const outage = new Outage({ clock, logger, blindAfterMs: 60_000, onBlind: (isBlind) => heard.push(isBlind) });
  const said = () => lines.map(({ level, fields }) => [level, fields.signal ?? 'all']);
  return { clock, lines, heard, outage, said };
}

describe('an outage of the metadata service', () => {
  it('is told once when it starts, once when it lasts, and once when it ends with its length', () => {
    const { clock, lines, heard, outage } = anOutage();
    for (let second = 0; second < 120; second += 1) {
      outage.failed(NOTICES, ERR);
      outage.failed(REBALANCE, ERR);
      clock.advance(1_000);
    }
    expect(outage.isBlind).toBe(true);
    outage.succeeded(NOTICES);
    outage.succeeded(REBALANCE);
    expect(outage.isBlind).toBe(false);
    expect(lines).toEqual([
      { level: 'warn', message: 'the metadata service cannot be read: a notice would go unseen', fields: { err: ERR } },
      {
        level: 'error',
        message: 'the metadata service still cannot be read: this instance may end unnoticed',
        fields: { err: ERR, outageMs: 60_000 },
      },
      { level: 'info', message: 'the metadata service can be read again', fields: { outageMs: 120_000 } },
    ]);
    expect(heard).toEqual([true, false]);
  });

  it('that is short makes nobody blind', () => {
    const { clock, heard, outage, said } = anOutage();
    outage.failed(NOTICES, ERR);
    clock.advance(59_999);
    outage.failed(NOTICES, ERR);
    expect(outage.isBlind).toBe(false);
    outage.succeeded(NOTICES);
    expect([said(), heard]).toEqual([
      [
        ['warn', 'all'],
        ['info', 'all'],
      ],
      [],
    ]);
  });

  it('makes blind also while a reading does not come back', () => {
    const { clock, outage } = anOutage();
    outage.failed(NOTICES, ERR);
    clock.advance(60_000);
    expect(outage.isBlind).toBe(true);
  });
});

describe('another source', () => {
  it('that fails alone is told of once by its name, and when it can be read again', () => {
    const { clock, lines, outage } = anOutage();
    for (let second = 0; second < 100; second += 1) {
      outage.failed(REBALANCE, ERR);
      outage.succeeded(NOTICES);
      clock.advance(1_000);
    }
    expect(outage.isBlind).toBe(false);
    outage.succeeded(REBALANCE);
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'a signal cannot be read: what it said last stands',
        fields: { err: ERR, signal: 'rebalance' },
      },
      { level: 'info', message: 'the signal can be read again', fields: { signal: 'rebalance', outageMs: 100_000 } },
    ]);
  });

  it('that fails just before or just after an outage of all is part of it', () => {
    const { outage, said } = anOutage();
    outage.failed(REBALANCE, ERR);
    outage.failed(NOTICES, ERR);
    outage.failed(REBALANCE, ERR);
    outage.succeeded(NOTICES);
    outage.succeeded(NOTICES);
    outage.succeeded(REBALANCE);
    expect(said()).toEqual([
      ['warn', 'all'],
      ['info', 'all'],
    ]);
  });

  it('that has nothing to do with the metadata service is told of at once, outage or not', () => {
    const { outage, said } = anOutage();
    outage.failed(NOTICES, ERR);
    outage.failed(HOST, ERR);
    outage.failed(HOST, ERR);
    outage.succeeded(HOST);
    expect(said()).toEqual([
      ['warn', 'all'],
      ['warn', 'host-shutdown'],
      ['info', 'host-shutdown'],
    ]);
  });
});

describe('whatever fails and comes back', () => {
  const event = fc.record({
    source: fc.constantFrom(NOTICES, REBALANCE, HOST),
    isGood: fc.boolean(),
    afterMs: fc.integer({ min: 0, max: 40_000 }),
  });
  const play = (events: readonly (typeof event extends fc.Arbitrary<infer Event> ? Event : never)[]) => {
    const { clock, heard, outage, said } = anOutage();
    const moments = events.map(({ source, isGood, afterMs }) => {
      clock.advance(afterMs);
      if (isGood) outage.succeeded(source);
      else outage.failed(source, ERR);
      return { isOfNotices: source === NOTICES, isGood, atMs: clock.monotonicMs(), isBlind: outage.isBlind };
    });
    return { heard, said: said(), moments };
  };

  it('is told at its changes only', () => {
    const property = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { said } = play(events);
      for (const name of ['all', 'rebalance', 'host-shutdown']) {
        const levels = said.flatMap(([level, of]) => (of === name ? [level] : []));
        expect(levels.join(' ')).toMatch(/^(warn( error)? info ?)*(warn( error)?)?$/);
      }
    });
    fc.assert(property);
  });

  it('makes blind when notices went unseen for long, and whatever else fails does not', () => {
    const property = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { heard, moments } = play(events);
      let sinceMs = Number.POSITIVE_INFINITY;
      for (const { isOfNotices, isGood, atMs, isBlind } of moments) {
        if (isOfNotices) sinceMs = isGood ? Number.POSITIVE_INFINITY : Math.min(sinceMs, atMs);
        expect(isBlind).toBe(atMs - sinceMs >= 60_000);
      }
      expect(heard).toEqual(heard.map((_, index) => index % 2 === 0));
    });
    fc.assert(property);
  });
});
