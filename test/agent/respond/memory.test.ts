import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/agent/respond/cause.ts';
import { type Memory, memoryOfNewBoot, NO_MEMORY, readMemory, withOver } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import { SIGNAL_KINDS, type SignalKind } from '../../../src/agent/signals/signal.ts';
import { aSituation, NOW } from './situations.ts';

const anyInstant = fc.integer({ min: 0, max: 4e12 });
const anyKey = fc.constantFrom(...SIGNAL_KINDS).chain((kind) => anyInstant.map((at) => `${kind}/${at}`));
const anyMark = fc.option(fc.record({ cause: anyKey, since: anyInstant }, { noNullPrototype: true }));
const causeOf = (kind: SignalKind): fc.Arbitrary<Cause> =>
  fc.record(
    {
      kind: fc.constant(kind),
      key: anyInstant.map((at) => `${kind}/${at}`),
      action: fc.option(fc.string()),
      deadlineAt: kind === 'rebalance' ? fc.constant(null) : anyInstant,
      isVoluntary: fc.boolean(),
    },
    { noNullPrototype: true },
  );
const anyMemory: fc.Arbitrary<Memory> = fc.record(
  {
    drained: anyMark,
    cordoned: anyMark,
    notice: fc.option(fc.string()),
    last: fc.option(fc.constantFrom(...SIGNAL_KINDS).chain(causeOf)),
    seen: fc.dictionary(anyKey, anyInstant, { noNullPrototype: true }),
    over: fc.uniqueArray(anyKey),
    taken: fc.array(fc.string()),
  },
  { noNullPrototype: true },
);

describe('a memory', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(anyMemory, (memory) => {
        expect(readMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
      }),
    );
  });

  it('is read although a later version wrote more into it', () => {
    expect(readMemory({ ...NO_MEMORY, more: 1 })).toEqual(NO_MEMORY);
  });

  it('is never read from anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readMemory(value)).toBeNull();
      }),
    );
  });

  it.each(Object.keys(NO_MEMORY))('is not read where its %s is missing or of another shape', (field) => {
    expect(readMemory({ ...NO_MEMORY, [field]: undefined })).toBeNull();
    expect(readMemory({ ...NO_MEMORY, [field]: 7 })).toBeNull();
    expect(readMemory({ ...NO_MEMORY, [field]: [7] })).toBeNull();
    expect(readMemory({ ...NO_MEMORY, [field]: { key: 'x', cause: 'x', since: 'x' } })).toBeNull();
  });

  it.each([9e15, 8e15, Number.NaN])('is not read with an instant that no clock shows: %d', (at) => {
    expect(readMemory({ ...NO_MEMORY, seen: { 'host-shutdown': at } })).toBeNull();
  });

  it.each(
    SIGNAL_KINDS.filter((kind) => kind !== 'rebalance').flatMap((kind) => [
      [kind, null],
      [kind, 9e15],
      [kind, 'soon'],
    ]),
  )('is not read where a cause of kind %s has %j for its deadline', (kind, deadlineAt) => {
    const last = { kind, key: `${kind}/${NOW}`, action: null, deadlineAt, isVoluntary: false };
    expect(readMemory({ ...NO_MEMORY, last })).toBeNull();
  });

  it('is not read where a recommendation does not say when it was made', () => {
    const last = { kind: 'rebalance', key: 'rebalance/soon', action: null, deadlineAt: null, isVoluntary: true };
    expect(readMemory({ ...NO_MEMORY, last })).toBeNull();
  });

  it('that could be read can be answered while every source is silent', () => {
    const odd = fc.constantFrom(null, 'soon', -1, 8e15, 9e15);
    const oddKey = fc.oneof(anyKey, fc.constantFrom('interruption/terminate/', 'rebalance/soon', 'target-state/8e15'));
    const last = fc.constantFrom(...SIGNAL_KINDS).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        key: oddKey,
        action: fc.constant(null),
        deadlineAt: fc.oneof(anyInstant, odd),
        isVoluntary: fc.boolean(),
      }),
    );
    const seen = fc.dictionary(oddKey, fc.oneof(anyInstant, fc.constantFrom(8e15, -8e15)), { maxKeys: 3 });
    fc.assert(
      fc.property(last, seen, (cause, also) => {
        const memory = readMemory({ ...NO_MEMORY, last: cause, seen: { ...also, [cause.key]: NOW } });
        if (memory !== null) respond({ ...aSituation({ memory }), signals: {} });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what is over', () => {
  const keys = fc.array(
    fc.nat(30).map((at) => `rebalance/${at}`),
    { maxLength: 40 },
  );

  it('is held once each, twenty at most, and what is still said before what is not', () => {
    fc.assert(
      fc.property(keys, keys, (over, said) => {
        const kept = withOver(over, said);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept.length).toBe(Math.min(20, new Set([...over, ...said]).size));
        const saidLast = [...new Set(said)].slice(-20);
        expect(kept.slice(kept.length - saidLast.length)).toEqual(saidLast);
        expect(withOver(kept, said)).toEqual(kept);
      }),
    );
  });
});

describe('the memory of a new boot', () => {
  it('keeps the marks and what is over, and no progress', () => {
    fc.assert(
      fc.property(anyMemory, (memory) => {
        const { drained, cordoned, notice, last, seen, over, taken } = memoryOfNewBoot(memory);
        expect({ drained, cordoned, notice, last }).toEqual({
          drained: memory.drained,
          cordoned: memory.cordoned,
          notice: memory.notice,
          last: memory.last,
        });
        expect([seen, taken]).toEqual([{}, []]);
        expect(new Set(over)).toEqual(new Set(memory.over.slice(-20)));
      }),
    );
  });
});
