import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Memory, memoryOfNewBoot, NO_MEMORY, readMemory } from '../../../src/agent/respond/memory.ts';
import { SIGNAL_KINDS } from '../../../src/agent/signals/signal.ts';

const anyInstant = fc.integer({ min: 0, max: 4e12 });
const anyKey = fc.constantFrom(...SIGNAL_KINDS).chain((kind) => anyInstant.map((at) => `${kind}/${at}`));
const anyMark = fc.option(fc.record({ cause: anyKey, since: anyInstant }, { noNullPrototype: true }));
const anyMemory: fc.Arbitrary<Memory> = fc.record(
  {
    drained: anyMark,
    cordoned: anyMark,
    notice: fc.option(fc.string()),
    last: fc.option(
      fc.record(
        {
          kind: fc.constantFrom(...SIGNAL_KINDS),
          key: anyKey,
          action: fc.option(fc.string()),
          deadlineAt: fc.option(anyInstant),
          isVoluntary: fc.boolean(),
        },
        { noNullPrototype: true },
      ),
    ),
    seen: fc.dictionary(anyKey, anyInstant, { noNullPrototype: true }),
    over: fc.array(anyKey),
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

  it('is not read with an instant that no clock can show', () => {
    expect(readMemory({ ...NO_MEMORY, seen: { 'host-shutdown': 9e15 } })).toBeNull();
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
        expect(over).toEqual(memory.over.slice(-20));
      }),
    );
  });
});
