export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** HTTP to the outside world: a proxy that the environment names is used here. */
export interface WebhookSender {
  /**
   * Resolves when the receiver has answered 2xx. Failures: `throttled` on 429, `unavailable` on 5xx and without an answer,
   * `timed-out` when the signal aborts, `refused` on any other status, redirects included. No message or cause ever holds
   * the URL beyond its host: it is a secret.
   */
  post(request: WebhookRequest, signal: AbortSignal): Promise<void>;
}
