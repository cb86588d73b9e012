// What every operation of the control API is.
import type { Processes } from '../processes/processes.ts';
import type { Sandbox } from '../sandbox.ts';

/** What the control API controls; `processes` is null for a sandbox that runs none of its own. */
export interface ControlSubject {
  readonly sandbox: Sandbox;
  readonly processes: Processes | null;
}

export interface ControlRequest {
  /** The named parts of the path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  /** The path and body as people write them, for error messages. */
  readonly usage: string;
  /** Runs in the world's present. Returns the answer's body; throws `ControlError`. */
  readonly handle: (subject: ControlSubject, request: ControlRequest) => unknown;
}

/** What was wrong with a request, in words for whoever sent it. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
  }
}
