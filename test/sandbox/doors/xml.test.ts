import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { escapeXml, xmlFields } from '../../../src/sandbox/doors/xml.ts';

describe('XML for the query protocols', () => {
  it('wraps the entries of a list in item', () => {
    expect(xmlFields({ idSet: ['a', { b: 1 }] }, 'item')).toBe('<idSet><item>a</item><item><b>1</b></item></idSet>');
  });

  it('wraps the entries of a list in member for the older protocol', () => {
    expect(xmlFields({ ids: ['a'] }, 'member')).toBe('<ids><member>a</member></ids>');
  });

  it('writes dates as ISO 8601 and booleans and numbers as text', () => {
    expect(xmlFields({ at: new Date(0), is: false, n: 0 }, 'item')).toBe(
      '<at>1970-01-01T00:00:00.000Z</at><is>false</is><n>0</n>',
    );
  });

  it('leaves out what is null or undefined, and keeps what is empty', () => {
    expect(xmlFields({ a: null, b: undefined, c: '', d: [], e: {} }, 'item')).toBe('<c/><d/><e/>');
  });

  it('brings any text through a parser unharmed, but for control characters', () => {
    const parser = new XMLParser({ trimValues: false, parseTagValue: false });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (text) => {
        expect(parser.parse(`<t>${escapeXml(text)}</t>`).t).toBe(text);
      }),
    );
    expect(escapeXml('a\u0000b')).toBe('a b');
  });
});
