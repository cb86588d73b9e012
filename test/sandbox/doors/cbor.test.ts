import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/sandbox/api.ts';
import { decodeCbor } from '../../../src/sandbox/doors/cbor-decode.ts';
import { encodeCbor } from '../../../src/sandbox/doors/cbor-encode.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('CBOR', () => {
  // The examples of RFC 8949, appendix A, that AWS's clients can send.
  it.each<[string, unknown]>([
    ['00', 0],
    ['1864', 100],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['3903e7', -1000],
    ['f93c00', 1],
    ['f97bff', 65_504],
    ['f90001', 2 ** -24],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['f4', false],
    ['f6', null],
    ['63e6b0b4', '水'],
    ['83010203', [1, 2, 3]],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['c11a514b67b0', new Date('2013-03-21T20:04:00Z')],
  ])('reads %s', (hex, value) => {
    expect(decodeCbor(bytes(hex))).toEqual(value);
  });

  it.each(['', '83 01', '1b 00', '00 00', 'ff', '63 61', '5c'])('refuses what is not one whole value: %s', (hex) => {
    expect(() => decodeCbor(bytes(hex))).toThrow(ApiError);
  });

  it('refuses what is nested without end', () => {
    expect(() => decodeCbor(Buffer.alloc(1000, 0x81))).toThrow('nested too deeply');
  });

  it('reads back what it writes', () => {
    const leaf = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.string(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(decodeCbor(encodeCbor(value))).toEqual(value);
      }),
    );
  });

  it('leaves out undefined fields and writes instants as tagged seconds', () => {
    expect(decodeCbor(encodeCbor({ a: undefined, at: new Date(1_500) }))).toEqual({ at: new Date(1_500) });
  });
});
