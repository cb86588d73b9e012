// What a wire protocol does for an action: turn bytes into its input, and its output or error into an answer. The rest
// (who calls, faults, the log) is the same for every protocol and lives in the front door.
import type { ApiError, ApiInput, ApiOutput } from '../api.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface Protocol {
  /** Throws `ApiError` for a body that is not this protocol. */
  decode(body: Buffer): ApiInput;
  success(action: string, output: ApiOutput, requestId: string): Answer;
  failure(error: ApiError, requestId: string): Answer;
  /** The words each protocol has for what goes wrong before an action is reached. */
  readonly refusals: Refusals;
}

export interface Refusals {
  unknownAction(action: string): ApiError;
  missingCredentials(): ApiError;
  unknownAccessKey(): ApiError;
  wrongRegion(asked: string, served: string): ApiError;
  /** @param words who may not do what to what, and why */
  accessDenied(words: string): ApiError;
}
