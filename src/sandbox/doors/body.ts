// Reads a request's whole body, unpacked. Bounded, because a door is open to whatever runs on this machine.
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ApiError } from '../api.ts';

/** DynamoDB takes 16 MiB, the largest of all services here. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Throws `ApiError` when the body is too large or not what its encoding says. Rejects when the client hangs up. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ApiError('RequestEntityTooLarge', 'the request body is too large', 413);
    chunks.push(chunk);
  }
  return unpacked(Buffer.concat(chunks), request.headers['content-encoding']);
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    // The client's own mistake; zlib's words would add nothing to the ones it gets.
    throw new ApiError('SerializationException', 'the body is not valid gzip, or too large when unpacked');
  }
}
