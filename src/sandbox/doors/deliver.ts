// The last step of every answer, from AWS and from an instance alike: sends it whole, or damaged in the way an injected
// fault wants it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultEffect } from '../faults.ts';
import type { Answer } from './protocol.ts';

/** What a captive portal, a broken proxy or an overloaded host may send in place of an answer, with a 200. */
const GARBAGE: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n',
};

/** @param answer null cuts the connection without one */
export function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer | null,
  effect: FaultEffect | null,
): void {
  // A body nobody has read is drained, which keeps the connection usable.
  request.resume();
  if (effect?.kind === 'reset') response.socket?.resetAndDestroy();
  else if (answer === null) response.destroy();
  else send(request, response, damaged(answer, effect));
}

function damaged(answer: Answer, effect: FaultEffect | null): Answer {
  switch (effect?.kind) {
    case 'truncate':
      return { ...answer, body: firstHalf(answer.body) };
    case 'garbage':
      return GARBAGE;
    case 'hang-up':
      return { ...answer, headers: { ...answer.headers, connection: 'close' } };
    default:
      return answer;
  }
}

/** Well-formed HTTP around half a document: the length is that of the half. */
function firstHalf(body: string | Buffer): Buffer {
  const whole = Buffer.from(body);
  return whole.subarray(0, Math.floor(whole.length / 2));
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
