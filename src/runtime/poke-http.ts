// A poke over Node's own HTTP client: one request on a connection of its own, without a body, whose answer is a status and
// nothing more. It goes straight to the address, never through a proxy, and follows no redirect.
import { request } from 'node:http';
import { Failure } from '../ports/failure.ts';
import type { Poker } from '../ports/poker.ts';

export const httpPoker: Poker = {
  async poke(address, signal) {
    const doing = `asking the controller at ${address} to look`;
    try {
      return await statusOf(new URL('/look', address), signal);
    } catch (cause) {
      throw new Failure(signal.aborted ? 'timed-out' : 'unavailable', doing, { cause });
    }
  },
};

function statusOf(url: URL, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': 'spotkeeper', 'content-length': 0, connection: 'close' };
    const asked = request(url, { method: 'POST', headers, agent: false, signal });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      // It says all it has to say in its first line.
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.end();
  });
}
