import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader, type HttpAnswer } from '../../src/aws/http-answer.ts';

/** What comes of the bytes in these pieces, and of the end of the connection behind them. */
function read(bytes: Buffer, cuts: readonly number[] = []): HttpAnswer | null {
  const reader = new AnswerReader(1_000);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const answer = reader.push(bytes.subarray(from, to));
    if (answer !== null) return to === bytes.length ? answer : { ...answer, isReusable: false };
    from = to;
  }
  return reader.end();
}
const readText = (text: string) => read(Buffer.from(text));

/** A body and one of the ways to send it. */
const answers = fc
  .record({
    status: fc.constantFrom(200, 401, 404, 503),
    body: fc.string({ unit: 'binary', maxLength: 60 }),
    chunkBytes: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ status, body, chunkBytes }) => {
    const bytes = Buffer.from(body);
    const pieces = chunkBytes === null ? [] : inPieces(bytes, chunkBytes);
    const framing = chunkBytes === null ? `Content-Length: ${bytes.length}` : 'Transfer-Encoding: chunked';
    const head = Buffer.from(`HTTP/1.1 ${status} Some Reason\r\nServer: EC2ws\r\n${framing}\r\n\r\n`);
    const chunks = pieces.flatMap((piece) => [`${piece.length.toString(16)}\r\n`, piece, '\r\n']);
    const sent = chunkBytes === null ? [bytes] : [...chunks, '0\r\n\r\n'].map((part) => Buffer.from(part));
    return { status, text: bytes.toString(), bytes: Buffer.concat([head, ...sent]) };
  });

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

describe('an HTTP answer', () => {
  it('is the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.nat()), ({ status, text, bytes }, numbers) => {
        const cuts = [...new Set(numbers.map((number) => number % bytes.length))].sort((a, b) => a - b);
        expect(read(bytes, cuts)).toEqual({ status, text, isReusable: true });
      }),
    );
  });

  it('is never made of a part of one', () => {
    fc.assert(
      fc.property(answers, fc.nat(), ({ bytes }, number) => {
        expect(read(bytes.subarray(0, number % bytes.length))).toBe(null);
      }),
    );
  });

  it('is never made of noise, and noise ends in nothing or in a broken answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        let answer: HttpAnswer | null = null;
        try {
          answer = read(Buffer.from(noise));
        } catch (error) {
          expect(error).toMatchObject({ name: 'BrokenAnswer' });
        }
        expect(answer).toBe(null);
      }),
    );
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n', false],
    ['HTTP/1.1 204\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\n\r\nto the end', false],
  ])('leaves the connection usable or not: %j', (text, isReusable) => {
    expect(readText(text)?.isReusable).toBe(isReusable);
  });

  it('may be announced by an interim one', () => {
    expect(readText('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx')).toEqual({
      status: 404,
      text: 'x',
      isReusable: true,
    });
  });

  it.each([
    'HTTP/2 200\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz',
    `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(17_000)}`,
    `HTTP/1.1 200 OK\r\n\r\n${'y'.repeat(1_001)}`,
  ])('is broken in %j', (text) => {
    expect(() => readText(text)).toThrow(expect.objectContaining({ name: 'BrokenAnswer' }));
  });
});
