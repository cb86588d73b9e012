// HTTP to the outside world for webhooks, over axios, which knows the proxies that the environment names (HTTP_PROXY,
// HTTPS_PROXY, NO_PROXY; through CONNECT for https, so that a proxy sees no more than a host). It is slow to load and large
// in memory, so whoever imports this file does so only when there is something to send.
import axios, { isAxiosError } from 'axios';
import { Failure, type FailureCode } from '../ports/failure.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';

export function createWebhookSender(): WebhookSender {
  return {
    async post({ url, headers, body }, signal) {
      const doing = `posting to the webhook at ${new URL(url).host}`;
      const status = await statusOf(url, { headers, body, signal }).catch((error: unknown): never => {
        throw new Failure(signal.aborted ? 'timed-out' : 'unavailable', doing, { cause: withoutSecrets(error) });
      });
      if (status < 200 || status > 299) {
        throw new Failure(codeOf(status), doing, { cause: new Error(`answered with status ${status}`) });
      }
    },
  };
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

async function statusOf(url: string, { headers, body, signal }: Post): Promise<number> {
  const { status, data } = await axios.post(url, body, {
    headers: { 'User-Agent': 'spotkeeper', ...headers },
    signal,
    // A redirect leads to somebody else than the operator has named.
    maxRedirects: 0,
    validateStatus: () => true,
    // The answer's body means nothing to us, and may be of any length.
    responseType: 'stream',
  });
  data.destroy();
  return status;
}

function codeOf(status: number): FailureCode {
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'refused';
}

/** An error of axios holds the whole request, and its text may hold a part: only its code is safe to be shown. */
function withoutSecrets(error: unknown): Error {
  return new Error(
    isAxiosError(error) || hasCode(error) ? `no answer (${error.code ?? 'no reason given'})` : 'no answer',
  );
}

function hasCode(error: unknown): error is { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
