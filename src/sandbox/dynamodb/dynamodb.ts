// DynamoDB, which the sandbox does not play itself: dynalite does, on a port of its own, and the front door forwards to
// it so that its requests are in the same log and suffer the same faults.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from '../doors/protocol.ts';

export interface DynamoDb {
  forward(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer>;
  close(): Promise<void>;
}

/** Headers that belong to one connection, or that no longer describe the unpacked body. */
const NOT_FORWARDED = new Set([
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
]);

/** Starts an empty in-memory DynamoDB on the loopback interface. */
export async function startDynamoDb(): Promise<DynamoDb> {
  // Loaded only here: it is the sandbox's alone, and stays outside the bundle.
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo; // listening on TCP, so never a pipe's name
  return {
    forward: (headers, body) => forward(port, headers, body),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function forward(port: number, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name)));
  return new Promise((resolve, reject) => {
    const upstream = httpRequest(
      { host: '127.0.0.1', port, method: 'POST', path: '/', headers: { ...kept, 'content-length': body.length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 502,
            headers: answerHeaders(response.headers),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    upstream.on('error', reject);
    upstream.end(body);
  });
}

function answerHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const told = ['content-type', 'x-amzn-requestid', 'x-amz-crc32'];
  return Object.fromEntries(
    told.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}
