import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/sandbox/api.ts';
import { decodeQuery } from '../../../src/sandbox/doors/query-string.ts';

describe('a query request', () => {
  it('names its action and version apart from its input', () => {
    const { action, version, input } = decodeQuery('Action=A&Version=V&Field=x', 'plain');
    expect({ action, version, input }).toEqual({ action: 'A', version: 'V', input: { Field: 'x' } });
  });

  it('turns numbered fields into lists, in the order of their numbers', () => {
    const { input } = decodeQuery('Id.10=c&Id.2=b&Id.1=a', 'plain');
    expect(input).toEqual({ Id: ['a', 'b', 'c'] });
  });

  it('nests lists and structures as deep as the path goes', () => {
    const { input } = decodeQuery('Filter.1.Name=n&Filter.1.Value.1=x&Filter.1.Value.2=y&Spec.Total=3', 'plain');
    expect(input).toEqual({ Filter: [{ Name: 'n', Value: ['x', 'y'] }], Spec: { Total: '3' } });
  });

  it('drops the word member where the protocol wraps lists in it', () => {
    expect(decodeQuery('Data.member.1.Name=n', 'member').input).toEqual({ Data: [{ Name: 'n' }] });
  });

  it('keeps the word member where the protocol does not', () => {
    expect(decodeQuery('Data.member.1.Name=n', 'plain').input).toEqual({ Data: { member: [{ Name: 'n' }] } });
  });

  it('keeps every leaf a string', () => {
    expect(decodeQuery('Count=3&Flag=true&Empty=', 'plain').input).toEqual({ Count: '3', Flag: 'true', Empty: '' });
  });

  it.each(['A=1&A=2', 'A=1&A.B=2', 'A.B=2&A=1'])('is refused when it contradicts itself: %s', (body) => {
    expect(() => decodeQuery(body, 'plain')).toThrow(ApiError);
  });

  it('cannot reach what objects inherit', () => {
    const { input } = decodeQuery('__proto__.polluted=yes&constructor.prototype.polluted=yes', 'plain');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.hasOwn(input, '__proto__')).toBe(true);
  });

  it('is decoded or refused, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[A-Z1-3.]{1,8}$/), fc.string())), (fields) => {
        const body = new URLSearchParams(fields).toString();
        try {
          expect(typeof decodeQuery(body, 'plain').input).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});
