// Reads a request's whole body, and unpacks it. Bounded, because a door is open to whatever runs on this machine.
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ApiError } from '../api.ts';

/** DynamoDB takes 16 MiB, the largest of all services here. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The body as it was sent. Rejects when the client hangs up, and for a body so large that it is not worth an answer. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body without its content encoding. Throws `ApiError` when it is not what the header says. */
export function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw notUnpackable(`the content encoding ${encoding} is not known`);
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    // The client's own mistake; zlib's words would add nothing to the ones it gets.
    throw notUnpackable('it is not valid gzip, or too large when unpacked');
  }
}

function notUnpackable(why: string): ApiError {
  return new ApiError('SerializationException', `the body cannot be unpacked: ${why}`);
}
